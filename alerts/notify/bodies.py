"""What other systems expect to be posted: PagerDuty events and what Alertmanager sends to its webhooks. Pure."""

from __future__ import annotations

from typing import Any

from alerts.notify.render import Message
from contracts.records import IncidentEvent, IncidentEventKind, Tier
from contracts.records.incident import rfc3339

_SEVERITY = {Tier.BLUE: "info", Tier.YELLOW: "warning", Tier.ORANGE: "error", Tier.RED: "critical"}
_FIRST = "0001-01-01T00:00:00Z"
"""Alertmanager's "not yet"."""


def pagerduty(message: Message, routing_key: str) -> dict[str, Any]:
    """A PagerDuty Events API v2 event: the incident is the deduplication key, so it triggers and resolves one alert."""
    event = message.event
    body: dict[str, Any] = {"routing_key": routing_key, "dedup_key": event.incident, "event_action": _action(event)}
    if body["event_action"] != "trigger":
        return body
    body["payload"] = {
        "summary": message.title[:1024],
        "source": event.brand,
        "severity": _SEVERITY[event.tier],
        "timestamp": rfc3339(event.at),
        "component": ",".join(f"{name}={value}" for name, value in sorted(event.scope.items())),
        "group": event.brand,
        "class": event.kind.value,
        "custom_details": {**event.line(), "text": message.text},
    }
    body["client"] = "Fenghuo"
    if message.link:
        body["links"] = [{"href": message.link, "text": "acknowledge"}]
    return body


def _action(event: IncidentEvent) -> str:
    if event.event is IncidentEventKind.RESOLVED:
        return "resolve"
    return "acknowledge" if event.event is IncidentEventKind.ACKNOWLEDGED else "trigger"


def alertmanager(message: Message, receiver: str) -> dict[str, Any]:
    """Alertmanager's webhook body, version 4, with one alert."""
    event = message.event
    status = "resolved" if event.event is IncidentEventKind.RESOLVED else "firing"
    labels = {"alertname": event.kind.value, "severity": event.tier.value, "incident": event.incident, **event.scope}
    notes = {"summary": message.title, "description": message.text, "reason": event.reason}
    alert = {
        "status": status,
        "labels": labels,
        "annotations": notes,
        "startsAt": rfc3339(event.detail.since or event.at),
        "endsAt": rfc3339(event.at) if status == "resolved" else _FIRST,
        "generatorURL": "",
        "fingerprint": event.incident,
    }
    return {
        "version": "4",
        "groupKey": f'{{}}:{{incident="{event.incident}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": receiver,
        "groupLabels": {"incident": event.incident},
        "commonLabels": labels,
        "commonAnnotations": notes,
        "externalURL": "",
        "alerts": [alert],
    }
