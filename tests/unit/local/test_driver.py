"""The driver writes the past once, plays the day faster than life, and then keeps step with the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson
import pytest

from contracts.clock import ManualClock
from contracts.errors import InvalidFile
from fenghuo.local.driver import DAY, DemoDriver, Stopped
from fenghuo.local.state import UpState, load, save

UNTIL = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Door:
    """Remembers what intake was sent, in order."""

    def __init__(self) -> None:
        self.mentions: list[datetime] = []
        self.progress: list[datetime] = []
        self.ahead = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer secret"
        if request.url.path == "/v1/progress":
            self.progress.append(datetime.fromisoformat(orjson.loads(request.content)["event_time"]))
            return httpx.Response(202)
        for line in request.content.splitlines():
            when = datetime.fromisoformat(orjson.loads(line)["ts"])
            # progress said before must not have passed a mention that comes after it
            self.ahead += bool(self.progress) and when < self.progress[-1]
            self.mentions.append(when)
        return httpx.Response(202, json={"refused": []})


def driver(door: Door, clock: ManualClock, days: int = 1) -> DemoDriver:
    client = httpx.Client(transport=httpx.MockTransport(door))
    return DemoDriver(UNTIL, days, "http://intake", {"": "secret"}, clock, client=client, wait=clock.advance)


def test_the_past_ends_where_the_day_begins_and_is_whole_or_absent(tmp_path: Path) -> None:
    path = tmp_path / "history.ndjson"
    told: list[datetime] = []
    count = driver(Door(), ManualClock(UNTIL), days=2).write_history(path, told.append)
    times = [datetime.fromisoformat(orjson.loads(line)["ts"]) for line in path.read_bytes().splitlines()]
    assert len(times) == count > 500
    assert UNTIL - 3 * DAY <= min(times) and max(times) < UNTIL - DAY
    assert told[-1] == UNTIL - DAY
    stopped = driver(Door(), ManualClock(UNTIL), days=28)
    stopped.stop()
    other = tmp_path / "other.ndjson"
    with pytest.raises(Stopped):
        stopped.write_history(other, told.append)
    assert not other.exists()


def test_the_day_is_played_fast_until_it_meets_the_clock_and_then_with_it() -> None:
    door, clock = Door(), ManualClock(UNTIL)
    player = driver(door, clock)
    lags: list[timedelta] = []

    def told(at: datetime) -> None:
        lags.append(clock.now() - at)
        if clock.monotonic() > 200:
            player.stop()

    player.play(UNTIL - DAY, 600.0, told)
    assert door.mentions == sorted(door.mentions)
    assert door.ahead == 0
    assert door.mentions[0] >= UNTIL - DAY
    assert door.progress == sorted(door.progress)
    assert max(door.mentions) <= clock.now()
    met = next(number for number, lag in enumerate(lags) if lag < timedelta(seconds=1))
    assert met > 100 and all(lag < timedelta(seconds=3) for lag in lags[met:])
    live = [when for when in door.progress if when > UNTIL + timedelta(seconds=150)]
    assert len(live) >= 40  # a quiet source says once a second that it lives


def test_a_second_play_goes_on_where_the_first_ended() -> None:
    def ids(start: datetime) -> list[datetime]:
        door, clock = Door(), ManualClock(UNTIL)
        player = driver(door, clock)
        player.play(start, 3600.0, lambda at: player.stop() if at > UNTIL - timedelta(hours=1) else None)
        return door.mentions

    whole, rest = ids(UNTIL - DAY), ids(UNTIL - timedelta(hours=6))
    assert rest and rest[:50] == [when for when in whole if when >= UNTIL - timedelta(hours=6)][:50]


def test_state_survives_and_nonsense_is_refused(tmp_path: Path) -> None:
    assert load(tmp_path) is None
    state = UpState(until=UNTIL, days=28, partitions=6, port=8710, config="config", shown={3: 17})
    save(tmp_path, state)
    assert load(tmp_path) == state
    (tmp_path / "state.json").write_text("{}")
    with pytest.raises(InvalidFile, match="cannot be read as the state of a stack"):
        load(tmp_path)
