"""Fictitious personal data for the privacy test: how they are planted, and how they are looked for in everything."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from redis.asyncio import Redis

from fenghuo.simulator.private import id_check, luhn_check

_BETWEEN = re.compile(r"(?<=\d)[ \-.()\u00a0\u2009\u200b\u2010-\u2015\u2212]{1,3}(?=\d)")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


class Plants:
    """Makes values that occur nowhere else, and remembers them.

    Every value is of one of four kinds; each :meth:`next` gives another kind, spelling and number.
    """

    def __init__(self) -> None:
        self.values: list[str] = []
        self._serial = 0

    def next(self) -> str:
        """A new value, as it is to be planted."""
        self._serial += 1
        kind, style = self._serial % 4, self._serial // 4 % 4
        value = (self._phone, self._mail, self._id_card, self._bank_card)[kind](7_000 + self._serial, style)
        self.values.append(value)
        return value

    @staticmethod
    def _phone(serial: int, style: int) -> str:
        head, block, tail = "139", "0001", f"{serial:04d}"
        plain = head + block + tail
        return (plain, f"{head}-{block}-{tail}", f"+86 {head} {block} {tail}", wide(plain))[style]

    @staticmethod
    def _mail(serial: int, style: int) -> str:
        return (
            f"Li.Wei{serial}@example.com",
            f"liwei{serial}@mail.example.org",
            f"wei+{serial}@example.net",
            f"li{serial}＠example.com",
        )[style]

    @staticmethod
    def _id_card(serial: int, style: int) -> str:
        digits = f"11000019850{serial % 9 + 1}{serial % 27 + 1:02d}{serial % 1000:03d}"
        whole = digits + id_check(digits)
        return (whole, f"{whole[:6]} {whole[6:14]} {whole[14:]}", wide(whole), whole.lower())[style]

    @staticmethod
    def _bank_card(serial: int, style: int) -> str:
        digits = f"6222020000{serial:08d}"
        card = digits + luhn_check(digits)
        spaced = " ".join(card[at : at + 4] for at in range(0, len(card), 4))
        return (card, spaced, spaced.replace(" ", "-"), wide(card))[style]


def wide(text: str) -> str:
    """Digits in their full-width form."""
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)


def needles(values: Iterable[str]) -> dict[str, str]:
    """What to look for: each value as planted, in plain characters, and as digits alone; all lower case."""
    found: dict[str, str] = {}
    for value in values:
        plain = unicodedata.normalize("NFKC", value).lower()
        for spelled in (value.lower(), plain, _digits(plain)):
            if spelled:
                found[spelled] = value
    return found


def _digits(plain: str) -> str:
    """The digits alone, without a country code; of an address nothing."""
    if "@" in plain:
        return ""
    kept = re.sub(r"[^0-9x]", "", plain)
    return kept.removeprefix("86") if plain.startswith("+86") else kept


def spellings(content: bytes) -> tuple[str, str]:
    """``content`` as text in plain characters, and the same with nothing between digits."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), content.decode("utf-8", "replace"))
    plain = unicodedata.normalize("NFKC", text).lower()
    return plain, _BETWEEN.sub("", plain)


def leaks(places: Iterable[tuple[str, bytes]], wanted: dict[str, str]) -> list[str]:
    """Where any of the wanted spellings stands."""
    pattern = re.compile("|".join(re.escape(one) for one in sorted(wanted, key=len, reverse=True)))
    found = []
    for place, content in places:
        for text in {content.decode("utf-8", "replace").lower(), *spellings(content)}:
            hit = pattern.search(text)
            if hit:
                found.append(f"{place}: {wanted[hit[0]]} in …{text[max(0, hit.start() - 80) : hit.end() + 20]}…")
                break
    return found


async def in_kafka(bootstrap: str, prefix: str, partitions: int) -> list[tuple[str, bytes]]:
    """Keys, values and headers of every message of every topic with this prefix."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    found: list[tuple[str, bytes]] = []
    try:
        names = sorted(name for name in await consumer.topics() if name.startswith(prefix))
        parts = [TopicPartition(name, part) for name in names for part in range(partitions)]
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        for part in parts:
            consumer.seek(part, 0)
        while [part for part in parts if await consumer.position(part) < ends[part]]:
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                for one in records:
                    whole = (one.key or b"", one.value or b"", *(b"%s%s" % (k.encode(), v) for k, v in one.headers))
                    found.append((f"{part.topic}:{part.partition}:{one.offset}", b" ".join(whole)))
    finally:
        await consumer.stop()
    return found


async def in_redis(url: str) -> list[tuple[str, bytes]]:
    """Every key with its value, whatever its type."""
    redis = Redis.from_url(url)
    found = []
    try:
        async for key in redis.scan_iter(count=1000):
            found.append((f"redis {key!r}", key + b" " + (await redis.dump(key) or b"")))
    finally:
        await redis.aclose()
    return found


def in_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below ``folder`` with its name; of databases every row too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path), path.name.encode() + b" " + path.read_bytes()
            if path.suffix == ".sqlite":
                with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                    yield f"{path} rows", "\n".join(database.iterdump()).encode()
                database.close()


def record(plants: Plants, number: int, ts: str, **changes: Any) -> dict[str, Any]:
    """A mention with something private in every field that can hold it."""
    return {
        "id": f"order {plants.next()}",
        "ts": ts,
        "text": f"第{number}次投诉，等了很久没人管，太差了，请回电{plants.next()}，或 {plants.next()}",
        "brand": "云杉航空",
        "channel": f"app {plants.next()}",
        "product": plants.next(),
        "region": f"朝阳区 {plants.next()}",
        "author": plants.next(),
        "author_class": plants.next(),
        "case_id": f"case {plants.next()}",
        "note": plants.next(),
        "remark": {"deep": [plants.next(), plants.next()]},
        plants.next(): "an unknown field",
        **changes,
    }
