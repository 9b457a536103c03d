"""The live view in memory and in a real Valkey: one suite for both; the log told twice, emptied, written by two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from alerts.agents import DecideMessages
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.plans.fellow import PlanFellow
from alerts.view.shelf import FoldedView
from contracts.codec import decode_mixed, encode_mixed
from contracts.errors import Moved, Unavailable
from contracts.records import CommandKind, IncidentEvent, IncidentEventKind, LedgerEntry, Record, Standing, Tier, Told
from contracts.topics import Topic
from contracts.view import ChangeKind, Viewed
from fenghuo.adapters.view_memory import MemoryShelf
from fenghuo.adapters.view_redis import RedisShelf
from fenghuo.local.valkey import Valkey
from tests.unit.alerts.given import POLICY, at, command, mark, signal
from tests.unit.alerts.ledger.given import KEY
from tests.unit.alerts.plans.given import book

pytestmark = pytest.mark.valkey

MOST_ENDED, MOST_LINES = 3, 20
Shop = Callable[[], FoldedView]


@pytest.fixture(params=["memory", "valkey"])
async def view(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[FoldedView]:
    if request.param == "memory":
        yield FoldedView(MemoryShelf(MOST_ENDED, MOST_LINES))
        return
    async with Redis.from_url(request.getfixturevalue("valkey").url) as redis:
        yield FoldedView(RedisShelf(redis, prefix, MOST_ENDED, MOST_LINES))


class Decider:
    """Real deciding with plans and a ledger; what the view is made of, record by record."""

    def __init__(self) -> None:
        self.stage = DecideMessages(0, POLICY, [Scribe((PlanFellow(book()),), Book("decide-0", KEY))])

    def __call__(self, *story: Record) -> list[Viewed]:
        outs = [one for record in story for one in self.stage.take(encode_mixed([record]))]
        found = [(out.topic, one) for out in outs for one in decode_mixed(out.value)]
        events: list[Viewed] = [
            one for topic, one in found if topic is Topic.INCIDENTS and isinstance(one, IncidentEvent | Standing)
        ]
        return events + [one for _, one in found if isinstance(one, LedgerEntry)]


def told(incident: str, seq: int, receiver: str, outcome: str = "sent") -> Told:
    return Told(incident=incident, seq=seq, brand="Delta", receiver=receiver, outcome=outcome, told_at=at(seq))


def opened(records: Sequence[Viewed]) -> str:
    return next(one.incident for one in records if isinstance(one, IncidentEvent))


async def everything(view: FoldedView) -> object:
    """All that can be read."""
    cards = [*await view.open_incidents(), *await view.ended()]
    files = [await view.incident(one.incident) for one in cards]
    held = [await view.silences(), await view.timers(), await view.sources(), await view.runs(closed=True)]
    return cards, files, held, await view.reached()


async def test_an_empty_view_shows_nothing(view: FoldedView) -> None:
    assert await everything(view) == ([], [], [[], [], [], []], None)
    assert await view.incident("0123456789abcdef") is None


async def test_an_incident_is_shown_with_all_that_is_known_of_it(view: FoldedView) -> None:
    decide = Decider()
    records = decide(signal(5, 2.0), mark(5), signal(10, 3.0), mark(10))
    name = opened(records)
    await view.take([*records, told(name, 0, "desk"), told(name, 1, "lin/phone", "gave_up"), told(name, 1, "lin/chat")])
    (card,) = await view.open_incidents()
    assert (card.incident, card.tier, card.highest, card.since, card.changed) == (
        name,
        Tier.ORANGE,
        Tier.ORANGE,
        at(5),
        at(10),
    )
    assert (card.observed, card.expected, card.reason) == (80.0, 10.0, "planned")
    assert (card.told, card.refused, card.owner) == (("desk", "lin/chat"), ("lin/phone",), "")
    found = await view.incident(name)
    assert found is not None
    assert [one.event.value for one in found.events] == ["opened", "promoted", "plan_started"]
    assert [(one.seq, one.receiver) for one in found.told] == [(0, "desk"), (1, "lin/chat"), (1, "lin/phone")]
    (run,) = found.runs
    assert found.card.runs == (run.run,)
    assert [(one.name, one.state, one.due) for one in run.tasks[:2]] == [
        ("confirm", "open", at(10) + timedelta(minutes=15)),
        ("answer", "open", at(10) + timedelta(minutes=60)),
    ]
    assert [one.kind.value for one in found.timers][:2] == ["demote", "task"]
    assert await view.reached() == at(10)


async def test_a_person_a_task_and_the_end_are_seen(view: FoldedView) -> None:
    decide = Decider()
    records = decide(signal(5, 3.0), mark(5))
    name = opened(records)
    await view.take(records)
    (run,) = await view.runs()
    taken = command(CommandKind.ACK, "a", incident=name)
    done = command(CommandKind.PLAN, "b", do="done", run=run.run, task="confirm")
    await view.take(decide(taken, done, mark(10)))
    (card,) = await view.open_incidents()
    assert (card.owner, card.owned_at) == ("lin", at(5))
    (run,) = await view.runs()
    assert [(one.state, one.by) for one in run.tasks[:2]] == [("done", "lin"), ("open", "")]
    await view.take(decide(mark(3 * 86_400)))
    (card,) = await view.ended()
    assert (await view.open_incidents(), card.last, card.tier) == ([], IncidentEventKind.RESOLVED, Tier.BLUE)
    (run,) = await view.runs()
    assert [one.state for one in run.tasks] == ["done", "overdue", "overdue"]


async def test_silences_and_sources_are_those_that_hold(view: FoldedView) -> None:
    decide = Decider()
    hush = command(CommandKind.SILENCE, until=at(3600).isoformat(), upto="orange")
    await view.take(decide(signal(5, 2.0), mark(5), hush, mark(10, "weibo")))
    (silence,) = await view.silences()
    assert (silence.brand, silence.silence.until, silence.silence.author) == ("Delta", at(3600), "lin")
    (card,) = await view.open_incidents()
    assert (card.silenced_until, card.stale) == (at(3600), True)
    (source,) = await view.sources()
    assert (source.source, source.brands, source.since) == ("weibo", ("Delta",), at(10))
    assert await view.sources("Gamma") == []
    await view.take(decide(mark(3600), mark(3605)))
    (card,) = await view.open_incidents()
    assert (await view.silences(), await view.sources(), card.silenced_until, card.stale) == ([], [], None, False)


async def test_taking_it_all_again_changes_nothing(view: FoldedView) -> None:
    decide = Decider()
    records = decide(signal(5, 2.0), mark(5), signal(10, 4.0), mark(10), mark(7_200), signal(7_205, 2.0), mark(7_205))
    records = [*records, told(opened(records), 0, "desk", "gave_up"), told(opened(records), 1, "desk")]
    await view.take(records)
    first = await everything(view)
    await view.take(records)
    assert await everything(view) == first
    for one in records[len(records) // 2 :]:
        await view.take([one])
    assert await everything(view) == first


async def test_the_order_of_topics_does_not_matter(view: FoldedView) -> None:
    records = Decider()(signal(5, 3.0), mark(5))
    name = opened(records)
    await view.take([told(name, 0, "desk")])
    assert await view.open_incidents() == []
    await view.take([one for one in records if isinstance(one, LedgerEntry)])
    await view.take([one for one in records if not isinstance(one, LedgerEntry)])
    (card,) = await view.open_incidents()
    assert card.told == ("desk",)
    assert len(card.runs) == 1


async def test_the_gravest_comes_first_and_a_brand_can_be_asked_for(view: FoldedView) -> None:
    decide = Decider()
    await view.take(decide(signal(5, 1.0, brand="A"), signal(10, 4.0, brand="B"), signal(15, 1.0, brand="C")))
    assert [one.brand for one in await view.open_incidents()] == ["B", "C", "A"]
    assert [one.brand for one in await view.open_incidents("A")] == ["A"]
    assert {one.brand for one in await view.timers("A")} == {"A"}


async def test_what_ended_is_kept_up_to_a_number_and_what_is_open_always(view: FoldedView) -> None:
    decide = Decider()
    for number in range(MOST_ENDED + 2):
        name = f"brand-{number}"
        await view.take(decide(signal(5 + 5 * number, 1.0, brand=name), mark(86_400, brand=name)))
    await view.take(decide(signal(5, 1.0, brand="open")))
    assert [one.brand for one in await view.ended()] == ["brand-4", "brand-3", "brand-2"]
    assert [one.brand for one in await view.ended(limit=1)] == ["brand-4"]
    assert [one.brand for one in await view.open_incidents()] == ["open"]


async def test_the_board_is_what_its_parts_are(view: FoldedView) -> None:
    decide = Decider()
    await view.take(decide(signal(5, 1.0, brand="over"), mark(86_400, brand="over")))
    await view.take(decide(signal(5, 3.0, brand="A"), mark(5, "weibo", brand="A"), signal(10, 1.0, brand="B")))
    board = await view.board(1)
    assert board.open == await view.open_incidents() and [one.brand for one in board.open] == ["A", "B"]
    assert board.ended == await view.ended(limit=1) and [one.brand for one in board.ended] == ["over"]
    assert (board.runs, board.sources) == (await view.runs(), await view.sources())
    assert board.reached == await view.reached()


async def test_of_a_long_incident_the_latest_lines_are_kept(view: FoldedView) -> None:
    decide = Decider()
    records = decide(signal(5, 1.0))
    name = opened(records)
    for number in range(MOST_LINES + 10):
        where = command(CommandKind.SILENCE, f"s{number}", until=at(3600 + number).isoformat())
        records += decide(where)
    await view.take(records)
    await view.take([told(name, seq, "desk") for seq in range(MOST_LINES + 10)])
    found = await view.incident(name)
    assert found is not None
    assert [one.seq for one in found.events] == list(range(11, MOST_LINES + 11))
    assert len(found.told) == MOST_LINES


async def test_changes_are_told_to_whoever_listens(view: FoldedView) -> None:
    records = Decider()(signal(5, 3.0), mark(5))
    async with aclosing(view.changes()) as changes:  # type: ignore[type-var]
        heard = [await anext(changes)]
        await view.take([*records, told(opened(records), 0, "desk")])
        async with asyncio.timeout(10):
            heard += [await anext(changes) for _ in range(4)]
        await view.clear()
        async with asyncio.timeout(10):
            heard.append(await anext(changes))
    assert heard[0].kind is ChangeKind.MISSED
    assert heard[-1].kind is ChangeKind.EMPTIED
    assert {one.kind for one in heard[1:-1]} == set(ChangeKind) - {ChangeKind.MISSED, ChangeKind.EMPTIED}
    (incident,) = [one for one in heard if one.kind is ChangeKind.INCIDENT]
    assert (incident.brand, incident.id, incident.at) == ("Delta", opened(records), at(5))


async def test_how_far_the_log_was_read_stands_beside_what_was_read(view: FoldedView) -> None:
    records = Decider()(signal(5, 3.0), mark(5))
    assert await view.positions(2) == {}
    await view.take(records, 2, {"incidents": 0}, {"incidents": 7})
    assert await view.positions(2) == {"incidents": 7}
    with pytest.raises(Moved):
        await view.take(records, 2, {"incidents": 0}, {"incidents": 7})
    await view.take([], 2, {"incidents": 7, "notified": 0}, {"incidents": 9, "notified": 4})
    assert await view.positions(2) == {"incidents": 9, "notified": 4}
    assert await view.positions(1) == {}


async def test_emptied_and_told_again_it_shows_the_same(view: FoldedView) -> None:
    decide = Decider()
    records = decide(signal(5, 3.0), mark(5), signal(10, 4.0), mark(10), mark(3_700))
    await view.take(records, 0, {"incidents": 0}, {"incidents": 5})
    before = await everything(view)
    await view.clear()
    assert await everything(view) == ([], [], [[], [], [], []], None)
    assert await view.positions(0) == {}
    await view.take(records, 0, {"incidents": 0}, {"incidents": 5})
    assert await everything(view) == before


async def test_of_two_who_write_at_once_one_is_refused_and_nothing_is_lost(view: FoldedView) -> None:
    decide = Decider()
    records = decide(*[signal(5 * n, 1.0 + n % 4, brand=f"brand-{n % 3}") for n in range(1, 40)])
    parts = [records[start : start + 3] for start in range(0, len(records), 3)]
    refused = 0

    async def write() -> None:
        nonlocal refused
        while (place := (await view.positions(0)).get("incidents", 0)) < len(parts):
            try:
                await view.take(parts[place], 0, {"incidents": place}, {"incidents": place + 1})
            except Moved:
                refused += 1

    await asyncio.gather(write(), write(), write())
    alone = FoldedView(MemoryShelf(MOST_ENDED, MOST_LINES))
    await alone.take(records)
    assert await everything(view) == await everything(alone)


async def test_a_server_that_is_away_is_said_so_and_forgets_nothing_by_halves(own_valkey: Valkey, prefix: str) -> None:
    records = Decider()(signal(5, 3.0), mark(5))
    async with Redis.from_url(own_valkey.url) as redis:
        view = FoldedView(RedisShelf(redis, prefix))
        await view.take(records, 0, {"incidents": 0}, {"incidents": 1})
        own_valkey.kill()
        with pytest.raises(Unavailable):
            await view.open_incidents()
        with pytest.raises(Unavailable):
            await view.take(records, 0, {"incidents": 1}, {"incidents": 2})
        own_valkey.restart()
        own_valkey.wait_ready(30)
        shown, read = await view.open_incidents(), await view.positions(0)
        assert (len(shown), read) in ((0, {}), (1, {"incidents": 1}))
