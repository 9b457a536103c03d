"""The door: what a sender gave becomes valid, masked mentions, or is refused with place, field and reason.

Pure and stateless: the same item, settings, key and ``received_at`` always give the same records. Behind it
come :mod:`streams.batch` (arrays for the log) and, for what was refused, :mod:`streams.dead`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from pydantic import ValidationError

from contracts.errors import InvalidRecord
from contracts.ports import BrandFinder
from contracts.records import CaseEvent, Mention
from contracts.series import OTHER
from streams.raw import CASE_FIELDS, MAX_EXTRA, MENTION_FIELDS, NO_UNICODE, RawCaseEvent, RawMention, explain
from streams.settings import HEARTBEAT, LABELS, Kind, SourceSettings, zone
from streams.times import parse_time

TRUSTED_AHEAD = timedelta(seconds=60)
"""A time may be this far ahead of its arrival: clocks differ a little."""
EMPTY_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)
"""Before this, a clock was never set."""
FARTHEST = datetime(2100, 1, 1, tzinfo=UTC)
"""From here on, what was read as a time is some other number."""
HASHED = re.compile(r"hashed:([0-9A-Za-z_-]{8,64})")
"""How a dead letter writes an author or a case, so that sending it again hashes nothing twice."""


class Mask(Protocol):
    """Takes personal data out of a text."""

    def mask(self, text: str) -> str:
        """``text`` with personal data replaced; masking twice changes nothing more."""

    def mask_many(self, texts: Sequence[str]) -> list[str]:
        """The same of many texts in less time."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """One item that passed every check, not yet masked."""

    place: str
    fields: dict[str, Any]
    extra: dict[str, str]
    brands: tuple[str, ...]


class Intake:
    """One source's door.

    Parameters
    ----------
    source
        Its settings.
    mask
        Masks free text.
    pseudonym
        Turns who said it, and which case it is, into a keyed hash of at most 64 characters.
    finder
        Names the brands of a text.
    """

    def __init__(
        self, source: SourceSettings, mask: Mask, pseudonym: Callable[[str], str], finder: BrandFinder
    ) -> None:
        self.source = source
        self._mask = mask.mask
        self._mask_many = mask.mask_many
        self._short = lru_cache(maxsize=8_192)(mask.mask)
        self._pseudonym = pseudonym
        self._finder = finder
        self._tz = zone(source.tz) if source.tz else None
        self._extra = frozenset(source.extra) - MENTION_FIELDS - LABELS
        self._known = {Mention: MENTION_FIELDS | self._extra, CaseEvent: CASE_FIELDS}

    def take(self, raw: object, place: str, received_at: datetime | None = None) -> tuple[Mention, ...]:
        """The mentions of one item, one for each brand it is about (``other`` if it is about none).

        Parameters
        ----------
        raw
            What the sender gave, as a mapping of field to value.
        place
            Where it stood, for the reader of a refusal, for instance ``item 3``.
        received_at
            When it arrived. None for files, whose rows arrive in their own time: they are judged against one
            another by :mod:`streams.sources.arrange`.

        Raises
        ------
        InvalidRecord
            It is refused; the reason never holds a value.
        """
        (taken,) = self.take_all([(place, raw)], received_at)
        if isinstance(taken, InvalidRecord):
            raise taken
        return taken

    def take_all(
        self, items: Iterable[tuple[str, object]], received_at: datetime | None = None
    ) -> list[tuple[Mention, ...] | InvalidRecord]:
        """What :meth:`take` gives for each place and item, masked together; a refusal stands in its item's place.

        An item that is an InvalidRecord itself, because it could not even be read, is refused with its reason.
        """
        checked = [self._checked(raw, place, received_at) for place, raw in items]
        good = [one for one in checked if isinstance(one, _Checked)]
        private = [text for one in good for text in (one.fields["id"], one.fields["text"], *one.extra.values())]
        masked = iter(self._mask_many(private))
        return [self._mentions(one, masked) if isinstance(one, _Checked) else one for one in checked]

    def _checked(self, raw: object, place: str, received_at: datetime | None) -> _Checked | InvalidRecord:
        try:
            item = _mapping(raw, place)
            given = RawMention.model_validate(item)
            _all_unicode(given, place)
            ts = self._time(given.ts, place, received_at)
            fields = {
                "id": given.id,
                "ts": ts,
                "received_at": received_at or ts,
                "source": self._sender(given.source),
                "channel": self._name(given.channel) or self.source.channel,
                "product": self._name(given.product),
                "region": self._name(given.region),
                "author": self._hash(given.author),
                "author_class": self._name(given.author_class),
                "case_id": self._hash(given.case_id),
                "lang": self._name(given.lang),
                "text": given.text,
                "reach": given.reach or 0,
                "severity": given.severity,
                "customer_value": given.customer_value,
            }
            extra = self._extras(item, place) if self._extra else {}
            given_only = {name: value for name, value in fields.items() if value is not None}
            return _Checked(place, given_only, extra, self._brands(given.text, given.brand))
        except ValidationError as error:
            return explain(error, place)
        except InvalidRecord as error:
            return error

    def _mentions(self, one: _Checked, masked: Iterator[str]) -> tuple[Mention, ...] | InvalidRecord:
        """The mentions of one item, with what is next among the masked texts."""
        fields = one.fields
        known = next(masked)
        safe = {
            **fields,
            "id": known if known == fields["id"] else self._pseudonym(fields["id"]),
            "text": next(masked),
            "extra": {name: next(masked) for name in one.extra},
        }
        try:
            return tuple([Mention.model_validate({**safe, "brand": brand}) for brand in one.brands])
        except ValidationError as error:
            return explain(error, one.place)

    def take_case(self, raw: object, place: str, received_at: datetime | None = None) -> CaseEvent:
        """One step of a case; arguments and errors as :meth:`take`."""
        item = _mapping(raw, place)
        try:
            given = RawCaseEvent.model_validate(item)
            _all_unicode(given, place)
            ts = self._time(given.ts, place, received_at)
            return CaseEvent(
                id=self._id(given.id),
                ts=ts,
                received_at=received_at or ts,
                source=self.source.name,
                brand=self._brands("", given.brand)[0],
                case_id=self._hash(given.case_id) or "",
                event=given.event,
                channel=self._name(given.channel),
                department=self._name(given.department),
                rating=given.rating,
                author=self._hash(given.author),
                severity=given.severity,
            )
        except ValidationError as error:
            raise explain(error, place) from None

    def ignored(self, raw: object, kind: type[Mention] | type[CaseEvent] = Mention) -> frozenset[str]:
        """Names of the fields of ``raw`` that are not read."""
        return frozenset(map(str, raw.keys() - self._known[kind])) if isinstance(raw, Mapping) else frozenset()

    def _time(self, value: object, place: str, received_at: datetime | None) -> datetime:
        if value is None or value == "":
            raise InvalidRecord(place, "ts", "is missing")
        try:
            when = parse_time(value, self._tz)
        except ValueError as error:
            raise InvalidRecord(place, "ts", str(error)) from None
        if when < EMPTY_CLOCK:
            raise InvalidRecord(place, "ts", "lies before the year 2000, which looks like an empty clock")
        if when >= FARTHEST:
            raise InvalidRecord(place, "ts", "lies after the year 2100, so it is no time of today")
        if received_at is not None and when > received_at + TRUSTED_AHEAD:
            raise InvalidRecord(place, "ts", "lies more than 60 s ahead of its arrival; check the sender's clock")
        return when

    def _sender(self, given: str | None) -> str:
        """Only a file may say where its rows came from: its reader vouches for it."""
        name = self._name(given) if self.source.kind is Kind.FILE else None
        return self.source.name if name is None or name == HEARTBEAT else name

    def _brands(self, text: str, given: str | None) -> tuple[str, ...]:
        found = self._finder.brands(text, given or self.source.brand)
        masked = dict.fromkeys(self._short(brand) for brand in found)
        return tuple(masked) or (OTHER,)

    def _name(self, value: str | None) -> str | None:
        return None if value is None else self._short(value)

    def _id(self, value: str) -> str:
        return value if self._mask(value) == value else self._pseudonym(value)

    def _hash(self, value: str | None) -> str | None:
        if value is None:
            return None
        known = HASHED.fullmatch(value)
        return known[1] if known else self._pseudonym(value)

    def _extras(self, item: Mapping[str, Any], place: str) -> dict[str, str]:
        kept = {}
        for name in sorted(self._extra & item.keys()):
            value = item[name]
            if value is None or value == "":
                continue
            if not isinstance(value, (str, int, float)):
                raise InvalidRecord(place, name, "must be text or a number")
            if isinstance(value, float) and not math.isfinite(value):
                raise InvalidRecord(place, name, "must be a finite number")
            if isinstance(value, str) and len(value) > MAX_EXTRA:
                raise InvalidRecord(place, name, f"is longer than {MAX_EXTRA:,} characters")
            kept[name] = _unicode(str(value), place, name)
        return kept


def _mapping(raw: object, place: str) -> Mapping[str, Any]:
    if isinstance(raw, InvalidRecord):
        raise InvalidRecord(place, raw.field, raw.reason)
    if not isinstance(raw, Mapping):
        raise InvalidRecord(place, "", "must be an object with id, ts and text")
    return raw


def _all_unicode(given: RawMention | RawCaseEvent, place: str) -> None:
    for field, value in given.__dict__.items():
        if type(value) is str and not value.isascii():
            _unicode(value, place, field)


def _unicode(text: str, place: str, field: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidRecord(place, field, NO_UNICODE) from None
    return text
