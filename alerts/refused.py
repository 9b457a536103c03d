"""Refused acknowledgement links, for the ledger: who tried what, without the token that was tried. Pure.

In the flow: the page (:mod:`alerts.api`) → :class:`RefusedLinks` → a command of kind ``link`` → the ledger. Anybody can
make up tokens, so forged ones are told at most once in :data:`EVERY`, with how many there were; of one signed link each
reason is told once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import JsonValue

from alerts.notify.links import Claim
from contracts.records import Command, CommandKind
from contracts.records.incident import rfc3339

EVERYBODY = "*"
SOMEBODY = "somebody"
"""Who tried it: a link opens for whoever has it, so its person is known and the one who opened it is not."""
EVERY = timedelta(minutes=10)
MOST = 1_000
"""Links that are remembered; the log takes each once all the same."""


class RefusedLinks:
    """What one process has refused.

    Parameters
    ----------
    name
        Begins the ids of commands about forged links; another one for each process and start.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: dict[str, None] = {}
        self._forged = 0
        self._next: datetime | None = None

    def note(self, why: str, claim: Claim | None, now: datetime) -> Command | None:
        """What the ledger is to be told of this refusal, if anything.

        >>> from datetime import UTC
        >>> refused, now = RefusedLinks("a"), datetime(2026, 1, 1, tzinfo=UTC)
        >>> [one and one.args["times"] for one in (refused.note("forged", None, now + n * EVERY / 2) for n in range(3))]
        [1, None, 2]
        """
        return self._of_forged(now) if claim is None else self._of_claim(why, claim, now)

    def _of_forged(self, now: datetime) -> Command | None:
        self._forged += 1
        if self._next is not None and now < self._next:
            return None
        args: dict[str, JsonValue] = {"why": "forged", "times": self._forged}
        self._next, self._forged = now + EVERY, 0
        return _command(f"{self._name}-{rfc3339(now)}", now, args)

    def _of_claim(self, why: str, claim: Claim, now: datetime) -> Command | None:
        name = f"{why}-{claim.id}"
        if name in self._told:
            return None
        self._told[name] = None
        if len(self._told) > MOST:
            del self._told[next(iter(self._told))]
        args: dict[str, JsonValue] = {
            "why": why,
            "link": claim.id,
            "incident": claim.incident,
            "of": claim.brand,
            "for": claim.person,
            "step": claim.step,
            "expires": rfc3339(claim.expires),
        }
        return _command(name, now, args)


def _command(name: str, now: datetime, args: dict[str, JsonValue]) -> Command:
    return Command(
        id=name,
        kind=CommandKind.LINK,
        brand=EVERYBODY,
        author=SOMEBODY,
        issued_at=now,
        reason="an acknowledgement link was refused",
        args=args,
    )
