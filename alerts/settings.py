"""What a person sets for deciding and telling, read once at the edge into frozen models.

``config/rules/*.yaml`` (:class:`RulesFile`) gives a :class:`DecidePolicy`; ``config/receivers.yaml`` gives
:class:`ReceiverSettings`. Spans of time are written ``90s``, ``10m``, ``2h`` or ``1d``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from alerts.course import Escalation, MuteCalendar
from alerts.hours import Hours, Zone
from alerts.rules import Combination, Rule, RuleSet
from alerts.spans import Span
from contracts.errors import InvalidSettings
from contracts.records import IncidentEvent, IncidentEventKind, Limit, Tier
from contracts.records.base import Name
from contracts.yamlfile import line_of, load_yaml, outline


class Timing(BaseModel):
    """The intervals of the incident machine, in event time, and how they bind each other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hold: Span = timedelta(minutes=10)
    """How long a tier stands after it was last seen."""
    quiet: Span = timedelta(minutes=30)
    """How long nothing may be seen until the incident is resolved."""
    reopen: Span = timedelta(hours=2)
    """How long after that a new signal opens the same incident again."""
    refractory: Span = timedelta(minutes=10)
    """How long after that a blue signal is held back; a higher one never is."""
    window_share: Annotated[float, Field(ge=0, le=1)] = 0.25
    """Hold and quiet last at least this share of the window that was judged: what is seen over eight hours does not
    calm within ten minutes, and would else flap between tiers."""
    longest_silence: Span = timedelta(days=30)
    """The furthest ahead a silence may reach."""
    silence_notice: Span = timedelta(minutes=10)
    """How long before its end a silence of an open incident is told of, if it lasts more than twice as long."""

    @model_validator(mode="after")
    def _agree(self) -> Timing:
        if not self.hold:
            raise ValueError("hold must be longer than 0, or an incident would fall in the moment it climbs")
        if self.hold > self.quiet:
            raise ValueError(
                f"hold ({self.hold}) is longer than quiet ({self.quiet}): an incident would be resolved "
                "before its tier may fall; make quiet at least as long as hold"
            )
        if self.refractory > self.reopen:
            raise ValueError(
                f"refractory ({self.refractory}) is longer than reopen ({self.reopen}): whatever could open an "
                "incident again would be held back; make reopen at least as long as refractory"
            )
        return self


class DecidePolicy(BaseModel):
    """Everything that deciding depends on besides the records themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timing: Timing = Timing()
    rules: RuleSet = RuleSet()
    mutes: tuple[MuteCalendar, ...] = ()
    escalation: dict[Tier, Escalation] = Field(default_factory=dict)
    """By tier; a tier without one pages nobody, its receivers are told once."""
    bucket: Annotated[timedelta, Field(gt=timedelta(0))] = timedelta(seconds=60)
    """Width of a bucket: a new version of the rules holds from the next one."""
    limits: dict[str, Limit] = Field(default_factory=dict)
    """What of the detectors' settings may be moved by command; detecting acts on it, the ledger tells of it."""


class RulesFile(BaseModel):
    """One file of ``config/rules``; at most one of them sets the timing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: Zone = "UTC"
    """Time zone of the hours in this file that name none."""
    timing: Timing | None = None
    rules: tuple[Rule, ...] = ()
    combine: tuple[Combination, ...] = ()
    mutes: tuple[MuteCalendar, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _hours_here(cls, value: Any) -> Any:
        """Hours without a zone are those of the file's zone."""
        zone = value.get("zone") if isinstance(value, dict) else None
        return zoned(value, zone) if isinstance(zone, str) else value


