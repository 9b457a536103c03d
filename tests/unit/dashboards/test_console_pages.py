"""The console's pages without a browser: who may come in, what is refused, and what is said when something is away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.errors import Unavailable
from contracts.records import BucketRow, Counts, DeadLetter
from contracts.view import BoardView
from dashboards.console.app import make_app
from dashboards.console.guard import POLICY
from dashboards.console.pages.signin import within
from dashboards.settings import StoreSettings
from dashboards.store.memory import MemoryStore
from dashboards.store.sqlite import SqliteStore
from fenghuo.desk.vocabulary import vocabulary
from streams.text.taxonomy import CategoryTerms, Taxonomy
from tests.browser.house import PASSWORD, Desk, parts_of
from tests.browser.town import Town
from tests.unit.dashboards.console_visit import asking, come_in

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PAGES = ("/", "/plans", "/sentiment", "/cases", "/tuning", "/settings", "/health")


async def opened(town: Town, brand: str = "云杉航空", **more: Any) -> str:
    """An incident; its id."""
    await town.signal(brand, NOON, 2.5, **more)
    return next(one.incident for one in await town.view.open_incidents(brand))


@pytest.mark.parametrize("place", [*PAGES, "/board", "/events", "/incidents/b426a466e2af89fc"])
async def test_nobody_sees_anything_without_signing_in(client: httpx.AsyncClient, place: str) -> None:
    answer = await client.get(place)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")


@pytest.mark.parametrize("place", PAGES)
async def test_an_empty_store_and_an_empty_view_are_said(client: httpx.AsyncClient, place: str) -> None:
    await come_in(client)
    answer = await client.get(place)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == POLICY
    assert "<script>" not in answer.text and " style=" not in answer.text and "onclick" not in answer.text


async def test_a_wrong_password_is_refused_and_tries_are_few(client: httpx.AsyncClient) -> None:
    codes = [(await client.post("/sign-in", data={"name": "lin", "password": "x"})).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    assert (await client.post("/sign-in", data={"name": "lin", "password": PASSWORD})).status_code == 429


async def test_a_form_needs_its_session_and_its_own_site(client: httpx.AsyncClient, town: Town) -> None:
    name = await opened(town)
    token = await come_in(client, "lin")
    place = f"/incidents/{name}/acknowledge"
    assert (await client.post(place, data={"token": "forged"})).status_code == 403
    assert (await client.post(place, data={"token": token}, headers={"origin": "http://evil"})).status_code == 403
    assert (
        await client.post(place, data={"token": token}, headers={"sec-fetch-site": "cross-site"})
    ).status_code == 403
    assert town.commands == []
    assert (await client.post(place, data={"token": token}, headers={"origin": "http://console"})).status_code == 303
    assert [one.author for one in town.commands] == ["lin"]


async def test_a_viewer_changes_nothing(client: httpx.AsyncClient, town: Town) -> None:
    name = await opened(town)
    token = await come_in(client, "guest")
    for place in ("acknowledge", "hand-over", "silence", "plan", "feedback"):
        answer = await client.post(f"/incidents/{name}/{place}", data={"token": token})
        assert answer.status_code == 403, place
    for place in ("/settings/save", "/tuning/apply", "/tuning/undo", "/health/requeue", "/silences/x/end", "/swaps"):
        assert (await client.post(place, data={"token": token})).status_code == 403, place
    assert town.commands == []
    assert "由我接手" not in (await client.get("/")).text


async def test_two_people_at_once_and_the_second_is_told_who_was_first(town: Town, tmp_path: Path) -> None:
    name = await opened(town)
    app = make_app(parts_of(town, tmp_path))
    async with asking(app) as lin, asking(app) as wang:
        tokens = await come_in(lin, "lin"), await come_in(wang, "wang")
        first = await lin.post(f"/incidents/{name}/acknowledge", data={"token": tokens[0]})
        second = await wang.post(f"/incidents/{name}/acknowledge", data={"token": tokens[1]})
        assert (first.status_code, second.status_code) == (303, 409)
        assert "lin 已经接手" in second.text
        stale = {"token": tokens[1], "to": "zhao", "owner": "nobody"}
        assert (await wang.post(f"/incidents/{name}/hand-over", data=stale)).status_code == 409
    assert len(town.commands) == 1


async def test_silence_feedback_and_hand_over_become_commands(client: httpx.AsyncClient, town: Town) -> None:
    name = await opened(town)
    token = {"token": await come_in(client, "lin")}
    place = f"/incidents/{name}"
    assert (await client.post(f"{place}/silence", data={**token, "hours": "2"})).status_code == 400
    words = {**token, "hours": "2", "upto": "orange", "comment": "维护"}
    assert (await client.post(f"{place}/silence", data=words)).status_code == 303
    assert (await client.post(f"{place}/hand-over", data={**token, "to": "wang", "owner": ""})).status_code == 303
    assert (await client.post(f"{place}/feedback", data={**token, "verdict": "noise"})).status_code == 303
    assert [one.kind.value for one in town.commands] == ["silence", "hand_over", "feedback"]
    page = (await client.get("/settings")).text
    assert "维护" in page and "云杉航空" in page
    known = (await town.view.silences())[0].silence.id
    assert (await client.post(f"/silences/{known}/end", data=token)).status_code == 303
    assert await town.view.silences() == []


async def test_what_is_not_known_is_said_in_both_languages(client: httpx.AsyncClient) -> None:
    await come_in(client)
    answer = await client.get("/incidents/0123456789abcdef")
    assert answer.status_code == 404 and "没有这个事件" in answer.text
    await client.get("/language/en")
    assert "This incident is not known" in (await client.get("/incidents/0123456789abcdef")).text
    for place in ("/nowhere", "/cases/unknown?brand=A", "/settings?paper=../secrets", "/language/fr"):
        assert (await client.get(place)).status_code == 404, place
    for place in ("/sentiment/texts?series=nonsense&start=x", "/sentiment/texts?series=brand%3DA&start=never"):
        assert (await client.get(place)).status_code == 400, place


async def test_a_store_that_went_away_takes_no_page_down(town: Town, tmp_path: Path) -> None:
    class Gone(MemoryStore):
        def series(self, brand: str | None = None) -> list[str]:
            raise Unavailable("the series store does not answer")

        def buckets(self, *_: object) -> Any:
            raise Unavailable("the series store does not answer")

    name = await opened(town)
    async with asking(make_app(parts_of(town, tmp_path, store=Gone()))) as client:
        await come_in(client)
        for place in ("/sentiment", "/tuning", "/health", f"/incidents/{name}"):
            answer = await client.get(place)
            assert answer.status_code == 503 and "请稍后再试" in answer.text, place
        assert (await client.get("/board")).status_code == 200


async def test_a_store_file_that_was_removed_is_an_answer_too(town: Town, tmp_path: Path) -> None:
    store = SqliteStore(StoreSettings(path=tmp_path / "none" / "series.sqlite"))
    async with asking(make_app(parts_of(town, tmp_path, store=store))) as client:
        await come_in(client)
        assert (await client.get("/sentiment")).status_code in (200, 400, 503)


HOSTILE = "<script>alert(1)</script>\u202egnp.exe\u2066\x00" + "长" * 100_000


async def test_hostile_text_is_shown_and_does_nothing(client: httpx.AsyncClient, town: Town) -> None:
    name = await opened(town, text=HOSTILE, phrases=("<img src=x onerror=alert(1)>", "\u202e\u2067"))
    await come_in(client, "lin")
    for place in ("/", f"/incidents/{name}", f"/incidents/{name}/report"):
        page = (await client.get(place)).text
        assert "<script>alert" not in page and "<img" not in page
        assert "&lt;script&gt;alert(1)" in page and "\u202e" not in page and "\x00" not in page
        assert "长" * 1000 not in page


async def test_dead_letters_are_shown_and_sent_again(town: Town, tmp_path: Path) -> None:
    desk = Desk(town.config)
    desk.dead = [
        DeadLetter(id=f"d{one}", at=NOON, source="web", place=f"row {one}", reason="no time", raw_masked="{}")
        for one in range(3)
    ]
    async with asking(make_app(parts_of(town, tmp_path, letters=desk))) as client:
        token = await come_in(client)
        assert "row 2" in (await client.get("/health")).text
        assert (await client.post("/health/requeue", data={"token": token})).status_code == 400
        answer = await client.post("/health/requeue", data={"token": token, "letter": ["d0", "d2"]})
        assert answer.status_code == 303
        assert [one.id for one in desk.dead] == ["d1"]


async def test_rules_are_checked_before_they_hold(town: Town, tmp_path: Path) -> None:
    desk = Desk(town.config)
    async with asking(make_app(parts_of(town, tmp_path, papers=desk))) as client:
        token = await come_in(client)
        words = {"token": token, "name": "rules/default.yaml", "text": "nonsense", "reason": "try"}
        assert "line 1" in (await client.post("/settings/check", data=words)).text
        assert (await client.post("/settings/save", data=words)).status_code == 422 and desk.saved == []
        assert (await client.post("/settings/save", data={**words, "text": "rules: []"})).status_code == 303
        assert desk.saved == [("rules/default.yaml", "zhao", "try")]


async def test_a_flood_is_refused(client: httpx.AsyncClient) -> None:
    token = await come_in(client)
    assert (await client.post("/settings/check", data={"token": token, "text": "x" * 400_000})).status_code == 413


async def test_pages_that_read_the_board_at_once_have_it_drawn_once(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(town)
    app = make_app(parts_of(town, tmp_path))
    drawn: list[int] = []
    read = town.view.board

    async def counted(ended: int) -> BoardView:
        drawn.append(ended)
        await asyncio.sleep(0.01)
        return await read(ended)

    monkeypatch.setattr(town.view, "board", counted)
    async with asking(app) as client:
        await come_in(client)
        listening = app.state.office.hub.listen(60, 0.01)
        await anext(listening)
        drawn.clear()
        texts = {one.text for one in await asyncio.gather(*(client.get("/board") for _ in range(20)))}
        assert len(drawn) == 1 and len(texts) == 1 and "云杉航空" in texts.pop()
        await opened(town, brand="Delta")
        await asyncio.sleep(0.1)
        texts = {one.text for one in await asyncio.gather(*(client.get("/board") for _ in range(20)))}
        assert len(drawn) == 2 and len(texts) == 1 and "Delta" in texts.pop()
        await listening.aclose()


async def test_a_duty_is_swapped_with_a_reason_in_the_time_of_the_site(town: Town, tmp_path: Path) -> None:
    desk = Desk(town.config)
    async with asking(make_app(parts_of(town, tmp_path, papers=desk))) as client:
        token = await come_in(client, "lin")
        words = {"token": token, "rota": "duty", "out": "lin", "into": "wang", "reason": "牙医"}
        times = {"start": "2026-03-02T09:00", "end": "2026-03-03T09:00"}
        for bad in ({**times, "start": "soon"}, {**times, "reason": " "}, {**times, "end": "2026-03-01T09:00"}):
            assert (await client.post("/swaps", data={**words, **bad})).status_code == 400
        assert desk.swaps == []
        assert (await client.post("/swaps", data={**words, **times})).status_code == 303
        ((rota, one, author, why),) = desk.swaps
        assert (rota, one.out, one.into, author, why) == ("duty", "lin", "wang", "lin", "牙医")
        assert one.start == datetime(2026, 3, 2, 1, tzinfo=UTC)
        page = (await client.get("/settings")).text
        assert 'id="swaps"' in page and "牙医" in page


def test_signing_in_leads_nowhere_else() -> None:
    assert [within(one) for one in ("//evil", "/\\evil", "javascript:x", "/a\nb", "/ok?x=1")] == [*["/"] * 4, "/ok?x=1"]


async def test_categories_have_their_names_wherever_they_are_shown(town: Town, tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    own = Taxonomy(categories=(CategoryTerms(category="hygiene", name="卫生", terms="蟑螂"),))
    town.store.write(
        [
            BucketRow(
                brand="A", series=f"brand=A{part}", bucket=at - timedelta(minutes=5), bucket_seconds=60,
                counts=Counts(9, 4),
            )
            for part in ("", ",category=logistics", ",category=hygiene", ",category=other", ",category=own-one")
        ]
    )  # fmt: skip
    await town.signal("A", at, 4.0, scope=",category=logistics")
    name = (await town.view.open_incidents())[0].incident
    parts = parts_of(town, tmp_path, vocabulary=vocabulary(own))
    texts = "/sentiment/texts?series=brand%3DA%2Ccategory%3Dhygiene&start=2026-03-02T03:00:00Z"
    places = {
        "board": "/",
        "mood": "/sentiment?brand=A",
        "one": f"/incidents/{name}",
        "tune": "/tuning",
        "texts": texts,
    }
    async with asking(make_app(parts)) as client:
        await come_in(client)
        shown = {}
        for language in ("zh", "en"):
            await client.get(f"/language/{language}")
            shown.update({(language, key): (await client.get(place)).text for key, place in places.items()})
    for key in ("board", "mood", "one", "tune"):
        assert "物流" in shown["zh", key] and ">logistics<" not in shown["zh", key], key
        assert "物流" not in shown["en", key] and "logistics" in shown["en", key], key
    assert all(one in shown["zh", "tune"] for one in ("A · 卫生", "A · 其他", "A · own-one"))
    assert "类别 <bdi>卫生" in shown["zh", "texts"]
