"""The closed list of reasons: why an incident changed, and why a record changed nothing.

Every decision returns one of these; they stand in the incident event, in the message and in the count of
what was held back (:attr:`alerts.decide.DecideCore.suppressed`).
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why an incident changed (first group), or why a record changed nothing (second group)."""

    THRESHOLD = "threshold"
    """A signal reached a step of its rule."""
    POSITIVE = "positive"
    """Mostly praise: at most blue."""
    CAPPED = "capped"
    """The signal reached a higher step, but its nature or a label holds it lower."""
    CALMED = "calmed"
    """Nothing of the higher tier was seen for the whole hold."""
    QUIET = "quiet"
    """Nothing was seen for the whole quiet time."""
    ANSWERED = "answered"
    """The last of the late cases it told of was answered."""
    SOURCE_DOWN = "source_down"
    """A source of the brand is down: silence means nothing until it is back."""
    BY_PERSON = "by_person"
    """Somebody commanded it."""
    PLANNED = "planned"
    """A response plan says that it starts by itself in this case."""
    OVERDUE = "overdue"
    """A task or a clock of a response plan ran out before it was done."""
    SILENCED = "silenced"
    """The change happened, but a silence keeps it from being told."""
    CALENDAR = "calendar"
    """The change happened, but a mute calendar keeps it from being told now."""
    WIDER = "wider"
    """The incident of the whole brand stands as high and speaks for it."""
    UNTOLD = "untold"
    """Nobody was told of the incident, so nobody is told of its end."""
    NOW_TOLD = "now_told"
    """A silence, a mute calendar or a wider incident kept it from being told; that has ended and it is still true."""
    RAISED = "raised"
    """A signal reached a step of its rule, and a condition of the rule lifts the tier."""
    COMBINED = "combined"
    """Several kinds of signals came together, and that means more than each."""
    SILENCE_ENDS = "silence_ends"
    """A silence is about to end."""
    HANDED_OVER = "handed_over"
    """Somebody else has taken it on."""
    UNACKNOWLEDGED = "unacknowledged"
    """Nobody has taken it on within the time of this step."""
    REMINDER = "reminder"
    """All steps were paged and still nobody has taken it on."""

    WARMING = "warming"
    """The detector is still learning."""
    STALE = "stale"
    """The signal's series has no living source."""
    NO_RULE = "no_rule"
    """No rule covers the signal."""
    IGNORED = "ignored"
    """A rule without steps covers it: seen, and told to nobody on purpose."""
    BELOW = "below"
    """Its rule matched, but it reached no step."""
    HISTORY = "history"
    """It lies in imported history: nobody is told."""
    SAME_TIER = "same_tier"
    """It joined an open incident whose tier is as high already; it only keeps it open."""
    REFRACTORY = "refractory"
    """Blue, and too soon after the incident was resolved."""
    RESENT = "resent"
    """Its order is not after the last one of its brand, or its command id is known."""
    UNKNOWN_INCIDENT = "unknown_incident"
    """A command names an incident that is not open."""
    BAD_ARGUMENT = "bad_argument"
    """A command lacks an argument, or it is no time, or out of range."""
    UNKNOWN_SILENCE = "unknown_silence"
    """A command names a silence that is not in force."""
    UNKNOWN_SETTING = "unknown_setting"
    """A command takes back moved limits of the detectors that are not in force."""
    NOT_IN_FORCE = "not_in_force"
    """A command of a kind that deciding does not act on yet."""


CHANGES = (
    Reason.THRESHOLD,
    Reason.POSITIVE,
    Reason.CAPPED,
    Reason.CALMED,
    Reason.QUIET,
    Reason.ANSWERED,
    Reason.SOURCE_DOWN,
    Reason.BY_PERSON,
    Reason.PLANNED,
    Reason.OVERDUE,
    Reason.SILENCED,
    Reason.CALENDAR,
    Reason.WIDER,
    Reason.UNTOLD,
    Reason.NOW_TOLD,
    Reason.RAISED,
    Reason.COMBINED,
    Reason.SILENCE_ENDS,
    Reason.HANDED_OVER,
    Reason.UNACKNOWLEDGED,
    Reason.REMINDER,
)
"""The reasons an incident event can carry."""
