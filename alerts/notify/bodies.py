"""What other systems expect to be posted: PagerDuty events and what Alertmanager sends to its webhooks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.notify.render import Message, text, title
from contracts.records import IncidentEvent, IncidentEventKind, Tier
from contracts.records.incident import rfc3339

_SEVERITY = {Tier.BLUE: "info", Tier.YELLOW: "warning", Tier.ORANGE: "error", Tier.RED: "critical"}
_FIRST = "0001-01-01T00:00:00Z"
"""Alertmanager's "not yet"."""


def pagerduty(message: Message, routing_key: str) -> list[dict[str, Any]]:
    """PagerDuty Events API v2 events, one a change, as it takes no more at once. The incident is the deduplication key,
    so it triggers and resolves one alert."""
    return [_pagerduty(message, event, routing_key) for event in message.changes]


def _pagerduty(message: Message, event: IncidentEvent, routing_key: str) -> dict[str, Any]:
    body: dict[str, Any] = {"routing_key": routing_key, "dedup_key": event.incident, "event_action": _action(event)}
    if body["event_action"] != "trigger":
        return body
    summary, description = _words(message, event)
    body["payload"] = {
        "summary": summary[:1024],
        "source": event.brand,
        "severity": _SEVERITY[event.tier],
        "timestamp": rfc3339(event.at),
        "component": ",".join(f"{name}={value}" for name, value in sorted(event.scope.items())),
        "group": event.brand,
        "class": event.kind.value,
        "custom_details": {**event.line(), "text": description},
    }
    body["client"] = "Fenghuo"
    if message.link:
        body["links"] = [{"href": message.link, "text": "acknowledge"}]
    return body


def _words(message: Message, event: IncidentEvent) -> tuple[str, str]:
    """Title and text of one change, also in a message for many."""
    return (title(event), text(event)) if message.group else (message.title, message.text)


def _action(event: IncidentEvent) -> str:
    if event.event is IncidentEventKind.RESOLVED:
        return "resolve"
    return "acknowledge" if event.event is IncidentEventKind.ACKNOWLEDGED else "trigger"


def alertmanager(message: Message, receiver: str) -> dict[str, Any]:
    """Alertmanager's webhook body, version 4, with one alert a change."""
    alerts = [_alert(message, event) for event in message.changes]
    incident = {"incident": message.event.incident} if len(alerts) == 1 else {}
    chosen = ",".join(f'{name}="{value}"' for name, value in incident.items())
    return {
        "version": "4",
        "groupKey": f"{{}}:{{{chosen}}}",
        "truncatedAlerts": 0,
        "status": "firing" if any(one["status"] == "firing" for one in alerts) else "resolved",
        "receiver": receiver,
        "groupLabels": incident,
        "commonLabels": _common([one["labels"] for one in alerts]),
        "commonAnnotations": _common([one["annotations"] for one in alerts]),
        "externalURL": "",
        "alerts": alerts,
    }


def _alert(message: Message, event: IncidentEvent) -> dict[str, Any]:
    status = "resolved" if event.event is IncidentEventKind.RESOLVED else "firing"
    summary, description = _words(message, event)
    return {
        "status": status,
        "labels": {
            "alertname": event.kind.value,
            "severity": event.tier.value,
            "incident": event.incident,
            **event.scope,
        },
        "annotations": {"summary": summary, "description": description, "reason": event.reason},
        "startsAt": rfc3339(event.detail.since or event.at),
        "endsAt": rfc3339(event.at) if status == "resolved" else _FIRST,
        "generatorURL": "",
        "fingerprint": event.incident,
    }


def _common(given: Sequence[dict[str, str]]) -> dict[str, str]:
    """What all of them say alike."""
    return {name: value for name, value in given[0].items() if all(one.get(name) == value for one in given)}
