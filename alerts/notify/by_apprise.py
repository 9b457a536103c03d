"""Chat programs, mail and a hundred other services through the apprise library.

The library blocks, so it runs in a thread. Where its addresses may lead: :mod:`alerts.notify.services`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import apprise
from pydantic import SecretStr

from alerts.notify.addresses import PRIVATE, Network
from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Answer, Rejected, Retry, Sent
from alerts.notify.render import Message
from alerts.notify.services import PrivateAddress, Services, refusal
from contracts.errors import InvalidSettings
from contracts.records import IncidentEventKind, Tier

_THREADS = 2
"""Of each receiver: a service that hangs holds up itself alone, not what else runs in threads."""
_GOOD = (IncidentEventKind.RESOLVED, IncidentEventKind.DEMOTED, IncidentEventKind.ACKNOWLEDGED)


class Apprise:
    """One apprise address.

    Works for whatever apprise knows. It says only whether a message went out, so every failure is worth a retry;
    a thread that outlives its deadline cannot be stopped and may still deliver: such a message can come twice.
    """

    def __init__(self, name: str, url: SecretStr, private: Sequence[Network] = ()) -> None:
        why = refusal(url)
        if why:
            raise InvalidSettings("receivers.yaml", f"receiver {name}: {why}")
        self.name = name
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix=f"apprise-{name}")
        self._services = Services(url, private)

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """One attempt, in a thread."""
        seconds = deadline.remaining()
        if seconds <= 0:
            return Retry("no time left")
        try:
            async with asyncio.timeout(seconds):
                loop = asyncio.get_running_loop()
                result = await loop.run_in_executor(self._threads, self._notify, message, seconds)
        except TimeoutError:
            return Retry("no answer in time")
        except PrivateAddress:
            return Rejected(PRIVATE)
        except (TypeError, apprise.exception.AppriseException) as error:
            return Rejected(f"apprise refused the message ({type(error).__name__})")
        return Sent() if result else Retry("the service did not take it")

    def _notify(self, message: Message, seconds: float) -> bool:
        tier = message.event.tier
        kind = (
            apprise.NotifyType.SUCCESS
            if message.event.event in _GOOD
            else apprise.NotifyType.FAILURE
            if tier is Tier.RED
            else apprise.NotifyType.INFO
            if tier is Tier.BLUE
            else apprise.NotifyType.WARNING
        )
        return self._services.notify(
            body=message.text,
            title=message.title,
            notify_type=kind,
            body_format=apprise.NotifyFormat.TEXT,
            timeout=seconds,
        )
