"""Is the allowance kept? Warnings told against warnings allowed, on streams that were used to set nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.detection import product
from bench.detection.generate import World, make
from bench.detection.held_out import CALM, ORDINARY
from bench.detection.intervals import poisson
from bench.detection.show import Shown
from bench.detection.stream import DAY

WEEKS = 26
ALLOWANCES = {"1 a day": 7.0, "1 a week": 1.0, "1 a month": 7 / 30.4}
MOST = 1.1
"""What may be realised of an allowance."""


@dataclass(frozen=True)
class Kept:
    """One stream under one allowance."""

    told: int
    allowed: float
    candidates: bool
    """Whether the stream holds at least as many genuine bursts as are allowed."""

    @property
    def share(self) -> float:
        """Realised against allowed."""
        return self.told / self.allowed

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of it, exact."""
        low, high = poisson(self.told)
        return low / self.allowed, high / self.allowed


def run(folder: Path, seed: int = 1007, weeks: float = WEEKS) -> list[Shown]:
    """The tables."""
    found = {world.name: _kept(world, weeks, seed + place) for place, world in enumerate((*CALM, *ORDINARY))}
    shown = Shown(
        f"Warnings told of those allowed, {weeks:g} weeks a stream (told; realised share, 95 % interval)",
        ("stream", *ALLOWANCES),
    )
    for name, kept in found.items():
        shown.add(name, *(_cell(one) for one in kept.values()))
    return [shown, _summary({name: found[name] for name in (world.name for world in ORDINARY)})]


def _kept(world: World, weeks: float, seed: int) -> dict[str, Kept]:
    """The first day is for learning."""
    made = make(world, weeks, seed)
    first = made.stream.rows(DAY)
    told = product.by_allowance(made.stream, ALLOWANCES.values())
    return {
        name: Kept(sum(one >= first for one in places), per_week * (weeks - 1 / 7), made.bursts >= per_week * weeks)
        for (name, per_week), places in zip(ALLOWANCES.items(), told, strict=True)
    }


def _cell(kept: Kept) -> str:
    low, high = kept.interval
    mark = " over" if kept.share > MOST else ""
    return f"{kept.told}; {kept.share:.2f} ({low:.2f}–{high:.2f}){mark}"


def _summary(found: dict[str, dict[str, Kept]]) -> Shown:
    shown = Shown(
        "All but the calm streams",
        ("allowance", "streams", "over 1.1", "surely over 1.1", "largest share", "pooled, enough bursts", "of streams"),
    )
    for name in ALLOWANCES:
        kept = [one[name] for one in found.values()]
        rich = [one for one in kept if one.candidates]
        pooled = sum(one.told for one in rich) / sum(one.allowed for one in rich) if rich else float("nan")
        over = [one for one in kept if one.share > MOST]
        sure = sum(one.interval[0] > MOST for one in over)
        largest = max(one.share for one in kept)
        shown.add(name, len(kept), len(over), sure, f"{largest:.2f}", f"{pooled:.2f}", len(rich))
    shown.notes.append(
        '"Surely over": the exact 95 % Poisson interval begins above 1.1. "Enough bursts": the stream holds '
        "at least as many genuine bursts (×4 or ×6, half an hour to four hours) as warnings are allowed."
    )
    return shown
