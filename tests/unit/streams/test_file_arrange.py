"""A file is sorted, its doubtful ends are refused, its brands are bounded, its marks say how far it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Batch, Mention
from streams.batch import Placed
from streams.sources.arrange import Taken, arrange, confirmed, play
from tests.unit.streams.intake_help import source

START = datetime(2026, 1, 1, tzinfo=UTC)
FILE = source(name="file", kind="file")


def taken(number: int, at: datetime, *brands: str) -> Taken:
    return Taken(
        f"row {number}",
        tuple(
            Mention(id=f"m{number}", ts=at, received_at=at, source="file", channel="web", brand=brand, text="x")
            for brand in brands or ("Delta",)
        ),
    )


def minutes(*values: float) -> list[datetime]:
    return [START + timedelta(minutes=value) for value in values]


def test_rows_are_sorted_by_time_and_equal_times_keep_their_order() -> None:
    rows = [taken(n, at) for n, at in enumerate(minutes(3, 1, 3, 1, 2))]
    assert [row.place for row in arrange(rows).rows] == ["row 1", "row 3", "row 4", "row 0", "row 2"]


@pytest.mark.parametrize(
    "far", [[24 * 60], [-24 * 60], [24 * 60, 24 * 60 + 1], [10**7], [-(10**6), 10**7], [10**6, 10**7]]
)
def test_a_row_or_two_far_from_all_others_are_refused_and_nothing_else(far: list[float]) -> None:
    arranged = arrange([taken(n, at) for n, at in enumerate(minutes(*range(60), *far))])
    assert len(arranged.rows) == 60
    assert [row.place for row, _ in arranged.refused] == [f"row {60 + n}" for n in range(len(far))]
    assert all("no further row confirms it" in error.reason for _, error in arranged.refused)


@pytest.mark.parametrize(
    "times",
    [
        minutes(*range(60), *(2_000 + n for n in range(3))),
        minutes(*range(60), 60 + 20),
        minutes(*range(60), 60 + 11 * 60),
        minutes(*(n * 24 * 60 for n in range(60))),
        minutes(*range(18), 10**6),
        minutes(),
        minutes(1),
    ],
    ids=["three confirm one another", "20 minutes", "under 12 hours", "daily", "too short to tell", "none", "one"],
)
def test_what_is_plausible_is_kept(times: list[datetime]) -> None:
    assert confirmed(times) == (0, len(times))


def test_at_most_so_many_brands_are_kept_the_largest_ties_by_name() -> None:
    brands = ["A", "A", "C", "B", "D", "other", "other"]
    rows = [taken(n, at, brand) for n, (at, brand) in enumerate(zip(minutes(*range(7)), brands, strict=True))]
    arranged = arrange(rows, max_brands=2)
    assert [row.mentions[0].brand for row in arranged.rows] == ["A", "A", "other", "B", "other", "other", "other"]
    assert arranged.folded == {"C": 1, "D": 1}


def test_a_text_about_two_small_brands_counts_once_under_other() -> None:
    arranged = arrange([taken(0, START, "A"), taken(1, START, "A"), taken(2, START, "B", "C")], max_brands=1)
    assert [mention.brand for mention in arranged.rows[2].mentions] == ["other"]


def test_many_thousand_brands_fold_into_few() -> None:
    one = taken(0, START).mentions[0]
    rows = [Taken("row", (one.model_copy(update={"brand": f"brand {n}"}),)) for n in range(20_000)]
    arranged = arrange(rows, max_brands=200)
    assert len({mention.brand for row in arranged.rows for mention in row.mentions}) == 201
    assert sum(arranged.folded.values()) == 19_800


def stepwise(steps: list[list[Placed]]) -> dict[int, list[Batch]]:
    found: dict[int, list[Batch]] = {}
    for step in steps:
        for partition, batch in step:
            found.setdefault(partition, []).append(batch)
    return found


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=40), st.integers(1, 9), st.integers(1, 5))
def test_in_every_partition_marks_follow_the_records_and_nothing_is_late(
    seconds: list[int], every: int, partitions: int
) -> None:
    rows = arrange(taken(n, START + timedelta(seconds=s)) for n, s in enumerate(seconds)).rows
    steps = list(play(rows, FILE, partitions, every=every))
    by_partition = stepwise(steps)
    assert sorted(by_partition) == list(range(partitions))
    played = [one for batches in by_partition.values() for batch in batches for one in batch.mentions]
    assert sorted(one.id for one in played) == sorted(f"m{n}" for n in range(len(seconds)))
    for batches in by_partition.values():
        reached = datetime.min.replace(tzinfo=UTC)
        for batch in batches[:-1]:
            assert all(one.ts >= reached for one in batch.mentions)
            reached = batch.progress or reached
        assert batches[-1].end and not any(batch.end for batch in batches[:-1])


def test_sources_named_by_the_rows_are_kept_and_the_smallest_beyond_sixty_are_folded() -> None:
    def said_by(number: int, source: str) -> Taken:
        one = taken(number, START + timedelta(seconds=number))
        return Taken(one.place, tuple(each.model_copy(update={"source": source}) for each in one.mentions))

    few = arrange([said_by(n, f"s{n % 3}") for n in range(30)]).rows
    assert {row.mentions[0].source for row in few} == {"s0", "s1", "s2"}
    many = arrange([said_by(n, f"s{n % 100}") for n in range(160)]).rows
    assert len({row.mentions[0].source for row in many}) == 61
    assert sum(row.mentions[0].source == "other" for row in many) == 40
