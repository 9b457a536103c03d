"""Changes of people into the ledger: whoever has the file and the log looks now and then what is not told yet.

The console does: people mean something to it alone. A change made while none runs is told when one starts.
"""

from __future__ import annotations

import asyncio
import logging

from contracts.errors import FenghuoError
from contracts.ports import Bus
from fenghuo.commands import give
from fenghuo.people.file import PeopleFile

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0


async def tell(file: PeopleFile, bus: Bus, partitions: int) -> int:
    """Give what is not told yet to the log, and then say so in the file; how many there were.

    Killed in between it is given again under the same id, which the log takes once. Raises Invalid, Unavailable.
    """
    untold = (await asyncio.to_thread(file.book)).untold
    for change in untold:
        await give(change.command(), bus, partitions)
    if untold:
        await asyncio.to_thread(file.told, {change.id for change in untold})
    return len(untold)


async def keep_telling(file: PeopleFile, bus: Bus, partitions: int) -> None:
    """Until cancelled; what cannot be told waits in the file."""
    away = False
    while True:
        try:
            await tell(file, bus, partitions)
            away = False
        except FenghuoError as error:
            if not away:
                log.warning("changes of people are not in the ledger yet: %s", error)
            away = True
        await asyncio.sleep(LOOK_SECONDS)
