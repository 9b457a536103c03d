"""Dead letters for the console: the newest ones, and sending them through intake again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from contracts.errors import Invalid
from contracts.records import DeadLetter
from fenghuo.requeue import read_letters, send_again
from fenghuo.settings import Runtime

log = logging.getLogger("fenghuo.console")


class LogLetters:
    """Implements :class:`contracts.desk.Letters` over the topic ``dead``."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def letters(self, limit: int = 200) -> Sequence[DeadLetter]:
        """The newest ones, the newest first; raises Unavailable."""
        return list(reversed(await read_letters(self._runtime)))[:limit]

    async def requeue(self, ids: Sequence[str], author: str) -> Mapping[str, int]:
        """Send them through intake again; raises Unavailable, and Invalid for an id that is not known."""
        known = {one.id: one for one in await read_letters(self._runtime)}
        unknown = sorted(set(ids) - set(known))
        if unknown:
            raise Invalid(f"no dead letter is called {unknown[0]}; the list is read anew when the page is")
        done = await send_again([known[one] for one in dict.fromkeys(ids)], self._runtime)
        log.warning("%s sent %d dead letters again: %d accepted", author, len(ids), done.accepted)
        return {"accepted": done.accepted, "refused": done.refused, "skipped": done.skipped}
