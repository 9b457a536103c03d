"""Why was I (not) told? What became of each of the last signals, kept in the order in which they came. Pure.

The answer belongs to the decision and is made with it: which rule decided, which tier it gave, which incident it
opened, lifted or only kept open, and whether somebody was told or what kept it back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

from alerts.reasons import Reason
from alerts.rules import Verdict
from contracts.errors import InvalidFile
from contracts.records import IncidentEvent, IncidentEventKind, Signal, SignalKind, Tier, subject_of

KEPT = 200
"""Answers kept for each brand; the oldest give way."""
MOST_READ = 100_000
"""Answers of a brand read from a file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one signal."""

    at: datetime
    signal: str
    series: str
    kind: SignalKind
    score: float
    support: int
    rule: str
    """The rule that decided; empty when none fits."""
    tier: Tier | None
    """What the signal alone deserves."""
    reason: Reason
    """Why the incident changed, or why nothing did, or what kept the change from being told."""
    incident: str = ""
    event: IncidentEventKind | None = None
    """The change it made, if it made one."""
    told: bool = False
    observed: float = 0.0
    expected: float = 0.0
    subject: str = ""
    """What tells apart findings of one series and kind, for instance the topic."""

    def sentence(self) -> str:
        """The answer for people."""
        deserved = f"deserves {self.tier.value}" if self.tier else "deserves no tier"
        by = f" by rule {self.rule}" if self.rule else ""
        change = f"; incident {self.incident} {self.event.value}" if self.event else ""
        heard = "told" if self.told else "nobody told"
        signal = f"{self.kind.value} score {self.score:.2f}, {self.support} voices"
        return f"{signal}: {deserved}{by}{change}; {heard}: {self.reason.value}"


def answer_of(
    signal: Signal,
    verdict: Verdict | None,
    held_back: Reason | None,
    events: Iterable[IncidentEvent],
    incident: str = "",
) -> Answer:
    """The answer to one signal from what deciding made of it; ``incident`` is the open one it joined, if any."""
    mine = next((one for one in events if one.detail.signal_id == signal.id and one.event in _MADE), None)
    reason = held_back or (Reason(mine.reason) if mine else verdict.reason if verdict else Reason.NO_RULE)
    return Answer(
        at=signal.at,
        signal=signal.id,
        series=signal.series,
        kind=signal.kind,
        score=signal.score,
        support=signal.support,
        rule=verdict.rule if verdict else "",
        tier=verdict.tier if verdict else None,
        reason=reason,
        incident=mine.incident if mine else incident,
        event=mine.event if mine else None,
        told=mine.notify if mine else False,
        observed=signal.observed,
        expected=signal.expected,
        subject=subject_of(signal.labels),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row(Answer):
    """A line of ``why.ndjson``."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    brand: str

    def answer(self) -> Answer:
        """The answer it holds."""
        given = {name: getattr(self, name) for name in Answer.__slots__}
        return Answer(**given)


_ROW = TypeAdapter(_Row)
_MADE = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)


class WhyBook:
    """The last answers, by brand.

    Memory is bounded by ``kept`` answers a brand.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._answers: dict[str, deque[Answer]] = {}

    def note(self, brand: str, answer: Answer) -> None:
        """Keep one answer."""
        self._answers.setdefault(brand, deque(maxlen=self._kept)).append(answer)

    def of(self, brand: str) -> list[Answer]:
        """The answers of a brand, oldest first."""
        return list(self._answers.get(brand, ()))

    def brands(self) -> list[str]:
        """Brands with an answer."""
        return sorted(self._answers)

    def lines(self) -> bytes:
        """All answers as NDJSON, brand by brand."""
        kept = ((brand, one) for brand in self.brands() for one in self.of(brand))
        rows = ({"brand": brand, **asdict(one)} for brand, one in kept)
        return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z) for row in rows)

    @classmethod
    def read(cls, payload: bytes, path: str) -> WhyBook:
        """The book of :meth:`lines`; raises :class:`~contracts.errors.InvalidFile`."""
        book = cls(kept=MOST_READ)
        for number, line in enumerate(payload.splitlines(), 1):
            try:
                row = _ROW.validate_json(line)
            except ValidationError:
                raise InvalidFile(path, "is no line of why.ndjson", row=number) from None
            book.note(row.brand, row.answer())
        return book

    def about(self, incident: str) -> list[Answer]:
        """The answers of signals that opened, lifted or joined an incident whose id begins so."""
        kept = (one for answers in self._answers.values() for one in answers)
        return [one for one in kept if one.incident and one.incident.startswith(incident)]
