"""How far event time has come in one partition of the mentions topic.

Watermarks move only by records in the log: each source's clock is the largest trusted time it has shown (a
mention, a case event, or a progress mark); the partition's watermark is the smallest over its sources of that
clock minus the source's lateness. Nothing here reads the wall clock, so reading the log again gives the same
watermarks.

A source that stops for good must not hold everything back: when event time has moved on by ``patience`` since its
last sign of life, it is waited for no more (that it is gone is told by the detecting stage, as ``source.down``). A
sign of life brings it back. One jump ahead proves nobody dead: of each step at most a quarter of ``patience`` counts.

Nor may one that lives but lies: a source that trails the wall clock (intake's own marks; where there are none, the
middle one of all sources) by ``patience`` is waited for no more either. What it brings is late, and only that. One that
runs ahead moves nothing but its own clock.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

from contracts.errors import Lost

HEARTBEAT = "fenghuo"
"""Intake's own source: its marks move time on when every other source has died, and say nothing of any of them."""

MAX_SOURCES = 100
"""More would not fit beside a committed offset (Kafka's default allows 4 096 bytes)."""

_NEVER = 2**62
_HEAD = struct.Struct(">qqq")
_PACKED = struct.Struct(">6sqIq")


@dataclass(slots=True)
class SourceClock:
    """One source's clock; all times are whole microseconds since the epoch."""

    now: int
    """Largest event time it has shown."""
    lateness: int
    seen: int
    """How far all had moved when it last gave a sign of life."""


class Watermark:
    """The clocks of one partition's sources.

    Parameters
    ----------
    patience
        Microseconds by which time may move on before a silent source is waited for no more, and by which a living
        one may trail; twice the source's lateness is added.

    >>> mark = Watermark(patience=60_000_000)
    >>> weibo = mark.source("weibo", lateness=15_000_000)
    >>> mark.advance(weibo, 90_000_000)
    >>> shop = mark.source("shop", lateness=15_000_000)
    >>> mark.advance(shop, 100_000_000)
    >>> mark.value
    75000000
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._sources: dict[bytes, SourceClock] = {}
        self._floor = 0
        self._moved = 0
        """How far event time has moved so far, no step counting for more than a quarter of the patience."""
        self.newest = 0
        """Largest event time shown by any source so far."""
        self._hindmost: SourceClock | None = None
        """The source that holds the watermark back, ..."""
        self._next_low = 0
        """... where it would stand without that source, at least, ..."""
        self._near_until = 0
        """... and up to which newest time all sources are certainly waited for. Known since the last
        :meth:`_raise_floor`; the others can only have moved on."""

    @property
    def value(self) -> int:
        """The watermark: everything before it has come, except what is late. Never moves back."""
        return self._floor

    def source(self, name: str, lateness: int) -> SourceClock:
        """``name`` gave a sign of life; its clock, to be handed to :meth:`advance`."""
        key = source_hash(name)
        known = self._sources.get(key)
        if known is None:
            if len(self._sources) >= MAX_SOURCES:
                self._forget_oldest()
            known = self._sources[key] = SourceClock(0, lateness, self._moved)
            self._near_until = 0
        if known.lateness != lateness:
            known.lateness = lateness
            self._near_until = 0
        known.seen = self._moved
        return known

    def advance(self, clock: SourceClock, when: int) -> None:
        """The source behind ``clock`` has shown event time ``when``; an older time changes nothing."""
        if when > clock.now:
            clock.now = when
            if when > self.newest:
                self._moved += min(when - self.newest, self._patience // 4)
                self.newest = when
            clock.seen = self._moved
            if self.newest > self._near_until:
                self._raise_floor()
            elif clock is self._hindmost:
                low = when - clock.lateness
                if low > self._next_low:
                    self._raise_floor()
                elif low > self._floor:
                    self._floor = low

    def end(self, name: str, upto: int) -> None:
        """The source has ended: close up to ``upto`` as far as others allow, and wait for it no more."""
        self._sources.pop(source_hash(name), None)
        if self._sources:
            self._raise_floor()
        else:
            self._floor = max(self._floor, upto)

    def pack(self) -> str:
        """All of it as a short text, to be committed beside an offset."""
        packed = b"".join(
            _PACKED.pack(key, one.now, min(one.lateness // 1000, 2**32 - 1), one.seen)
            for key, one in sorted(self._sources.items())
        )
        return base64.b64encode(_HEAD.pack(self._floor, self.newest, self._moved) + packed).decode()

    @classmethod
    def unpack(cls, text: str, patience: int) -> Watermark:
        """The reverse of :meth:`pack`."""
        mark = cls(patience)
        try:
            payload = base64.b64decode(text)
            mark._floor, mark.newest, mark._moved = _HEAD.unpack_from(payload)
            for key, now, lateness, seen in _PACKED.iter_unpack(payload[_HEAD.size :]):
                mark._sources[key] = SourceClock(now, lateness * 1000, seen)
        except (binascii.Error, struct.error):
            raise Lost(
                "the commit of a counting partition was written by another version; start on fresh topics"
                " (another FENGHUO_PREFIX, or an empty var/)"
            ) from None
        return mark

    def _raise_floor(self) -> None:
        clocks = self._sources.values()
        newest = max([one.now for one in clocks])
        waited = [one for one in clocks if self._waited_for(one, newest)]
        lows = sorted([one.now - one.lateness for one in waited])
        if lows[0] > self._floor:
            self._floor = lows[0]
        self._hindmost = min(waited, key=_low)
        self._next_low = lows[1] if len(lows) > 1 else _NEVER
        self._near_until = min([one.now + self._patience + 2 * one.lateness for one in clocks])

    def _waited_for(self, one: SourceClock, newest: int) -> bool:
        allowed = self._patience + 2 * one.lateness
        if newest - one.now <= allowed:
            return True
        return self._moved - one.seen <= allowed and self._true_time() - one.now <= allowed

    def _true_time(self) -> int:
        """The wall clock as intake writes it; without intake's marks the lower middle of all clocks."""
        beat = self._sources.get(_HEARTBEAT)
        if beat is not None:
            return beat.now
        return sorted(one.now for one in self._sources.values())[(len(self._sources) - 1) // 2]

    def _forget_oldest(self) -> None:
        oldest = min(self._sources, key=lambda key: (self._sources[key].now, key))
        del self._sources[oldest]


def _low(clock: SourceClock) -> int:
    return clock.now - clock.lateness


def source_hash(name: str) -> bytes:
    """Six bytes that stand for a source's name."""
    return hashlib.blake2b(name.encode(), digest_size=6).digest()


_HEARTBEAT = source_hash(HEARTBEAT)
