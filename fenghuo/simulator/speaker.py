"""One brand's people on one channel: turns utterances into raw records, as an outside source would send them."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fenghuo.simulator.calendar import OFFSET_MS
from fenghuo.simulator.chance import Numbers, code
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.private import Private, private_clause
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.texts.writer import NEGATIVE, SENTIMENTS, WIDTH, Writer
from fenghuo.simulator.world import CATEGORIES, REGIONS, Brand, Channel

# the columns of a row of random numbers after those of the text
_CATEGORY, _LANGUAGE, _AUTHOR, _REGION, _REACH, _PRIVATE, _CASE, _VALUE = range(WIDTH, WIDTH + 8)
SENTIMENT_COLUMN = WIDTH + 8
THIN_COLUMN = WIDTH + 9
COLUMNS = WIDTH + 10
"""An even number: a generator of 64 bits can then skip whole rows."""

AUTHORS = 2**31
"""So many that an ordinary author hardly ever complains three times."""

_MIXES = {
    "airline": (4, 5, 6, 8, 14, 3),
    "phone": (14, 4, 9, 5, 5, 3),
    "food": (7, 6, 6, 5, 14, 2),
    "bank": (4, 9, 5, 9, 2, 11),
    "shop": (10, 4, 10, 5, 8, 3),
}
"""Of forty complaints, how many in each category."""
_QUANTILES = tuple(2.718281828 ** (1.1 * NormalDist().inv_cdf((k + 0.5) / 512)) for k in range(512))
_PLACES = REGIONS + REGIONS[: len(REGIONS) // 2]
MAX_ORDINARY_REACH = 50_000


def source_of(channel: str) -> str:
    """The name of the source that collects a channel.

    >>> source_of("weibo")
    'sim-weibo'
    """
    return f"sim-{channel}"


class Speaker:
    """Writes the records of one (brand, channel)."""

    def __init__(self, scenario: Scenario, brand: Brand, channel: Channel, private: dict[str, Private]) -> None:
        self._brand, self._channel = brand, channel
        self._code = code(brand.name, channel.name)
        self._writers = tuple(Writer(brand.name, brand.trade, lang, social=channel.social) for lang in ("zh", "en"))
        self._english = int(channel.english * 2**32)
        self._cases = int(channel.cases * 2**32)
        self._private_below = int(scenario.private * 2**32)
        self._private = private
        mix = _MIXES.get(brand.trade, _MIXES["shop"])
        self._categories = tuple(name for name, weight in zip(CATEGORIES, mix, strict=True) for _ in range(weight))
        self._reach = tuple(min(MAX_ORDINARY_REACH, round(channel.reach * each)) for each in _QUANTILES)
        self._labels = scenario.labels

    def lines(
        self, times: Numbers, numbers: Numbers, sentiments: Numbers, rows: NDArray[np.uint32], head: str, planted: str,
        category: str | None, private: bool,
    ) -> Iterator[Line]:  # fmt: skip
        """One line for each utterance; ids are code, day or incident, and number, with letters between, so that
        no id looks like a phone or a card number."""
        stamps = np.datetime_as_string((times + OFFSET_MS).view("datetime64[ms]"), unit="ms").tolist()
        prefix = f"{self._code}d{head}n"
        below = self._private_below if private else 0
        categories, kinds = self._categories, len(self._categories)
        columns = (times.tolist(), numbers.tolist(), sentiments.tolist(), stamps, rows.tolist())
        for ms, number, sentiment, stamp, row in zip(*columns, strict=True):
            matter = category or categories[row[_CATEGORY] % kinds]
            record = self._record(f"{prefix}{number}", stamp, row, sentiment, matter)
            if row[_PRIVATE] < below:
                value, clause = private_clause(row[_CATEGORY])
                record["text"] += f" {clause}"
                self._private[record["id"]] = value
            if self._labels:
                record |= {"sentiment": SENTIMENTS[sentiment], "category": matter, "planted": planted}
            yield ms, record

    def _record(self, name: str, stamp: str, row: list[int], sentiment: int, matter: str) -> dict[str, Any]:
        channel = self._channel.name
        writer = self._writers[row[_LANGUAGE] < self._english]
        record: dict[str, Any] = {
            "id": name,
            "ts": f"{stamp}+08:00",
            "source": f"sim-{channel}",
            "channel": channel,
            "brand": self._brand.name,
            "region": _PLACES[row[_REGION] % len(_PLACES)],
            "author": f"{channel}-{row[_AUTHOR] % AUTHORS:x}",
            "text": writer.write(row, sentiment, matter),
            "reach": self._reach[row[_REACH] & 511],
        }
        value = row[_VALUE]
        if value & 1:
            record["product"] = writer.products[row[8] % len(writer.products)]
        if value & 14 == 0:
            record["customer_value"] = float(100 + (value >> 8) % 20_000)
        if value & 0x3F0 == 0:
            record["author_class"] = "verified"
        if sentiment == NEGATIVE and row[_CASE] < self._cases:
            record["case_id"] = f"case-{name}"
        return record
