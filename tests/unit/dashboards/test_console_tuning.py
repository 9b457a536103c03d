"""The tuning page without a browser: comparing, applying, taking back, and what is on trial."""

from __future__ import annotations

import re
from pathlib import Path

from contracts.clock import SystemClock
from dashboards.console.app import make_app
from fenghuo.tuning.desk import TuningDesk
from tests.browser.house import parts_of
from tests.browser.town import Town
from tests.unit.dashboards.console_counts import two_weeks
from tests.unit.dashboards.console_visit import asking, come_in


async def test_two_weeks_of_counts_are_decided_again(town: Town, tmp_path: Path) -> None:
    end = two_weeks(town.store)
    await town.signal("A", end, 1.7)
    async with asking(make_app(parts_of(town, tmp_path))) as client:
        token = await come_in(client)
        words = {"token": token, "series": "brand=A", "days": "14"}
        same = (await client.post("/tuning/compare", data=words)).text
        before, after = (int(re.findall(rf'id="{name}">(\d+)<', same)[0]) for name in ("before", "after"))
        assert before == after >= 1
        strict = (
            await client.post(
                "/tuning/compare", data={**words, "budget.start": "4", "budget.lowest": "2", "budget.highest": "6"}
            )
        ).text
        assert int(re.findall(r'id="after">(\d+)<', strict)[0]) < before
        assert (await client.post("/tuning/compare", data={**words, "budget.start": "99"})).status_code == 400
        assert (await client.post("/tuning/apply", data={"token": token, "reason": "x"})).status_code == 400
        applied = {"token": token, "reason": "less noise", "budget.per_week": "1"}
        assert (await client.post("/tuning/apply", data=applied)).status_code == 303
        given = town.commands[-1]
        assert given.args["values"] == {"budget.per_week": 1.0}
        shown = (await client.get("/tuning/applied")).text
        assert "less noise" in shown and f'value="{given.id}"' in shown and "现行 1<" in shown
        back = {"token": token, "reason": "y", "undo": given.id}
        assert (await client.post("/tuning/undo", data=back)).status_code == 303
        assert town.commands[-1].args["undo"] == given.id
        assert (await client.post("/tuning/undo", data=back)).status_code == 400
        assert "less noise" not in (await client.get("/tuning/applied")).text


async def test_a_comparison_under_way_asks_again_and_the_trial_stands_beside_it(town: Town, tmp_path: Path) -> None:
    end = two_weeks(town.store)
    await town.signal("A", end, 1.7)
    settings = town.config.detect.model_copy(update={"shadow": {"per_week": 1.0}})
    desk = TuningDesk(settings, town.store, town, SystemClock(), patience=0.01)
    async with asking(make_app(parts_of(town, tmp_path, tuning=desk))) as client:
        token = await come_in(client)
        words = {"token": token, "series": "brand=A", "days": "14"}
        text = (await client.post("/tuning/compare", data=words)).text
        assert "/tuning/look" in text and "<progress" in text
        while "/tuning/look" in text:
            again = dict(re.findall(r'name="(job|start|end)" value="([^"]*)"', text))
            text = (await client.post("/tuning/look", data={**words, **again})).text
        assert 'id="after"' in text
        assert (await client.post("/tuning/look", data={**words, **again})).status_code == 204
        assert (await client.post("/tuning/look", data={**words, **again, "start": "x"})).status_code == 400
        page = (await client.get("/tuning?values=trial")).text
        assert re.search(r'name="budget.per_week"[^>]* value="1.0"', page) and "/tuning/trial" in page
        assert "还没有试行的记录" in (await client.get("/tuning/trial?series=brand=A&days=14")).text


async def test_what_needs_a_restart_is_marked_and_refused_by_name(town: Town, tmp_path: Path) -> None:
    two_weeks(town.store)
    async with asking(make_app(parts_of(town, tmp_path))) as client:
        token = await come_in(client)
        page = (await client.get("/tuning")).text
        assert re.findall(r"<code>([\w.]+)</code>(?:(?!</label>).)*须重启", page) == ["budget.start"]
        both = {"token": token, "reason": "x", "budget.start": "3", "budget.lowest": "1.5"}
        answer = await client.post("/tuning/apply", data=both)
        assert answer.status_code == 400 and "budget.start" in answer.text and "detectors.yaml" in answer.text
        assert town.commands == []
