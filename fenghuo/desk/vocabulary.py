"""What the values of records are called in the console: the words that messages use."""

from __future__ import annotations

from alerts.notify.words import DIMENSIONS, EVENTS, KINDS, REASONS, TIERS
from contracts.desk import Vocabulary


def vocabulary() -> Vocabulary:
    """Chinese and English for tiers, events, kinds, reasons and dimensions.

    >>> vocabulary().tiers["red"]
    ('红', 'RED')
    """
    return Vocabulary(
        tiers={one.value: words for one, words in TIERS.items()},
        events={one.value: words for one, words in EVENTS.items()},
        kinds={one.value: words for one, words in KINDS.items()},
        reasons={one.value: words for one, words in REASONS.items()},
        dimensions=dict(DIMENSIONS),
    )
