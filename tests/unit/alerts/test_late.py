"""Of what a receiver missed, what is still true; and what the notification log says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.notify.heard import Heard, instead_of
from alerts.notify.late import ends_paging, still_true
from contracts.records import Detail, IncidentEvent, IncidentEventKind, Tier, Told
from tests.unit.alerts.given import NOON
from tests.unit.alerts.test_paging import event

KINDS = {
    "o": (IncidentEventKind.OPENED, Tier.YELLOW),
    "p": (IncidentEventKind.PROMOTED, Tier.RED),
    "d": (IncidentEventKind.DEMOTED, Tier.BLUE),
    "r": (IncidentEventKind.RESOLVED, Tier.BLUE),
    "n": (IncidentEventKind.REOPENED, Tier.ORANGE),
    "a": (IncidentEventKind.ACKNOWLEDGED, Tier.RED),
    "t": (IncidentEventKind.TASK_DONE, Tier.RED),
    "m": (IncidentEventKind.MUTED, Tier.RED),
}


def course(letters: str) -> list[IncidentEvent]:
    """An incident's events, one a letter."""
    return [event(seq, KINDS[letter][1], event=KINDS[letter][0]) for seq, letter in enumerate(letters)]


def told(letters: str, missed: str, *, wanted: bool = False) -> str:
    """What is told of a course of which the marked events (``x``) were missed."""
    events = course(letters)
    standing = [one for one, letter in zip(events, letters, strict=True) if letter in "opdrn"]
    lost = [one for one, mark in zip(events, missed, strict=True) if mark == "x"]
    news = still_true(lost, standing[-1] if standing else None, NOON, wanted=wanted)
    return "".join(letters[one.seq] for one in news)


@pytest.mark.parametrize(
    ("letters", "missed", "news"),
    [
        ("o", "x", "o"),
        ("op", "xx", "p"),
        ("opd", "xxx", "d"),
        ("op", "x.", ""),
        ("opr", "xxx", ""),
        ("opr", ".xx", "r"),
        ("opdr", "...x", "r"),
        ("opr", ".x.", ""),
        ("oprn", "xxxx", "n"),
        ("orn", ".xx", "n"),
        ("ornr", "xxxx", ""),
        ("ornr", ".xxx", "r"),
        ("oa", "xx", "oa"),
        ("opa", ".xx", "pa"),
        ("opaad", ".xxxx", "ad"),
        ("optt", "..xx", "tt"),
        ("opar", "..x.", ""),
        ("oa", ".x", "a"),
        ("om", "xx", "om"),
    ],
)
def test_how_it_stands_is_told_and_nothing_that_was_overtaken(letters: str, missed: str, news: str) -> None:
    assert told(letters, missed) == news


@pytest.mark.parametrize(("letters", "missed", "news"), [("opd", "xx.", "d"), ("opr", "xx.", ""), ("opa", "..x", "a")])
def test_how_it_stands_is_told_where_it_is_wanted_although_no_route_tells_of_it(
    letters: str, missed: str, news: str
) -> None:
    assert told(letters, missed, wanted=True) == news


def test_what_has_ended_by_its_own_word_is_not_told() -> None:
    until = NOON + timedelta(hours=1)
    silenced = event(1, event=IncidentEventKind.SILENCED, detail=Detail(until=until))
    assert still_true([silenced], None, NOON, wanted=False) == [silenced]
    assert still_true([silenced], None, until, wanted=False) == []


def test_a_page_is_over_with_an_acknowledgement_the_end_or_the_next_step() -> None:
    assert [ends_paging(one) for one in course("opdrat")] == [False, False, False, True, True, False]
    assert ends_paging(event(5, step=1))


def entry(receiver: str, outcome: str, seq: int = 0, reason: str = "") -> Told:
    return Told(
        incident="i" * 16, seq=seq, brand="Delta", receiver=receiver, outcome=outcome, told_at=NOON, reason=reason
    )


def heard(*entries: Told) -> Heard:
    made = Heard(["desk", "chat"])
    for one in entries:
        made.note(one)
    return made


def test_who_gave_up_is_down_and_missed_it_until_it_is_settled() -> None:
    key = ("i" * 16, 0, "desk")
    lost = heard(entry("desk", "gave_up"))
    assert (lost.missed, lost.done, lost.down) == ({key}, set(), {"desk"})
    for outcome, down in (("sent", set()), ("over", {"desk"}), ("rejected", {"desk"})):
        settled = heard(entry("desk", "gave_up"), entry("desk", outcome))
        assert (settled.missed, settled.done, settled.down) == (set(), {key}, down)


def test_what_a_stand_in_took_is_settled_and_what_it_was_told_for_itself_is_not() -> None:
    for reason, settled in ((instead_of("desk"), True), ("", False)):
        found = heard(entry("desk", "gave_up"), entry("chat", "sent", reason=reason))
        assert (("i" * 16, 0, "desk") in found.done) is settled
        assert (("i" * 16, 0, "desk") in found.missed) is not settled
        assert found.down == {"desk"}


def test_a_page_is_missed_when_it_reached_nobody() -> None:
    page = ("i" * 16, 0, "/")
    assert heard(entry("lin/phone", "gave_up")).missed == {page}
    assert heard(entry("lin/phone", "gave_up"), entry("wang/phone", "sent")).missed == set()
    assert heard(entry("wang/phone", "sent"), entry("lin/phone", "gave_up")).missed == set()
    assert heard(entry("lin/phone", "rejected")).missed == set()
    assert heard(entry("lin/phone", "gave_up")).down == set()
