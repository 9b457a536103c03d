"""Which settings of the detectors may be moved while all runs, and settings with such values in place.

Those are limits alone: what a finding must exceed, how often it may be told, what is a repeat. Half-lives, windows,
priors, watched combinations and the pace of the threshold (``budget.start``, ``gain``, ``aim`` …) shape what was
learned: they need a restart, and the state built anew from the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from contracts.records import Limit, Limits
from detectors.budget_settings import BudgetSettings
from detectors.settings import DetectSettings, EmotionSettings, ShareSettings, VolumeSettings

LIVE: Mapping[type[BaseModel], tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        BudgetSettings: (
            "budget",
            (
                "per_week", "yellow_per_week", "orange_per_week", "red_per_week", "lowest", "highest", "repeat_hours",
                "larger", "joins_hours", "urgent", "debt",
            ),
        ),
        VolumeSettings: (
            "volume",
            (
                "least_voices", "least_deviations", "rarity_share", "young_strictness", "silence_minutes",
                "silence_per_month", "ramp_hours",
            ),
        ),
        ShareSettings: ("sentiment", ("least_voices", "least_effect")),
        EmotionSettings: ("emotion", ("least_voices", "limit", "above_usual")),
    }
)  # fmt: skip
"""By group: its name, and what of it may be moved."""


@cache
def limits() -> Limits:
    """What may be moved, and between which values.

    >>> limits()["volume.least_voices"]
    Limit(low=2, high=1000, above=False, below=False, whole=True)
    >>> "volume.half_life_days" in limits()
    False
    """
    found = {}
    for model, (group, names) in LIVE.items():
        fields = model.model_json_schema()["properties"]
        found.update({f"{group}.{name}": _limit(fields[name]) for name in names})
    return MappingProxyType(found)


def with_values(settings: DetectSettings, values: Mapping[str, float]) -> DetectSettings:
    """``settings`` with values that :func:`limits` allow in place.

    >>> with_values(DetectSettings(), {"volume.least_voices": 9.0, "budget.debt": 0.5}).volume.least_voices
    9
    """
    groups: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        group, field = name.split(".")
        groups.setdefault(group, {})[field] = int(value) if limits()[name].whole else float(value)
    changed = {group: getattr(settings, group).model_copy(update=some) for group, some in groups.items()}
    return settings.model_copy(update=changed) if changed else settings


def _limit(field: Mapping[str, Any]) -> Limit:
    """From the field's part of the JSON schema; of a field that may be left out, from its first form."""
    one = field["anyOf"][0] if "anyOf" in field else field
    above, below = "exclusiveMinimum" in one, "exclusiveMaximum" in one
    return Limit(
        one["exclusiveMinimum" if above else "minimum"],
        one["exclusiveMaximum" if below else "maximum"],
        above,
        below,
        one["type"] == "integer",
    )
