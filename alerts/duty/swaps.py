"""Swaps on duty that people command while the system runs: the same for everybody, and part of the log.

In the flow: a command of kind ``swap`` → :class:`SwapFollower` behind deciding, which passes it on to the topic
``incidents`` before anything that is paged later → the notifier pages who stands in. Swaps that were commanded follow
those of ``duty.yaml``, a later one the earlier ones (:func:`alerts.duty.rota.stand_in`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from pydantic import ValidationError

from alerts.duty.rota import people_between
from alerts.duty.settings import DutySettings, Swap
from alerts.followers import Commanded, Entry, Happening
from contracts.records import Command, CommandKind, Mark
from contracts.topics import Topic

LONGEST = timedelta(days=60)
MOST = 200
"""Swaps that are kept; of more, the oldest give way."""


@dataclass(frozen=True, slots=True)
class KnownSwap:
    """One swap, by whose command."""

    id: str
    rota: str
    swap: Swap
    author: str = ""


def swap_of(command: Command) -> KnownSwap | None:
    """What a command says, or ``None`` when it is no swap that can be followed.

    >>> from datetime import UTC
    >>> args = {"rota": "duty", "out": "lin", "into": "wang", "start": "2026-03-02T09:00:00+08:00",
    ...         "end": "2026-03-03T09:00:00+08:00"}
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> one = Command(id="a", kind="swap", brand="*", author="lin", issued_at=noon, args=args)
    >>> swap_of(one).swap.into, swap_of(one.model_copy(update={"args": {**args, "end": args["start"]}}))
    ('wang', None)
    """
    if command.kind is not CommandKind.SWAP:
        return None
    args = dict(command.args)
    rota = args.pop("rota", None)
    try:
        swap = Swap.model_validate({**args, "comment": command.reason})
    except ValidationError:
        return None
    if not isinstance(rota, str) or not swap.start < swap.end <= swap.start + LONGEST:
        return None
    return KnownSwap(command.id, rota, swap, command.author)


def with_swaps(duty: DutySettings, known: Mapping[str, KnownSwap]) -> DutySettings:
    """The duty as it is under these swaps; those of rotas or people it does not know are left out."""
    people = {one.name for one in duty.people}
    rotas = []
    for rota in duty.rotas:
        mine = (one.swap for one in known.values() if one.rota == rota.name and one.swap.into in people)
        rotas.append(rota.model_copy(update={"swaps": (*rota.swaps, *mine)}))
    return duty.model_copy(update={"rotas": tuple(rotas)})


def made_before(known: Mapping[str, KnownSwap], name: str | None) -> dict[str, KnownSwap]:
    """The swaps that were made before the one of this command; all while it is not known."""
    return dict(takewhile(lambda pair: pair[0] != name, known.items()))


def refusal(duty: DutySettings, rota: str, swap: Swap, now: datetime) -> tuple[str, str, str] | None:
    """Why a swap cannot be: which field, what is wrong, what would do; ``None`` when it can.

    ``duty`` is the one that the swaps before it have made (:func:`with_swaps`).
    """
    rotas, people = {one.name: one for one in duty.rotas}, [one.name for one in duty.people]
    if rota not in rotas:
        return "rota", f"no rota is called {rota}", f"one of: {', '.join(rotas) or 'none'}"
    for name, given in (("out", swap.out), ("into", swap.into)):
        if given not in people:
            return name, f"nobody in duty.yaml is called {given}", f"one of: {', '.join(people)}"
    if swap.out == swap.into:
        return "into", f"{swap.into} cannot stand in for {swap.out}", "name two people"
    if not swap.start < swap.end <= swap.start + LONGEST:
        return "end", f"a swap ends after it starts and lasts at most {LONGEST.days} days", "mend it"
    if swap.end <= now:
        return "end", "it would be over already", "later"
    there = people_between(rotas[rota], max(swap.start, now), swap.end)
    if swap.out not in there:
        return "out", f"{swap.out} has no duty on {rota} in that time", f"on duty then: {', '.join(there) or 'nobody'}"
    return None


class Swaps:
    """The swaps commanded so far, at most :data:`MOST`; those that are over are forgotten. Picklable."""

    def __init__(self) -> None:
        self.known: dict[str, KnownSwap] = {}
        """By command, oldest first."""

    def heed(self, command: Command) -> bool:
        """Whether it is a swap and had not been heard."""
        one = swap_of(command)
        if one is None or one.id in self.known:
            return False
        self.known[one.id] = one
        while len(self.known) > MOST:
            del self.known[next(iter(self.known))]
        return True

    def forget(self, now: datetime) -> None:
        """Let go of what is over."""
        for name in [name for name, one in self.known.items() if one.swap.end <= now]:
            del self.known[name]


class SwapFollower:
    """Implements :class:`alerts.followers.Follower`: every partition passes each swap on once."""

    name = "swaps"
    claims = frozenset({CommandKind.SWAP})

    def __init__(self) -> None:
        self.swaps = Swaps()

    def follow(self, happening: Happening) -> Iterator[Entry]:
        """Pass a swap on."""
        if isinstance(happening, Mark):
            self.swaps.forget(happening.at)
        elif isinstance(happening, Commanded) and happening.refused is None and self.swaps.heed(happening.command):
            yield Entry(Topic.INCIDENTS, happening.command.brand, happening.command)

    def next_due(self, brand: str) -> datetime | None:
        """Nothing: a swap begins and ends by the time of what is paged."""
        return None

    def adopt(self, fresh: SwapFollower) -> bool:
        """It has no settings."""
        return True
