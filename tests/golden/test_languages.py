"""Messages in Chinese and in English, groups, pages with a link, and what other systems are sent, word for word.

``FENGHUO_GOLDEN=write pytest tests/golden/test_languages.py`` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from alerts.notify.bodies import alertmanager, pagerduty
from alerts.notify.templates import group, message
from alerts.settings import Language
from contracts.records import CommandKind, IncidentEvent
from tests.acceptance.duty_story import Night
from tests.golden.test_messages import SHANGHAI, STORY

FOLDER = Path(__file__).parent / "messages"
LINK = "https://fenghuo.example.org/ack/TOKEN"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def same(text: str, path: Path) -> None:
    if os.environ.get("FENGHUO_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STORY)
def test_a_message_in_one_language_reads_as_it_did(name: str, lang: Language) -> None:
    made = message(STORY[name], SHANGHAI, lang)
    same(f"{made.line}\n\n{made.title}\n\n{made.text}\n", FOLDER / lang / f"{name}.txt")


@pytest.mark.parametrize("lang", ["both", *LANGUAGES])
def test_a_group_names_the_gravest_and_lists_the_rest(lang: Language) -> None:
    made = group(list(STORY.values()) * 4, SHANGHAI, lang)
    assert made.event.tier.value == "red"
    same(f"{made.line}\n\n{made.title}\n\n{made.text}\n", FOLDER / f"group.{lang}.txt")


async def night() -> list[IncidentEvent]:
    """An incident that is silenced, escalated and taken on."""
    told = Night().push("1:00", 4.0).says("7:00", CommandKind.ACK, incident="open", by="wang")
    told.says("8:00", CommandKind.SILENCE, lasts=600)
    return (await told.play("9:00")).events


@pytest.mark.parametrize("lang", ["both", *LANGUAGES])
async def test_what_people_do_reads_as_it_did(lang: Language) -> None:
    events = await night()
    assert [one.event.value for one in events] == ["opened", "escalated", "acknowledged", "silenced"]
    made = [message(one, SHANGHAI, lang, LINK if one.detail.step is not None else "") for one in events]
    same("\n\n".join(one.text for one in made) + "\n", FOLDER / f"people.{lang}.txt")


@pytest.mark.parametrize("name", ["promoted", "resolved"])
def test_bodies_for_other_systems_read_as_they_did(name: str) -> None:
    made = message(STORY[name], SHANGHAI, "en", LINK)
    bodies = {"pagerduty": pagerduty(made, "KEY")[0], "alertmanager": alertmanager(made, "tickets")}
    same(orjson.dumps(bodies, option=orjson.OPT_INDENT_2).decode() + "\n", FOLDER / f"bodies.{name}.json")


async def test_an_acknowledgement_acknowledges_at_pagerduty_too() -> None:
    acknowledged = (await night())[2]
    (body,) = pagerduty(message(acknowledged), "KEY")
    assert body == {"routing_key": "KEY", "dedup_key": acknowledged.incident, "event_action": "acknowledge"}