def zoned(value: Any, zone: str) -> Any:
    """Raw settings in which every ``hours`` without a zone has this one."""
    if isinstance(value, list):
        return [zoned(one, zone) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {key: zoned(one, zone) for key, one in value.items()}
    hours = inner.get("hours")
    if isinstance(hours, dict):
        inner["hours"] = {"zone": zone, **hours}
    return inner


def load_policy(folder: Path) -> DecidePolicy:
    """The rules of all ``*.yaml`` in ``folder``, file by file in order of name.

    Raises
    ------
    InvalidSettings
        There is no file, one is wrong (it is named, with the line), two set the timing, or a rule's name stands twice.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise InvalidSettings(
            str(folder), "no rules (*.yaml) here; copy config/rules/default.yaml or name another --config"
        )
    files = [(path, load_yaml(path, RulesFile)) for path in paths]
    timed = [(path, one.timing) for path, one in files if one.timing is not None]
    if len(timed) > 1:
        raise InvalidSettings(str(timed[1][0]), f"timing is set in {timed[0][0].name} already; keep one of them")
    places: dict[str, str] = {}
    for path, one in files:
        for rule, line in zip(one.rules, _lines(path, len(one.rules)), strict=True):
            if rule.name in places:
                raise InvalidSettings(str(path), f"rule {rule.name} stands already in {places[rule.name]}", line=line)
            places[rule.name] = f"{path} line {line}"
    rules = RuleSet(
        rules=tuple(rule for _, one in files for rule in one.rules),
        combine=tuple(one for _, file in files for one in file.combine),
        places=places,
    )
    mutes = tuple(one for _, file in files for one in file.mutes)
    return DecidePolicy(timing=timed[0][1] if timed else Timing(), rules=rules, mutes=mutes)


def _lines(path: Path, count: int) -> Iterable[int | None]:
    node = outline(path)
    return (line_of(node, ("rules", index)) for index in range(count))


Language = Literal["both", "zh", "en"]
PrivateNetworks = tuple[IPv4Network | IPv6Network, ...]


class _Receiver(BaseModel):
    """What all receivers have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    wakes: bool = False
    """Whether it truly wakes somebody at night; red must reach one that does, or ``fenghuo check`` fails."""
    lang: Language = "both"
    """Language of its messages."""
    instead: tuple[Name, ...] = ()
    """Receivers that are told in its place when it is down, in this order."""


class TerminalSettings(_Receiver):
    """Prints one line in the terminal of the process that tells."""

    type: Literal["terminal"]


class AppriseSettings(_Receiver):
    """One address of the apprise library: DingTalk, WeCom, Feishu, Slack, Telegram, mail and a hundred others."""

    type: Literal["apprise"]
    url: SecretStr
    allow_private: PrivateNetworks = ()
    """Private networks that a kind with a host of its own (mail, ntfy, json) may be in; without them only public
    addresses are called."""


class WebhookSettings(_Receiver):
    """A JSON POST to one address, signed when a secret is given."""

    type: Literal["webhook"]
    url: SecretStr
    secret: SecretStr | None = None
    body: Literal["fenghuo", "pagerduty", "alertmanager"] = "fenghuo"
    """What is posted: our own keys, a PagerDuty event (``secret`` is then the routing key), or what Alertmanager
    sends to its webhooks."""
    allow_private: PrivateNetworks = ()
    """Private networks this receiver may be in; without them only public addresses are called."""

    @field_validator("url")
    @classmethod
    def _http(cls, value: SecretStr) -> SecretStr:
        if not re.match(r"https?://[^/]", value.get_secret_value()):
            raise ValueError("must begin with https:// or http:// and name a host")
        return value


AnyReceiver = Annotated[TerminalSettings | AppriseSettings | WebhookSettings, Field(discriminator="type")]


class Route(BaseModel):
    """Which changes go to which receivers; all routes that fit are followed, each receiver is told once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Annotated[tuple[Name, ...], Field(min_length=1)]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)] = tuple(Tier)
    events: Annotated[tuple[IncidentEventKind, ...], Field(min_length=1)] = tuple(IncidentEventKind)
    brands: tuple[Name, ...] = ()
    """Only these brands; empty means all."""

    def leads(self, event: IncidentEvent) -> bool:
        """Whether it leads this tier of this brand anywhere."""
        return event.tier in self.tiers and (not self.brands or event.brand in self.brands)


class QuietHours(BaseModel):
    """Hours in which these receivers are told of red alone; the rest comes as one message when they end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Annotated[tuple[Name, ...], Field(min_length=1)]
    hours: Hours


class Digest(BaseModel):
    """Tiers that these receivers are told of only every so often, in one message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Annotated[tuple[Name, ...], Field(min_length=1)]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)] = (Tier.BLUE,)
    every: Annotated[Span, Field(gt=timedelta(0), le=timedelta(days=1))] = timedelta(hours=1)
    """Counted from midnight UTC, so that a restart moves nothing."""

    @field_validator("tiers")
    @classmethod
    def _never_red(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        if Tier.RED in value:
            raise ValueError("red cannot wait for a digest; leave it out")
        return value


class Rate(BaseModel):
    """How many messages a receiver gets at most in a while; what is more comes grouped afterwards, red at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: Annotated[int, Field(ge=1, le=10_000)] = 30
    per: Annotated[Span, Field(gt=timedelta(0), le=timedelta(days=1))] = timedelta(minutes=10)


class ReceiverSettings(BaseModel):
    """``config/receivers.yaml``: who is told, by which way, and how long is tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: Zone = "UTC"
    """Time zone of the times in messages."""
    give_up: Span = timedelta(seconds=45)
    """How long one change is tried at one receiver; shorter than the patience of the dead-man's switch."""
    attempt: Span = timedelta(seconds=10)
    """How long one attempt may take."""
    receivers: tuple[AnyReceiver, ...] = (TerminalSettings(type="terminal", name="terminal"),)
    routes: tuple[Route, ...] = (Route(to=("terminal",)),)
    quiet: tuple[QuietHours, ...] = ()
    digest: tuple[Digest, ...] = ()
    rate: Rate | None = None

    @model_validator(mode="before")
    @classmethod
    def _hours_here(cls, value: Any) -> Any:
        """Hours without a zone are those of the file's zone."""
        zone = value.get("zone") if isinstance(value, dict) else None
        return zoned(value, zone) if isinstance(zone, str) else value

    @model_validator(mode="after")
    def _agree(self) -> ReceiverSettings:
        names = [one.name for one in self.receivers]
        if len(set(names)) < len(names):
            raise ValueError(f"two receivers share a name ({', '.join(names)}); give each its own")
        self._others_known(set(names))
        unknown = sorted({name for route in self.routes for name in route.to} - set(names))
        if unknown:
            raise ValueError(
                f"routes lead to {', '.join(unknown)}, which no receiver is called; known: {', '.join(names)}"
            )
        if not self.attempt or self.attempt > self.give_up:
            raise ValueError("attempt must be longer than 0 and no longer than give_up, or no attempt could end")
        return self

    def _others_known(self, names: set[str]) -> None:
        """Quiet hours, digests and stand-ins name receivers that exist, and no stand-in leads back."""
        named = {name for quiet in self.quiet for name in quiet.to}
        named |= {name for digest in self.digest for name in digest.to}
        named |= {name for one in self.receivers for name in one.instead}
        if named - names:
            raise ValueError(f"{', '.join(sorted(named - names))} is named but is no receiver")
        for one in self.receivers:
            if one.name in one.instead:
                raise ValueError(f"receiver {one.name} cannot stand in for itself; name another")


def load_receivers(path: Path) -> ReceiverSettings:
    """The receivers and routes of ``path``; raises :class:`~contracts.errors.InvalidSettings`."""
    return load_yaml(path, ReceiverSettings)
