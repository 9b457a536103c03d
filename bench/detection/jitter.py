"""A plateau or a peak? Every numeric parameter of the volume settings moved by up to a fifth, many times."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any, TypeVar, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bench.detection import data, nab
from bench.detection.show import Shown
from detectors.settings import DetectSettings

Model = TypeVar("Model", bound=BaseModel)
DRAWS = 60
FIFTH = 0.2


def run(folder: Path, draws: int = DRAWS, seed: int = 1) -> list[Shown]:
    """The table."""
    streams = data.labelled(folder)
    rng = random.Random(seed)
    base = DetectSettings()
    scored = [nab.detect(streams, base.model_copy(update={"volume": jittered(base.volume, rng)})) for _ in range(draws)]
    scores = [one.score for one in scored]
    shown = Shown(
        f"Labelled mention volume, all numeric volume settings moved by up to a fifth, {draws} draws",
        ("", "mean", "sd", "least", "most"),
    )
    shown.add("score", *(f"{one:.1f}" for one in (mean(scores), stdev(scores), min(scores), max(scores))))
    false = [one.false_per_week for one in scored]
    shown.add("false/brand/week", *(f"{one:.2f}" for one in (mean(false), stdev(false), min(false), max(false))))
    shown.notes.append(f"Without moving anything: {nab.detect(streams, base).score:.1f}.")
    if not stdev(scores):
        shown.notes.append("Nothing moved: the detector does not heed these settings, so this says nothing.")
    return [shown]


def jittered(model: Model, rng: random.Random, by: float = FIFTH) -> Model:
    """A copy in which each number is multiplied by 1 - ``by`` to 1 + ``by``, kept within the range of its field.

    >>> from detectors.settings import VolumeSettings
    >>> moved = jittered(VolumeSettings(), random.Random(1))
    >>> 0.8 <= moved.half_life_days / VolumeSettings().half_life_days <= 1.2
    True
    """
    return type(model).model_validate(
        {
            name: _moved(getattr(model, name), type(model).model_fields[name], rng, by)
            for name in type(model).model_fields
        }
    )


def _moved(value: Any, field: FieldInfo, rng: random.Random, by: float) -> Any:
    if isinstance(value, BaseModel):
        return jittered(value, rng, by)
    if isinstance(value, tuple) and value and all(_number(one) for one in value):
        limits = [one for known in getattr(get_args(field.annotation)[0], "__metadata__", ()) for one in known.metadata]
        return tuple(_within(one * rng.uniform(1 - by, 1 + by), one, limits) for one in value)
    if _number(value):
        return _within(value * rng.uniform(1 - by, 1 + by), value, field.metadata)
    return value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _within(moved: float, was: float, limits: Sequence[Any]) -> float:
    """Clamped to the field's range; whole numbers stay whole, and open ends are never reached."""
    for limit in limits:
        if isinstance(limit, Ge):
            moved = max(moved, float(limit.ge))  # type: ignore[arg-type]
        elif isinstance(limit, Le):
            moved = min(moved, float(limit.le))  # type: ignore[arg-type]
        elif isinstance(limit, Gt) and moved <= float(limit.gt):  # type: ignore[arg-type]
            moved = was
        elif isinstance(limit, Lt) and moved >= float(limit.lt):  # type: ignore[arg-type]
            moved = was
    return round(moved) if isinstance(was, int) else moved
