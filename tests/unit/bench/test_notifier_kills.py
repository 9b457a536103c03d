"""The bench that kills the telling stage counts what it must: untold, told again with and without a cause."""

from __future__ import annotations

from collections import Counter

import httpx

from bench.notifier_kills import PARTITIONS, Tally, change, key
from bench.postbox import Postbox
from contracts.series import partition_of


def test_each_repeat_needs_a_cause_of_its_own() -> None:
    tally = Tally(sent=5, caught={("a", 1), ("b", 1), ("c", 1)})
    got = Counter({"a": 2, "b": 3, "c": 1, "d": 2})
    assert tally.verdict(got) == (1, 2, 2, 1)


def test_changes_are_distinct_and_in_both_partitions() -> None:
    made = [change(number) for number in range(500)]
    assert len({key(one.incident, one.seq) for one in made}) == 500
    assert {partition_of(one.brand, PARTITIONS) for one in made} == set(range(PARTITIONS))
    assert all(one.notify for one in made)


def test_a_postbox_counts_by_key() -> None:
    with Postbox() as box, httpx.Client(trust_env=False) as client:
        for name in ("a", "b", "a"):
            assert client.post(box.url, content=b"{}", headers={"Idempotency-Key": name}).status_code == 204
        assert box.seen() == Counter({"a": 2, "b": 1})
