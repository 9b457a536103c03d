"""One wrong row, or one token that lies about time, costs nothing beside itself.

No server is needed: files go through the loader and the replay, requests through the door into the same stages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import pytest

from contracts.clock import ManualClock, SystemClock
from contracts.errors import InvalidRecord
from contracts.records import BucketRow, IncidentEvent, LateRow
from contracts.topics import Topic
from dashboards.export import write_incidents
from fenghuo.cli.filework import load_files, options_from
from fenghuo.replay import Pipeline, replay
from fenghuo.settings import Config, Runtime, load_config
from fenghuo.simulator.calendar import ZONE
from fenghuo.simulator.incidents import SuddenSurge
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.world import BRANDS
from streams.door import Deps, Door
from streams.settings import IntakeSettings, Sources, SourceSettings
from streams.sources.load import Loaded
from streams.subjects import Subject, SubjectFinder, Subjects
from streams.text.reader import LexiconReader
from tests.integration.stack import ROOT
from tests.unit.streams.intake_help import Letters, MemoryBus, PlainMask, pseudonym

AIRLINES = ROOT.parent / "shared" / "data" / "airline_2015.csv"
START = datetime(2026, 1, 5, tzinfo=ZONE)
END = START + timedelta(days=3)
CONFIG = load_config(ROOT / "config")

# -- a file ------------------------------------------------------------------------------------------------


@cache
def simulated() -> tuple[dict[str, Any], ...]:
    """Three days of two brands with a surge each on the last."""
    surges = tuple(
        SuddenSurge(brand=brand.name, start=START + timedelta(days=2, hours=hour), minutes=60, factor=15)
        for brand, hour in zip(BRANDS[:2], (10, 16), strict=True)
    )
    scenario = Scenario(start=START, end=END, brands=BRANDS[:2], rate=250, incidents=surges)
    return tuple(Simulation(scenario).records())


def poison(ts: str | datetime, brand: str = BRANDS[0].name) -> dict[str, Any]:
    """One row with a wrong time."""
    when = ts if isinstance(ts, str) else ts.isoformat()
    return {"id": "poison", "ts": when, "text": "太差了，等了很久", "brand": brand, "channel": "web"}


def loaded(folder: Path, rows: Sequence[dict[str, Any]]) -> Loaded:
    path = folder / "rows.ndjson"
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return load_files([path], options_from(None, None, "auto", None, None), CONFIG, Runtime(), SystemClock())


def incidents(file: Loaded) -> list[IncidentEvent]:
    found = asyncio.run(replay(file.rows, file.source, CONFIG, LexiconReader()))
    return sorted(found.events, key=IncidentEvent.sort_key)


@cache
def clean_incidents() -> tuple[IncidentEvent, ...]:
    file = load_rows_once()
    return tuple(incidents(file))


@cache
def load_rows_once() -> Loaded:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return loaded(Path(folder), simulated())


def written(events: Sequence[IncidentEvent], path: Path) -> bytes:
    write_incidents(events, path)
    return path.read_bytes()


def places(rows: Sequence[dict[str, Any]], bad: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The bad row at the start, in the middle, and at the end of the file."""
    for at in (0, len(rows) // 2, len(rows)):
        yield [*rows[:at], bad, *rows[at:]]


def test_the_clean_file_has_incidents() -> None:
    opened = [event for event in clean_incidents() if event.seq == 0]
    assert {event.scope["brand"] for event in opened} == {brand.name for brand in BRANDS[:2]}


@pytest.mark.parametrize(
    "ts",
    [
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2038-01-19T03:14:08Z",
        "2410-01-01T00:00:00Z",
        END + timedelta(days=1),
        START - timedelta(days=1),
    ],
)
def test_a_row_far_from_all_others_is_a_dead_letter_and_nothing_else(tmp_path: Path, ts: str | datetime) -> None:
    """Byte for byte the same, because the very same rows are played."""
    clean = load_rows_once()
    for rows in places(simulated(), poison(ts)):
        file = loaded(tmp_path, rows)
        assert [row.mentions for row in file.rows] == [row.mentions for row in clean.rows]
        assert [letter.field for letter in file.letters] == ["ts"]


@pytest.mark.parametrize("ahead", [timedelta(minutes=20), timedelta(days=1)])
def test_a_row_ahead_of_its_neighbours_counts_where_it_says_and_moves_nothing_else(
    tmp_path: Path, ahead: timedelta
) -> None:
    """It is one mention of one brand: whatever concerns other brands is byte for byte the same, wherever it stands."""
    bad = poison(START + timedelta(days=1, hours=12) + ahead)
    files = [loaded(tmp_path, rows) for rows in places(simulated(), bad)]
    assert all(file.rows[:-1] == files[0].rows[:-1] or _same(file, files[0]) for file in files)
    found = incidents(files[0])
    other = BRANDS[1].name
    assert written(of(found, other), tmp_path / "a") == written(of(clean_incidents(), other), tmp_path / "b")
    mine = BRANDS[0].name
    assert [outline(event) for event in of(found, mine)] == [outline(event) for event in of(clean_incidents(), mine)]


def test_a_row_behind_the_end_adds_only_what_comes_after_the_end(tmp_path: Path) -> None:
    """Twenty minutes are no reason to doubt it; time goes on to it, and what was found before stays as it was."""
    last = load_rows_once().rows[-1].ts
    file = loaded(tmp_path, [*simulated(), poison(last + timedelta(minutes=20))])
    assert len(file.rows) == len(load_rows_once().rows) + 1
    found, clean = incidents(file), clean_incidents()
    before = [event for event in found if event.at <= clean[-1].at]
    assert written(before, tmp_path / "a") == written(clean, tmp_path / "b")
    assert all(event.at > last for event in found[len(before) :])


def test_a_row_of_a_brand_of_its_own_changes_no_byte(tmp_path: Path) -> None:
    bad = poison(START + timedelta(days=2, hours=10, minutes=30), brand="Nobody Ltd")
    found = incidents(loaded(tmp_path, [bad, *simulated()]))
    assert written(found, tmp_path / "a") == written(clean_incidents(), tmp_path / "b")


@pytest.mark.skipif(not AIRLINES.exists(), reason="the real data set ../shared/data/airline_2015.csv is not here")
def test_so_it_is_with_real_mentions(tmp_path: Path) -> None:
    """The rows that are played are the same, so what is found is the same."""
    options = options_from(None, None, "auto", None, None)
    clean = load_files([AIRLINES], options, CONFIG, Runtime(), SystemClock())
    head, *lines = AIRLINES.read_text("utf-8").splitlines(keepends=True)
    columns = head.strip().split(",")
    for ts in ("1970-01-01T00:00:00Z", "2038-01-01T00:00:00Z", (clean.rows[-1].ts + timedelta(days=1)).isoformat()):
        given = {clean.mapped["id"]: "poison", clean.mapped["ts"]: ts, clean.mapped["text"]: "bad"}
        bad = ",".join(given.get(name, "") for name in columns) + "\n"
        path = tmp_path / "airline_2015.csv"
        path.write_text("".join(chain([head, bad], lines)), "utf-8")
        file = load_files([path], options, CONFIG, Runtime(), SystemClock())
        assert [row.mentions for row in file.rows] == [row.mentions for row in clean.rows]
        assert len(file.letters) == len(clean.letters) + 1


def of(events: Sequence[IncidentEvent], brand: str) -> list[IncidentEvent]:
    return [event for event in events if event.scope["brand"] == brand]


def outline(event: IncidentEvent) -> tuple[object, ...]:
    return event.incident, event.seq, event.event, event.tier, event.kind


def _same(one: Loaded, other: Loaded) -> bool:
    return [row.mentions for row in one.rows] == [row.mentions for row in other.rows]


# -- a token -----------------------------------------------------------------------------------------------

STEP = 60
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOURS = 27
SURGE = range(25 * 3600, 25 * 3600 + 1800)
HONEST = ("shop", "web", "sim")
LIARS: dict[str, Callable[[datetime, int], tuple[datetime, datetime | None]]] = {
    "always 59 s ahead": lambda now, step: (now + timedelta(seconds=59), None),
    "always a day behind": lambda now, step: (now - timedelta(days=1), None),
    "now ahead, now behind": lambda now, step: (now + timedelta(seconds=(59, -7_000)[step % 2]), None),
    "clock a day behind": lambda now, step: (now - timedelta(days=1), now - timedelta(days=1)),
    "clock in 2001": lambda now, step: (now, datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=step)),
    "clock 59 s ahead": lambda now, step: (now + timedelta(seconds=59), now + timedelta(seconds=59)),
    "clock stands still": lambda now, step: (NOON, NOON),
}


