"""The dead-man's switch at work: real looks over stand-ins for Kafka and the workers, heard by a real HTTP server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest
from pydantic import SecretStr, ValidationError
from typer.testing import CliRunner

from alerts.deadman import DeadManSettings
from alerts.duty.settings import DutySettings
from alerts.notify.build import http_client
from alerts.settings import ReceiverSettings
from contracts.clock import ManualClock
from contracts.errors import InvalidSettings, Unavailable
from contracts.topics import Topic
from dashboards.settings import StoreSettings
from fenghuo.adapters.outside import speaker, teller
from fenghuo.adapters.pulses import MemoryPulses
from fenghuo.cli import app
from fenghuo.pulse import Pulse
from fenghuo.settings import Runtime, load_config, outside_problems
from fenghuo.watchdog import READ, Read, Watchdog, read_by
from tests.unit.alerts.given import SHIPPED

PARTITIONS = 2
LOOK = 5
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class World:
    """A log whose ends grow, workers that follow or stand still, and an outside that counts what it hears."""

    def __init__(self, read: Read = READ, **settings: object) -> None:
        self.clock = ManualClock(NOON)
        self.pulses = MemoryPulses()
        self.pulse = Pulse()
        self.end = 0
        self.stuck: set[tuple[str, int]] = set()
        self.dead = self.away = self.deaf = False
        self.heard: list[int] = []
        given = DeadManSettings.model_validate({"url": "https://outside.test/x", **settings})
        self.read = read
        self.dog = Watchdog(self.ends, self.pulses, self.speak, given, self.clock, read)

    async def ends(self) -> Mapping[tuple[Topic, int], int]:
        if self.away:
            raise Unavailable("Kafka does not answer")
        topics = {topic for read in self.read.values() for topic in read}
        return {(topic, number): self.end for topic in topics for number in range(PARTITIONS)}

    async def speak(self) -> bool:
        if self.deaf:
            return False
        self.heard.append(int((self.clock.now() - NOON).total_seconds()))
        return True

    async def go(self, seconds: int, busy: bool = True) -> list[int]:
        """Let time pass; when somebody outside heard that all is well."""
        before = len(self.heard)
        for _ in range(0, seconds, LOOK):
            self.end += 10 if busy else 0
            for stage, topics in self.read.items():
                for number in range(PARTITIONS):
                    if (stage, number) not in self.stuck:
                        self.pulse.note(stage, number, self.end * len(topics))
            if not self.dead:
                await self.pulses.leave(self.pulse.positions)
            await self.dog.step()
            self.clock.advance(LOOK)
        return self.heard[before:]


async def test_it_speaks_as_often_as_asked_while_every_stage_moves_or_rests() -> None:
    world = World()
    assert await world.go(300) == [5, 65, 125, 185, 245]
    assert await world.go(120, busy=False) == [305, 365]


def with_influx() -> Runtime:
    return Runtime(store=StoreSettings(kind="influx", token=SecretStr("writer:secret")))


def test_dead_letters_are_watched_where_they_are_drawn() -> None:
    assert set(read_by(with_influx())) - set(read_by(Runtime())) == {"dead"}
    assert read_by(with_influx())["dead"] == (Topic.DEAD,)
    assert read_by(Runtime()) == READ


@pytest.mark.parametrize("stage", [*READ, "dead"])
async def test_any_stage_that_stands_still_for_a_minute_silences_it(stage: str) -> None:
    world = World(read_by(with_influx()), every="5s")
    await world.go(60)
    world.stuck = {(stage, 1)}
    assert max(await world.go(600)) == 60 + 60 - LOOK
    world.stuck = set()
    assert len(await world.go(60)) == 60 // LOOK


async def test_a_stage_without_work_may_rest_for_hours() -> None:
    world = World()
    await world.go(60)
    world.stuck = {("notify", 0)}
    assert len(await world.go(7_200, busy=False)) == 120


async def test_workers_that_are_dead_silence_it_even_when_nothing_waits() -> None:
    world = World(every="5s")
    await world.go(60)
    world.dead = True
    assert max(await world.go(600, busy=False)) == 60 + 60 - 2 * LOOK


async def test_it_vouches_for_nothing_that_it_has_not_seen_alive_itself() -> None:
    world = World(every="5s")
    await world.go(60)
    world.dead = True
    again = Watchdog(world.ends, world.pulses, world.speak, world.dog.settings, world.clock)
    world.dog = again
    assert await world.go(300) == []


async def test_a_stage_that_never_lived_keeps_it_silent() -> None:
    world = World(every="5s")
    world.stuck = {("decide", 0)}
    assert await world.go(300) == []
    world.stuck = set()
    assert len(await world.go(60)) == 60 // LOOK - 1


async def test_without_kafka_it_falls_silent_and_comes_back(caplog: pytest.LogCaptureFixture) -> None:
    world = World(every="5s")
    await world.go(60)
    world.away = True
    assert max(await world.go(300), default=0) <= 60 + 60
    world.away = False
    assert len(await world.go(60)) >= 60 // LOOK - 1
    assert "every stage moves again" in caplog.text


async def test_a_sign_that_was_not_heard_is_given_again_at_once() -> None:
    world = World(every="60s")
    world.deaf = True
    assert await world.go(30) == []
    world.deaf = False
    assert await world.go(60) == [30]


async def test_who_stands_still_is_written_down_once(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    await world.go(60)
    world.stuck = {("decide", 1)}
    await world.go(300)
    said = [one.getMessage() for one in caplog.records if "silent" in one.getMessage()]
    assert len(said) == 1
    assert said[0].startswith("silent: decide 1: ")


class Outside(BaseHTTPRequestHandler):
    """Answers as told, and counts."""

    status = 200
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def outside() -> Iterator[tuple[str, type[Outside]]]:
    """A service that listens for signs of life, and its address."""
    handler = type("Fresh", (Outside,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/ping/secret", handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "heard"), [(200, True), (404, False), (500, False), (302, False)])
async def test_only_a_success_counts_as_heard(outside: tuple[str, type[Outside]], status: int, heard: bool) -> None:
    url, service = outside
    service.status = status
    async with http_client() as client:
        assert await speaker(DeadManSettings(url=SecretStr(url)), client)() is heard
    assert service.asked == ["/ping/secret"]


async def test_an_address_that_does_not_answer_is_not_heard() -> None:
    async with http_client() as client:
        assert not await speaker(DeadManSettings(url=SecretStr("http://127.0.0.1:1/x")), client)()


async def test_a_service_hears_nothing_from_the_minute_a_stage_stands_still(outside: tuple[str, type[Outside]]) -> None:
    url, service = outside
    async with http_client() as client:
        world = World(every="5s")
        world.dog.speak = speaker(DeadManSettings(url=SecretStr(url)), client)
        await world.go(60)
        assert len(service.asked) == 60 // LOOK - 1
        world.stuck = {("count", 0)}
        await world.go(60)
        heard = len(service.asked)
        await world.go(120)
        assert len(service.asked) == heard


async def test_beats_go_on_when_they_cannot_be_left() -> None:
    class Away(MemoryPulses):
        asked = 0

        async def leave(self, positions: Mapping[tuple[str, int], int]) -> None:
            self.asked += 1
            raise Unavailable("Redis does not answer")

    away = Away()
    beating = asyncio.create_task(Pulse().beat(away))
    while not away.asked:
        await asyncio.sleep(0)
    assert not beating.done()
    beating.cancel()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"url": "ftp://x"}, "web address"),
        ({"address": "nobody"}, "address of apprise"),
        ({"url": "https://x.test", "patience": "5s", "look": "5s"}, "at least twice as long"),
        ({"url": "https://x.test", "every": "0s"}, "greater than or equal"),
    ],
)
def test_settings_that_contradict_are_refused_with_a_reason(given: dict[str, str], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        DeadManSettings.model_validate(given)


def test_an_address_that_apprise_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="FENGHUO_DEADMAN"):
        teller(SecretStr("nothing://at.all"), "FENGHUO_DEADMAN")


def test_a_private_address_hears_of_us_only_by_the_allow_list(
    outside: tuple[str, type[Outside]], caplog: pytest.LogCaptureFixture
) -> None:
    url, service = outside
    place = url.removeprefix("http").replace("/ping/secret", "/ping/secret?method=get")
    here = (ip_network("127.0.0.0/8"),)
    assert not teller(SecretStr("json" + place), "FENGHUO_DEADMAN")("well")
    assert service.asked == []
    assert "FENGHUO_ALLOW_PRIVATE" in caplog.text and "secret" not in caplog.text
    assert teller(SecretStr("json" + place), "FENGHUO_DEADMAN", here)("well")
    assert len(service.asked) == 1


def test_check_names_an_address_outside_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGHUO_LEDGER", '{"address": "mailtoss://duty:TOKEN@example.org"}')
    answer = CliRunner().invoke(app, ["check", "--config", str(SHIPPED)])
    assert answer.exit_code == 1
    assert "FENGHUO_LEDGER: apprise knows no mailtoss://; did you mean mailtos://?" in answer.output
    assert "TOKEN" not in answer.output


@pytest.mark.parametrize(("next_after", "channels", "fits"), [("20s", 3, True), ("21s", 3, False), ("5m", 1, False)])
def test_check_says_when_channels_that_hang_would_silence_it(next_after: str, channels: int, fits: bool) -> None:
    names = [f"way-{number}" for number in range(channels)]
    duty = DutySettings.model_validate(
        {
            "people": [{"name": "lin", "channels": names}, {"name": "wang", "channels": names[:1]}],
            "escalation": {"red": {"steps": [{"after": "0s", "to": ["wang"]}]}},
            "next_after": next_after,
        }
    )
    config = load_config(SHIPPED).model_copy(update={"duty": duty})
    runtime = Runtime(deadman=DeadManSettings(url=SecretStr("https://outside.test/x")))
    found = outside_problems(runtime, config)
    assert [("lin" in one, "would fall silent" in one) for one in found] == ([] if fits else [(True, True)])
    assert outside_problems(Runtime(), config) == [], "nobody listens outside"


def test_one_receiver_that_hangs_does_not_silence_the_switch_as_it_ships() -> None:
    runtime = Runtime(deadman=DeadManSettings(url=SecretStr("https://outside.test/x")))
    config = load_config(SHIPPED)
    assert config.receivers.give_up < runtime.deadman.patience
    assert ReceiverSettings().give_up == config.receivers.give_up


def test_the_command_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FENGHUO_DEADMAN", raising=False)
    answer = CliRunner().invoke(app, ["watchdog"])
    assert answer.exit_code == 2
    assert "FENGHUO_DEADMAN" in answer.output


def test_check_says_when_a_receiver_that_hangs_would_silence_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    assert run.invoke(app, ["check", "--config", str(SHIPPED)]).exit_code == 0
    monkeypatch.setenv("FENGHUO_DEADMAN", '{"url": "https://outside.test/x"}')
    assert run.invoke(app, ["check", "--config", str(SHIPPED)]).exit_code == 0, "as it ships"
    monkeypatch.setenv("FENGHUO_DEADMAN", '{"url": "https://outside.test/x", "patience": "40s"}')
    answer = run.invoke(app, ["check", "--config", str(SHIPPED)])
    assert (answer.exit_code, "would silence the switch" in answer.output) == (1, True)


def test_the_address_is_shown_nowhere() -> None:
    settings = DeadManSettings(url=SecretStr("https://hc.test/secret"), every=timedelta(seconds=30))
    assert "secret" not in repr(settings) + settings.model_dump_json().replace("secret_", "")
