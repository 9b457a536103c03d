"""How often one person has complained lately: bounded, in event time."""

from __future__ import annotations

from datetime import datetime, timedelta


class People:
    """The last openings of each person within a window.

    Works for openings about in order; one that comes late counts where it belongs as long as it lies in the window.

    >>> from datetime import UTC
    >>> people, day = People(3, timedelta(days=30), 1_000), datetime(2026, 3, 1, tzinfo=UTC)
    >>> [people.opened("a", day + timedelta(days=days)) for days in (0, 10, 20, 45)]
    [1, 2, 3, 2]
    >>> [people.opened("b", day + timedelta(days=days)) for days in (0, 30)]
    [1, 1]
    """

    def __init__(self, most_times: int, window: timedelta, most_people: int) -> None:
        self._most_times = most_times
        self._window = window
        self._most_people = most_people
        self._times: dict[str, tuple[datetime, ...]] = {}

    def rule(self, most_times: int, window: timedelta, most_people: int) -> None:
        """Other limits from here on."""
        self._most_times, self._window, self._most_people = most_times, window, most_people

    def __len__(self) -> int:
        return len(self._times)

    def opened(self, person: str, at: datetime) -> int:
        """How many openings of this person lie within the window before ``at``, this one counted, up to the most."""
        times = sorted((*self._times.pop(person, ()), at))
        newest = times[-1]
        kept = tuple(one for one in times if one > newest - self._window)[-self._most_times :]
        self._times[person] = kept
        while len(self._times) > self._most_people:
            del self._times[next(iter(self._times))]
        return sum(at - self._window < one <= at for one in kept)
