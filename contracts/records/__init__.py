"""The records that cross stages: frozen pydantic models, ``schema_version`` on each, JSON on the wire.

One file a family: mentions and their life, readings, counts, signals, commands, incidents, rows for the store.
"""

from contracts.records.base import Record
from contracts.records.command import Command, CommandKind
from contracts.records.count import (
    CaseWords,
    Closed,
    Correction,
    Counts,
    Evidence,
    PaneCounts,
)
from contracts.records.dead import DeadLetter
from contracts.records.feedback import Feedback, Part, Verdict, feedback_of, subject_of
from contracts.records.grade import GRADES, CaseGrade, Facts, Grade, Graded
from contracts.records.incident import Detail, IncidentEvent, IncidentEventKind, Tier, Told
from contracts.records.ledger import LedgerEntry
from contracts.records.lesson import Lesson, ModelVersion, Task, lesson_of
from contracts.records.mention import Batch, CaseEvent, CaseEventKind, Mention
from contracts.records.reading import Emotion, Reading, Sentiment, Stage
from contracts.records.row import BucketRow, CaseRow, LateRow
from contracts.records.setting import Limit, Limits, Setting, setting_of
from contracts.records.signal import Contribution, Mark, Signal, SignalKind, State, Voice
from contracts.records.standing import Hush, Standing, Timer, TimerKind

__all__ = [
    "GRADES",
    "Batch",
    "BucketRow",
    "CaseEvent",
    "CaseEventKind",
    "CaseGrade",
    "CaseRow",
    "CaseWords",
    "Closed",
    "Command",
    "CommandKind",
    "Contribution",
    "Correction",
    "Counts",
    "DeadLetter",
    "Detail",
    "Emotion",
    "Evidence",
    "Facts",
    "Feedback",
    "Grade",
    "Graded",
    "Hush",
    "IncidentEvent",
    "IncidentEventKind",
    "LateRow",
    "LedgerEntry",
    "Lesson",
    "Limit",
    "Limits",
    "Mark",
    "Mention",
    "ModelVersion",
    "PaneCounts",
    "Part",
    "Reading",
    "Record",
    "Sentiment",
    "Setting",
    "Signal",
    "SignalKind",
    "Stage",
    "Standing",
    "State",
    "Task",
    "Tier",
    "Timer",
    "TimerKind",
    "Told",
    "Verdict",
    "Voice",
    "feedback_of",
    "lesson_of",
    "setting_of",
    "subject_of",
]
