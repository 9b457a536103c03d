"""Changed settings as words: ``budget.per_week=1``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from contracts.errors import InvalidSettings
from contracts.plain import first_of
from detectors.settings import DetectSettings

Values = dict[str, Any]
"""Changed values by dotted name."""


def parsed(words: Sequence[str]) -> Values:
    """Changes written as ``name=value``; raises :class:`~contracts.errors.InvalidSettings`.

    >>> parsed(["budget.per_week=1", "volume.windows_minutes=[5, 60]"])
    {'budget.per_week': 1, 'volume.windows_minutes': [5, 60]}
    """
    values: Values = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not (name.strip() and equals):
            raise InvalidSettings("option set", f"{word!r} is no change; write one such as budget.per_week=1")
        try:
            values[name.strip()] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise InvalidSettings("option set", f"{text!r} of {name} is no value") from None
    return values


def changed(settings: DetectSettings, values: Mapping[str, Any]) -> DetectSettings:
    """``settings`` with these values in place; raises :class:`~contracts.errors.InvalidSettings` naming the field."""
    data = settings.model_dump()
    for name, value in values.items():
        place: Any = data
        *path, last = name.split(".")
        for step in path:
            place = place.get(step) if isinstance(place, dict) else None
        if not isinstance(place, dict) or last not in place or isinstance(place[last], dict):
            raise InvalidSettings("option set", f"there is no setting {name!r}; docs/reference/settings.md lists them")
        place[last] = value
    try:
        return DetectSettings.model_validate(data)
    except ValidationError as error:
        raise InvalidSettings("option set", first_of(error, DetectSettings)) from None
