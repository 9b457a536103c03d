"""The watermark takes a short way when it can: it must stand where the long way would have put it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.watermark import HEARTBEAT, SourceClock, Watermark

SECOND = 1_000_000
PATIENCE = 60 * SECOND

names = st.sampled_from(["weibo", "shop", "mail", HEARTBEAT])
steps = st.lists(
    st.tuples(
        names,
        st.sampled_from([1, 1, 1, 1, 1, 2]).map(lambda number: number * SECOND),  # lateness
        st.one_of(st.integers(-5, 5), st.integers(-200, 200)),  # seconds from the newest time
        st.sampled_from(["show"] * 12 + ["end", "crash"]),
    ),
    max_size=60,
)


class Thorough(Watermark):
    """Looks at every source every time."""

    def source(self, name: str, lateness: int) -> SourceClock:
        """As ever, but nothing worked out before is trusted."""
        self._near_until = 0
        return super().source(name, lateness)

    def advance(self, clock: SourceClock, when: int) -> None:
        """As ever, but nothing worked out before is trusted."""
        self._near_until = 0
        super().advance(clock, when)


@given(steps)
def test_the_short_way_leads_where_the_long_way_does(sequence: list[tuple[str, int, int, str]]) -> None:
    quick: Watermark = Watermark(PATIENCE)
    thorough: Watermark = Thorough(PATIENCE)
    for name, lateness, ahead, what in sequence:
        when = max(0, quick.newest + ahead * SECOND) + 1_000 * SECOND * (quick.newest == 0)
        for mark in (quick, thorough):
            if what == "end":
                mark.end(name, when)
            else:
                mark.advance(mark.source(name, lateness), when)
        if what == "crash":
            quick = Watermark.unpack(quick.pack(), PATIENCE)
        assert (quick.value, quick.newest, quick.pack()) == (thorough.value, thorough.newest, thorough.pack())
