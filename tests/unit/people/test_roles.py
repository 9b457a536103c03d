"""What each role may do: the whole table, written out."""

from __future__ import annotations

import pytest

from contracts.access import LEAST, Action, Role, may

TABLE = {
    "view": (True, True, True, True),
    "ack": (False, True, True, True),
    "silence": (False, True, True, True),
    "plan": (False, True, True, True),
    "feedback": (False, True, True, True),
    "swap": (False, True, True, True),
    "tune": (False, False, True, True),
    "rules": (False, False, True, True),
    "requeue": (False, False, True, True),
    "people": (False, False, False, True),
}


@pytest.mark.parametrize("action", list(TABLE))
def test_each_role_may_do_what_the_table_says(action: str) -> None:
    assert tuple(may(role, action) for role in ("viewer", "duty", "analyst", "admin")) == TABLE[action]


def test_no_action_is_left_out_and_who_is_unknown_may_nothing() -> None:
    assert set(TABLE) == set(Action) == set(LEAST)
    assert not any(may(role, action) for role in ("", "root", "ADMIN") for action in Action)
    assert not any(may(role, action) for role in Role for action in ("", "delete", "VIEW"))