@dataclass
class Seen:
    """What a run gave: incidents with the wall clock at which each came out, and the rows of the store."""

    events: list[tuple[datetime, IncidentEvent]] = field(default_factory=list)
    rows: list[BucketRow] = field(default_factory=list)
    late: list[LateRow] = field(default_factory=list)


class Live:
    """The door with a clock that is moved by hand, and the pipeline behind it."""

    def __init__(self, *, heartbeat: bool) -> None:
        self.clock, self.bus = ManualClock(NOON), MemoryBus()
        kinds = {"shop": "push", "web": "push", "sim": "clocked", "liar": "clocked", "pushy": "push"}
        sources = Sources(
            sources=tuple(SourceSettings.model_validate({"name": name, "kind": kinds[name]}) for name in kinds),
            intake=IntakeSettings(gather_seconds=0),
        )
        finder = SubjectFinder(Subjects(subjects=tuple(Subject(name=name) for name in ("Delta", "Liar Corp"))))
        deps = Deps(sources, PlainMask(), pseudonym, finder, self.bus, Letters(), self.clock, 1, heartbeat)
        self.door = Door(deps)
        self.pipeline = Pipeline(Config.model_validate(dict(CONFIG)), LexiconReader(), keep_rows=True)
        self.seen = Seen()

    async def run(self, lie: str | None) -> Seen:
        """Twenty-seven hours: a mention of an honest source a minute, and a surge of half an hour near the end."""
        for step in range(HOURS * 3600 // STEP):
            second = step * STEP
            for number, name in enumerate(HONEST):
                if (step + number) % 3 == 0 or second in SURGE:
                    await self.send(name, step, self.clock.now(), "Delta", 6 if second in SURGE else 1)
            await self.door.progress(self.door.guests["sim"], self.clock.now().isoformat(), "test")
            if lie is not None:
                await self.tell(lie, step)
            await self.door.pulse()
            await self.drain()
            self.clock.advance(STEP)
        await self.door.close()
        return self.seen

    async def tell(self, lie: str, step: int) -> None:
        """What the liar sends: a mention, and its clock if it has one."""
        ts, clock = LIARS[lie](self.clock.now(), step)
        name = "pushy" if clock is None else "liar"
        await self.send(name, step, ts, "Liar Corp", 1)
        if clock is not None:
            await self.door.progress(self.door.guests[name], clock.isoformat(), "test")

    async def send(self, name: str, step: int, ts: datetime, brand: str, count: int) -> None:
        items = [
            {"id": f"{step}-{number}", "ts": ts.isoformat(), "text": said(name, step * 10 + number), "brand": brand}
            for number in range(count)
        ]
        outcome = await self.door.take(self.door.guests[name], items, "test")
        assert outcome.accepted == count

    async def drain(self) -> None:
        values = [out.value for out in self.bus.outs if out.topic is Topic.MENTIONS]
        self.bus.outs.clear()
        found = self.pipeline.found
        known = len(found.events)
        await self.pipeline.feed(values)
        self.seen.events += [(self.clock.now(), event) for event in found.events[known:] if _delta(event.scope)]
        self.seen.rows += [row for row in found.rows if isinstance(row, BucketRow) and row.brand == "Delta"]
        self.seen.late += [row for row in found.rows if isinstance(row, LateRow)]
        found.rows.clear()


def said(name: str, number: int) -> str:
    """Texts of many voices: no two the same."""
    texts = spoken()
    at = number * 7 + (HONEST.index(name) if name in HONEST else 5)
    return f"{texts[at % len(texts)]} {texts[(at * 31 + at // len(texts)) % len(texts)]}"


@cache
def spoken() -> list[str]:
    return sorted({one["text"] for one in simulated()})


def _delta(scope: dict[str, str]) -> bool:
    return scope["brand"] == "Delta"


@cache
def without_liar(heartbeat: bool) -> Seen:
    return asyncio.run(Live(heartbeat=heartbeat).run(None))


@pytest.mark.parametrize("lie", LIARS)
def test_a_token_that_lies_about_time_costs_nothing_beside_itself(lie: str) -> None:
    """Incidents, the moment each comes out, and every count of the honest are those of a run without the liar."""
    clean, seen = without_liar(True), asyncio.run(Live(heartbeat=True).run(lie))
    assert any(event.kind == "volume.spike" for _, event in clean.events)
    assert clean.late == []
    assert seen.events == clean.events
    assert seen.rows == clean.rows
    assert {row.brand for row in seen.late} <= {"Liar Corp"}, "only its own mentions may be late"


@pytest.mark.parametrize("lie", ["always 59 s ahead", "clock a day behind", "clock 59 s ahead"])
def test_so_it_is_where_intake_writes_no_marks_of_its_own(lie: str) -> None:
    clean, seen = without_liar(False), asyncio.run(Live(heartbeat=False).run(lie))
    assert seen.events == clean.events
    assert seen.rows == clean.rows
    assert {row.brand for row in seen.late} <= {"Liar Corp"}


async def test_a_clock_far_ahead_is_refused() -> None:
    live = Live(heartbeat=True)
    for ahead in (timedelta(seconds=61), timedelta(hours=1), timedelta(days=4_000)):
        with pytest.raises(InvalidRecord, match="ahead of the wall clock"):
            await live.door.progress(live.door.guests["liar"], (NOON + ahead).isoformat(), "test")
    assert live.bus.outs == []
