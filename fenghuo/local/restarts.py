"""When a dead child is started again, and when it is given up: a pure rule."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0


@dataclass(frozen=True, slots=True)
class Restarts:
    """Counts quick deaths in a row; one long enough life clears the count.

    The first restart comes almost at once (a worker with static membership then keeps its partitions), the next ones
    wait twice as long each time. Give-up means: it dies faster than anything outside could come back.

    >>> rule = Restarts(limit=3)
    >>> rule, delay = rule.after(lived=0.5); delay
    0.1
    >>> rule, delay = rule.after(lived=0.5); delay
    0.2
    >>> rule.after(lived=0.5)[1] is None
    True
    >>> rule.after(lived=60)[1]
    0.1
    """

    limit: int = 8
    healthy_seconds: float = 10.0
    quick_deaths: int = 0

    def after(self, lived: float) -> tuple[Restarts, float | None]:
        """The rule after one more death, and seconds to wait; None gives up."""
        deaths = 1 if lived >= self.healthy_seconds else self.quick_deaths + 1
        following = Restarts(self.limit, self.healthy_seconds, deaths)
        if deaths >= self.limit:
            return following, None
        return following, min(FIRST_DELAY * 2.0 ** (deaths - 1), LONGEST_DELAY)
