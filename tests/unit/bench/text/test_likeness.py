"""The benches of copies and clusters measure what they say."""

from __future__ import annotations

from random import Random

import pytest

from bench.text._edits import edited
from bench.text._matters import MATTERS, matters
from bench.text.clusters import placed, table
from bench.text.copies import flood, matter, pairs

TEXT = "客服三天不回复我的消息，退款也一直没有到账，太失望了😡"


def test_edits_are_light_and_never_leave_a_text_as_it_was() -> None:
    random = Random(1)
    found = [edited(TEXT, random, 0.05) for _ in range(200)]
    assert len(set(found)) > 190
    assert all(abs(len(one) - len(TEXT)) < 30 for one in found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_copies_are_told_from_independent_complaints(lang: str) -> None:
    precision, recall = pairs(lang, 0.05, 400, Random(1))
    assert min(precision, recall) >= 0.95
    assert flood(lang, 1000, Random(1)) == 1
    assert matter(lang, Random(1)) == 100


def test_matters_come_in_order_of_time_among_as_many_others() -> None:
    said, truth = matters("zh", Random(1))
    assert [one[0] for one in said] == sorted(one[0] for one in said)
    assert set(truth) == {-1, *range(MATTERS)}
    assert abs(truth.count(-1) - len(truth) / 2) < 1


def test_the_table_names_the_largest_clusters_and_their_messages_and_no_text() -> None:
    said, truth = matters("en", Random(2))
    found = placed(said)
    told = table(found)
    lines = [line for line in told.splitlines() if line.startswith("| 1")]
    assert lines and " v" in lines[0]
    assert not any(text in told for _, _, text in said)
    sizes = [int(line.split("|")[3]) for line in told.splitlines()[4:]]
    assert sizes == sorted(sizes, reverse=True) and len(sizes) == 10
    pure = [name for name, cluster in found if cluster is not None and cluster.voices > 1]
    assert len(pure) > len(truth) / 3
