"""Chat programs, mail and a hundred other services through the apprise library.

The library blocks, so it runs in a thread. Its address holds the secret and is never logged or shown; since the
library's own log shows it ("Unparseable URL …"), that log is switched off.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import apprise
from pydantic import SecretStr

from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Answer, Rejected, Retry, Sent
from alerts.notify.render import Message
from contracts.errors import InvalidSettings
from contracts.records import IncidentEventKind, Tier

logging.getLogger("apprise").disabled = True

_THREADS = 2
"""Of each receiver: a service that hangs holds up itself alone, not what else runs in threads."""
_GOOD = (IncidentEventKind.RESOLVED, IncidentEventKind.DEMOTED, IncidentEventKind.ACKNOWLEDGED)


class Apprise:
    """One apprise address.

    Works for whatever apprise knows. It says only whether a message went out, so every failure is worth a retry;
    a thread that outlives its deadline cannot be stopped and may still deliver: such a message can come twice.
    """

    def __init__(self, name: str, url: SecretStr) -> None:
        self.name = name
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix=f"apprise-{name}")
        self._apprise = apprise.Apprise()
        if not self._apprise.add(url.get_secret_value()):
            raise InvalidSettings("receivers.yaml", f"receiver {name}: apprise does not know this kind of url")

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
        return bool(
            self._apprise.notify(
                body=message.text,
                title=message.title,
                notify_type=kind,
                body_format=apprise.NotifyFormat.TEXT,
                timeout=seconds,
            )
        )
