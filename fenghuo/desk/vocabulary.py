"""What the values of records are called in the console: the words that messages use."""

from __future__ import annotations

from alerts.notify.words import DIMENSIONS, EVENTS, KINDS, NAMES, REASONS, TIERS
from contracts.desk import Vocabulary
from streams.text.taxonomy import Taxonomy


def vocabulary(taxonomy: Taxonomy | None = None) -> Vocabulary:
    """Chinese and English for tiers, events, kinds, reasons and dimensions, and for categories, also one's own.

    >>> vocabulary().tiers["red"], vocabulary().names["category"]["logistics"]
    (('红', 'RED'), ('物流', 'logistics'))
    """
    own = {one.category: (one.name, one.category) for one in (taxonomy or Taxonomy()).categories if one.name}
    return Vocabulary(
        tiers={one.value: words for one, words in TIERS.items()},
        events={one.value: words for one, words in EVENTS.items()},
        kinds={one.value: words for one, words in KINDS.items()},
        reasons={one.value: words for one, words in REASONS.items()},
        dimensions=dict(DIMENSIONS),
        names={**NAMES, "category": {**NAMES["category"], **own}},
    )
