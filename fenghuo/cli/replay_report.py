"""The summary that ``fenghuo replay`` puts on the screen."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Literal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts.records import IncidentEvent, IncidentEventKind, Tier
from fenghuo.replay import Replayed
from streams.sources.load import Loaded
from streams.sources.mapping import MAX_SHOWN, shown_name

COLOURS = {Tier.BLUE: "blue", Tier.YELLOW: "yellow", Tier.ORANGE: "dark_orange", Tier.RED: "red"}
SHOWN = 40
COLUMNS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("tier", "left"),
    ("scope", "left"),
    ("opened", "left"),
    ("lasted", "right"),
    ("highest by", "left"),
    ("seen", "right"),
    ("usual", "right"),
    ("score", "right"),
)
"""What stands in the table of incidents; times are UTC, ``seen`` and ``usual`` those of the highest tier."""
UPWARD = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)


def report(loaded: Loaded, found: Replayed, target: Path) -> None:
    """Print what was read, what was refused, and the incidents."""
    console = Console(soft_wrap=False, highlight=False)
    _intake(console, loaded, found)
    incidents: dict[str, list[IncidentEvent]] = {}
    for event in sorted(found.events, key=IncidentEvent.sort_key):
        incidents.setdefault(event.incident, []).append(event)
    if incidents:
        console.print(_table(list(incidents.values())[:SHOWN]))
    if len(incidents) > SHOWN:
        console.print(f"… and {len(incidents) - SHOWN} more incidents")
    tiers = Counter(highest(events) for events in incidents.values())
    line = ", ".join(f"{tiers[tier]} {tier.value} {tier.hanzi}" for tier in reversed(Tier) if tiers[tier])
    written = escape(str(target / "incidents.ndjson"))
    count = f"{len(incidents)} incident{'' if len(incidents) == 1 else 's'}"
    console.print(f"{count}{': ' if line else ''}{line}. Written to {written}", soft_wrap=True)


def highest(events: list[IncidentEvent]) -> Tier:
    """The highest tier an incident reached."""
    return max((event.tier for event in events), key=lambda tier: tier.rank)


def _intake(console: Console, loaded: Loaded, found: Replayed) -> None:
    tally = found.tally
    span = f", {found.first:%Y-%m-%d %H:%M %z} to {found.last:%Y-%m-%d %H:%M %z}" if found.first and found.last else ""
    console.print(f"{tally['mentions']:,} mentions counted, {tally['repeats']:,} repeats dropped{span}", soft_wrap=True)
    mapped = ", ".join(
        field if field == column else f"{field}={column}" for field, column in sorted(loaded.mapped.items())
    )
    ignored = ", ".join(map(shown_name, loaded.ignored[:MAX_SHOWN])) or "nothing"
    more = f" and {len(loaded.ignored) - MAX_SHOWN:,} more" if len(loaded.ignored) > MAX_SHOWN else ""
    console.print(f"read: {mapped}; ignored: {ignored}{more}", markup=False)
    if loaded.folded:
        console.print(
            f"{len(loaded.folded):,} small brands ({sum(loaded.folded.values()):,} mentions) counted as other"
        )
    for letter in loaded.letters[:5]:
        console.print(f"[yellow]refused[/yellow] {escape(f'{letter.place}: {letter.field} {letter.reason}')}")
    if len(loaded.letters) > 5:
        console.print(f"[yellow]refused[/yellow] {len(loaded.letters):,} rows in all")


def _table(incidents: list[list[IncidentEvent]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, side in COLUMNS:
        table.add_column(name, justify=side, no_wrap=True)
    for events in incidents:
        first, last = events[0], events[-1]
        top = next(event for event in events if event.tier is highest(events) and event.event in UPWARD)
        colour = COLOURS[top.tier]
        table.add_row(
            f"[{colour}]{top.tier.hanzi} {top.tier.value}[/{colour}]",
            escape(", ".join(first.scope.values())),
            f"{first.at:%m-%d %H:%M}",
            _length(last.at - first.at) if last.event is IncidentEventKind.RESOLVED else "open",
            top.kind.value,
            f"{top.observed:.2g}" if top.observed < 10 else f"{top.observed:.0f}",
            f"{top.expected:.2g}",
            f"{top.score:.1f}",
        )
    return table


def _length(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
