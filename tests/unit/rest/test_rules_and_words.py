"""Rules and feedback over the API."""

from __future__ import annotations

from pathlib import Path

from contracts.codec import decode_mixed
from contracts.records import Command, Verdict, feedback_of
from contracts.topics import Topic
from tests.unit.alerts.given import mark, signal
from tests.unit.rest.house import PLACE, House

ANY = """
rules:
  - name: any
    match: {}
    steps: [{tier: blue, score: 1}, {tier: yellow, score: 2}]
"""


async def test_the_rules_in_force_are_those_of_the_settings_until_somebody_puts_others(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(mark(60))
    before = (await house.ask("GET", "/rules?brand=Delta")).json()
    assert before["version"] == ""
    assert len(before["rules"]["rules"]) == len(house.config.policy.rules.rules)
    put = await house.ask("PUT", "/rules", "analyst", json={"yaml": ANY, "reason": "fewer"})
    assert put.status_code == 202
    await house.settle()
    after = (await house.ask("GET", "/rules?brand=Delta")).json()
    assert [one["name"] for one in after["rules"]["rules"]] == ["any"]
    assert after["version"] == put.json()["command"]
    assert (await house.ask("GET", "/rules")).json()["rules"] == after["rules"]
    (version,) = (await house.ask("GET", "/rules/versions")).json()
    assert (version["author"], version["reason"], version["brand"]) == ("lin", "fewer", "*")
    said = (await house.ask("GET", f"/rules/versions/{version['id']}")).json()
    assert (said["version"], said["brand"]) == (version["id"], "*")
    assert said["rules"]["rules"] == after["rules"]["rules"]
    unknown = await house.ask("GET", "/rules/versions/nosuch")
    assert (unknown.status_code, unknown.json()["what"]) == (404, "no version of the rules has this id")
    await house.tell(signal(125, 2.5))
    assert (await house.ask("GET", "/incidents")).json()["items"][0]["rule"] == "any"
    assert house.ledger("command.rules")


async def test_what_is_read_can_be_put_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(mark(60))
    rules = (await house.ask("GET", "/rules")).json()["rules"]
    checked = (await house.ask("POST", "/rules/check", "viewer", json={"rules": rules})).json()
    assert checked == {"problems": [], "rules": len(rules["rules"])}
    put = await house.ask("PUT", "/rules", "analyst", json={"rules": rules, "reason": "as it was", "brand": "Delta"})
    assert put.status_code == 202
    await house.settle()
    assert (await house.ask("GET", "/rules?brand=Delta")).json()["rules"] == rules


async def test_a_wrong_key_of_a_body_is_named_with_the_nearest(tmp_path: Path) -> None:
    house = House(tmp_path)
    wrong = await house.ask("PUT", "/rules", "analyst", json={"yaml": ANY, "reason": "x", "raeson": "y"})
    assert (wrong.status_code, wrong.json()["where"]) == (422, "body.raeson")
    assert wrong.json()["what"] == "no such key; did you mean reason?"
    short = await house.ask("PUT", "/rules", "analyst", json={"yaml": ANY, "reason": ""})
    assert short.json()["what"] == "must not be empty"
    assert (await house.ask("GET", "/rules?brand=" + "x" * 300)).json()["what"] == "must have at most 200 characters"


async def test_mistakes_are_named_and_nothing_is_put(tmp_path: Path) -> None:
    house = House(tmp_path)
    tried: list[tuple[dict[str, object], str]] = [
        ({"yaml": "rules: [{name: a, match: {kind: [volume.spik]}}]"}, "rules line 1"),
        ({"yaml": "rules: [: "}, "not YAML"),
        (
            {"yaml": "rules: [{name: a, match: {}, steps: [{tier: blue, scroe: 1}]}]"},
            "no such key; did you mean score?",
        ),
        ({"rules": {"rules": [{"name": "a", "mach": {}}]}}, "must be given"),
        ({"yaml": "a: &x 1\nb: *x"}, "aliases"),
        ({"rules": {"rules": [{"name": "a"}]}}, "rules.0.match"),
        ({"yaml": "rules: []"}, "no rule"),
        ({}, "either as yaml or as rules"),
        ({"yaml": ANY, "rules": {}}, "either as yaml or as rules"),
    ]
    for body, sentence in tried:
        checked = (await house.ask("POST", "/rules/check", "viewer", json=body)).json()
        assert any(sentence in one for one in checked["problems"])
        put = await house.ask("PUT", "/rules", "analyst", json={**body, "reason": "why not"})
        assert put.status_code == 422
        assert sentence in put.json()["what"]
    assert (await house.ask("PUT", "/rules", "analyst", json={"yaml": ANY})).json()["where"] == "body.reason"
    assert house.commands() == []


async def test_a_word_is_said_listed_and_taken_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    (card,) = (await house.ask("GET", "/incidents")).json()["items"]
    body = {"incident": card["incident"], "verdict": "expected", "comment": "a sale"}
    said = await house.ask("POST", "/feedback", json=body, headers={"Idempotency-Key": "word-0001"})
    assert (said.status_code, said.json()["command"]) == (202, "word-0001")
    (message,) = house.log.messages(Topic.COUNTS, PLACE)
    (command,) = decode_mixed(message.value)
    assert isinstance(command, Command)
    word = feedback_of(command)
    assert word is not None
    assert (word.verdict, word.until.isoformat() if word.until else "") == (
        Verdict.EXPECTED,
        "2026-03-03T12:01:00+00:00",
    )
    (listed,) = (await house.ask("GET", "/feedback")).json()["items"]
    assert (listed["id"], listed["author"], listed["comment"], listed["holds"]) == ("word-0001", "lin", "a sale", True)
    assert (await house.ask("GET", "/feedback?brand=United")).json()["items"] == []
    house.clock.advance(1)
    assert (await house.ask("DELETE", "/feedback/word-0001")).status_code == 202
    items = (await house.ask("GET", "/feedback")).json()["items"]
    assert [(one["undoes"], one["holds"]) for one in items if one["id"] == "word-0001"] == [("", False)]
    assert (await house.ask("DELETE", "/feedback/word-0001")).status_code == 404


async def test_a_word_that_means_nothing_is_refused(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    (card,) = (await house.ask("GET", "/incidents")).json()["items"]
    name = card["incident"]
    past = {"incident": name, "verdict": "expected", "until": "2026-03-02T12:00:00Z"}
    answer = await house.ask("POST", "/feedback", json=past)
    assert (answer.status_code, "ends in the future" in answer.json()["what"]) == (422, True)
    assert (await house.ask("POST", "/feedback", json={"incident": name, "verdict": "maybe"})).status_code == 422
    unknown = await house.ask("POST", "/feedback", json={"incident": "ffffffffffffffff", "verdict": "true"})
    assert unknown.status_code == 404
    assert house.log.messages(Topic.COUNTS, PLACE) == []
