"""What people and settings tell the pipeline: records in the log that hold from the next bucket."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from contracts.records.base import Name, Record, When


class CommandKind(StrEnum):
    """Kinds of commands."""

    HISTORY = "history"
    """Everything of the brand up to ``args.until`` is history: nobody is told and no incident opens."""
    ACK = "ack"
    """Somebody takes the incident ``args.incident`` on: the author, or ``args.by``."""
    HAND_OVER = "hand_over"
    """The incident ``args.incident`` passes to the person ``args.to``, who has taken it on from then."""
    SILENCE = "silence"
    """Nobody is told of changes before ``args.until``; ``args.where`` narrows it to a part of the brand and
    ``args.upto`` to tiers up to that one. ``reason`` is the comment."""
    UNSILENCE = "unsilence"
    """The silence with the id ``args.silence`` ends now."""
    PLAN = "plan"
    """``args.do`` with a response plan: ``start``, ``done``, ``skip`` or ``close``."""
    PLANS = "plans"
    """``args.plan`` is a new version of a response plan (a whole plan file); runs that start from then on follow it."""
    RULES = "rules"
    """``args.rules`` is a new version of the rules (a whole rules file); it holds from the next bucket."""
    FEEDBACK = "feedback"
    """What a person says of an incident: ``args`` are the fields of :class:`~contracts.records.Feedback` but for its
    id: ``verdict`` (``true``, ``expected``, ``noise``, ``new-normal``) or ``undo``, ``incident``, ``from``, ``since``,
    ``until``, ``parts``. It stands in the topic ``counts`` too, where the detectors of its brand act on it."""
    SWAP = "swap"
    """On the rota ``args.rota`` ``args.into`` stands in for ``args.out`` from ``args.start`` to ``args.end``.
    It is for all brands; who is paged from then on follows it."""
    TEACH = "teach"
    """What the category of one mention is: ``args`` are the fields of :class:`~contracts.records.Lesson`. It
    stands in the topic ``lessons``, where it is learned, and without its text in ``decide.in``, for the ledger."""
    MODEL = "model"
    """What came of lessons: ``args.outcome`` is ``published`` or ``rolled_back``. For the ledger alone; what holds is
    the :class:`~contracts.records.ModelVersion` in the topic ``mentions``."""
    PERSON = "person"
    """Something was done to the person ``args.person``: ``args.did`` is ``added``, ``removed``, ``role``, ``password``,
    ``token`` or ``token_revoked``. For the ledger alone, and so in one partition; who may do what stands elsewhere."""
    LINK = "link"
    """An acknowledgement link was refused: ``args.why`` is ``forged`` (``args.times`` since it was last told),
    ``expired`` or ``used``. For the ledger alone, and so in one partition; the token does not stand in it."""
    SETTING = "setting"
    """Limits of the detectors are moved (``args.values`` by dotted name, for instance ``budget.per_week``), or an
    earlier such command is taken back (``args.undo``), from the bucket that begins at ``args.from``. It stands in the
    topic ``counts`` too, where the detectors act on it: those of its brand, or of all."""


class Command(Record):
    """One command; it takes its place in the log of its brand."""

    id: str
    """Unique: a re-sent command is known by it."""
    kind: CommandKind
    brand: Name
    """The brand it is for, or ``*`` (then it stands in every partition)."""
    author: Name
    issued_at: When
    """Wall clock, for the ledger; effects follow the marks before it in the log."""
    reason: str = ""
    args: dict[str, JsonValue] = Field(default_factory=dict)
