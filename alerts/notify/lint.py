"""Mistakes of receivers and paging that the settings alone do not show, for ``fenghuo check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import SecretStr

from alerts.duty.settings import DutySettings
from alerts.settings import AppriseSettings, ReceiverSettings


def problems(receivers: ReceiverSettings) -> list[str]:
    """Receivers that cannot be built, each as a sentence that says what to do; empty when all is well."""
    given = [one for one in receivers.receivers if isinstance(one, AppriseSettings)]
    return address_problems({f"receivers.yaml: receiver {one.name}": one.url for one in given})


def address_problems(addresses: Mapping[str, SecretStr]) -> list[str]:
    """Addresses that apprise can make nothing of, by what holds them; the library is loaded only if there are any."""
    if not addresses:
        return []
    from alerts.notify.services import refusal

    refused = [(place, refusal(url)) for place, url in addresses.items()]
    return [f"{place}: {why}" for place, why in refused if why]


def longest_page(duty: DutySettings, patience: timedelta) -> Iterator[str]:
    """Whether paging somebody whose channels all hang takes longer than the dead-man's switch waits.

    The people of a step are paged side by side, the channels of one after each other.
    """
    if not duty.escalation or not duty.people:
        return
    longest = max(duty.people, key=lambda one: len(one.channels))
    takes = duty.next_after * len(longest.channels)
    if takes > patience:
        yield (
            f"FENGHUO_DEADMAN: patience ({patience}) is shorter than paging {longest.name} takes when every"
            f" channel hangs ({len(longest.channels)} channels, next_after {duty.next_after} in duty.yaml: {takes}), so"
            " the switch would fall silent meanwhile; make next_after shorter, patience longer, or name fewer channels"
        )
