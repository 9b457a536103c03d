"""Who may do what: four roles, each of which may also do what the one before it may. The only place that says so.

Console and REST API ask :func:`may`; nothing else decides on rights. Roles belong to people and are looked up anew with
every request, so that a changed role holds at once.

>>> may(Role.VIEWER, Action.ACK), may(Role.DUTY, Action.ACK), may("nobody", "view"), may("admin", "people")
(False, True, False, True)
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """From the one who may do least to the one who may do most."""

    VIEWER = "viewer"
    """Sees everything that is shown, changes nothing."""
    DUTY = "duty"
    """Stands watch: takes incidents on, silences, runs plans, says what a warning was worth."""
    ANALYST = "analyst"
    """Tunes: changes rules and settings, sends dead letters in again."""
    ADMIN = "admin"
    """Says who the others are."""


class Action(StrEnum):
    """What somebody wants to do."""

    VIEW = "view"
    ACK = "ack"
    """Take an incident on, or hand it over."""
    SILENCE = "silence"
    """Begin or end a silence."""
    PLAN = "plan"
    """Start a response plan, tick its tasks, close it."""
    FEEDBACK = "feedback"
    """Say whether a warning was true, expected, noise or the new normal; take it back."""
    SWAP = "swap"
    """Let somebody stand in for somebody else on duty."""
    TUNE = "tune"
    """Change thresholds and allowances."""
    RULES = "rules"
    """Bring a new version of the rules into force."""
    REQUEUE = "requeue"
    """Send dead letters through intake again."""
    PEOPLE = "people"
    """Add and remove people and their tokens."""


LEAST: dict[Action, Role] = {
    Action.VIEW: Role.VIEWER,
    Action.ACK: Role.DUTY,
    Action.SILENCE: Role.DUTY,
    Action.PLAN: Role.DUTY,
    Action.FEEDBACK: Role.DUTY,
    Action.SWAP: Role.DUTY,
    Action.TUNE: Role.ANALYST,
    Action.RULES: Role.ANALYST,
    Action.REQUEUE: Role.ANALYST,
    Action.PEOPLE: Role.ADMIN,
}
"""The least role that may do each action."""

_RANK = {role: rank for rank, role in enumerate(Role)}


def may(role: str, action: str) -> bool:
    """Whether a role may do this; an unknown role or action never may."""
    if role not in tuple(Role) or action not in tuple(Action):
        return False
    return _RANK[Role(role)] >= _RANK[LEAST[Action(action)]]
