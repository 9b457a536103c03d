"""The numbers on the console's pages are those of the mentions: ten of them, chosen anew with every run, worked out by
hand from what was sent, late ones included."""

from __future__ import annotations

import html
import os
import random
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx

from contracts.records import Batch, Mention, Sentiment
from contracts.series import series_dims
from dashboards.console.app import make_app
from fenghuo.readers import make_reader
from tests.browser.house import PASSWORD, parts_of
from tests.browser.town import Town, shipped

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
MINUTES = 150
LATENESS = 15.0
BRANDS = ("云杉航空", "青禾银行", "快鹿外卖")
CHANNELS = ("weibo", "web", "hotline")
REGIONS = ("北京", "上海", None)
TEXTS = (
    "航班又取消了，客服电话打不通，太气人了！！垃圾，必须投诉到底！！！",
    "退款拖了一个月还没到账，非常失望。",
    "服务很好，问题很快解决了，谢谢！",
    "请问明天几点开门？",
    "欺骗消费者，无耻！！再也不会来了，赔钱！！！",
    "快递已经收到。",
)
CHOSEN = 10


class Shown(NamedTuple):
    """One number on a page, and what it says it counts."""

    series: str
    start: datetime
    end: datetime
    field: str
    value: int


def mentions(chance: random.Random) -> list[Mention]:
    """What was said, by event time."""
    return [
        Mention(
            id=f"m{number}",
            ts=(at := START + timedelta(seconds=chance.uniform(0, MINUTES * 60))),
            received_at=at,
            source="test",
            channel=chance.choice(CHANNELS),
            brand=chance.choice(BRANDS),
            region=chance.choice(REGIONS),
            text=f"{chance.choice(TEXTS)} {number}",
            reach=chance.randrange(1000),
        )
        for number in range(chance.randrange(300, 600))
    ]


def batches(said: Sequence[Mention], chance: random.Random) -> Iterator[Batch]:
    """In order of arrival: one of twelve comes much too late, and one of twelve comes twice."""
    arrivals: list[tuple[datetime, Mention]] = []
    for one in said:
        late = timedelta(minutes=chance.uniform(5, 40)) if chance.random() < 1 / 12 else timedelta(0)
        arrivals += [(one.ts + late, one)] * (2 if chance.random() < 1 / 12 else 1)
    arrivals.sort(key=lambda pair: (pair[0], pair[1].id))
    for minute in range(MINUTES + 60):
        begin, end = (START + timedelta(minutes=minute + more) for more in (0, 1))
        some = tuple(one for at, one in arrivals if begin <= at < end)
        yield Batch(source="test", lateness=LATENESS, mentions=some)
        yield Batch(source="test", lateness=LATENESS, progress=end)


async def test_ten_numbers_off_the_pages_are_those_of_the_mentions(tmp_path: Path) -> None:
    seed = int(os.environ.get("FENGHUO_SEED") or secrets.randbits(32))
    chance = random.Random(seed)
    said = mentions(chance)
    town = Town()
    await town.arrive(batches(said, chance))
    assert town.late() > 0
    found: list[Shown] = []
    transport = httpx.ASGITransport(make_app(parts_of(town, tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
        await client.post("/sign-in", data={"name": "lin", "password": PASSWORD})
        for brand in BRANDS:
            for hours in (1, 6):
                page = await client.get("/sentiment", params={"brand": brand, "hours": hours})
                found += list(numbers(page.text, brand))
    reader = make_reader("lexicon", shipped().taxonomy, shipped().subjects)
    for one in chance.sample(found, CHOSEN):
        assert one.value == recount(said, reader, one), f"FENGHUO_SEED={seed} {one}"


def numbers(page: str, brand: str) -> Iterator[Shown]:
    """All counts on a page of sentiment, with the stretch that each is about."""
    begin, end = (datetime.fromisoformat(at) for at in re.findall(r'<time datetime="([^"]+)"', page)[:2])
    for series, cells in re.findall(r'<tr data-series="([^"]+)">(.*?)</tr>', page, re.S):
        for field, value, text in re.findall(r'data-field="(\w+)"(?: data-value="(\d+)")?>([^<]*)<', cells):
            yield Shown(html.unescape(series), begin, end, field, int(value or text))
    for at, seconds, cells in re.findall(r'<tr data-start="([^"]+)" data-seconds="(\d+)">(.*?)</tr>', page, re.S):
        start = datetime.fromisoformat(at)
        for field, text in re.findall(r'data-field="(\w+)">(\d+)<', cells):
            yield Shown(f"brand={brand}", start, start + timedelta(seconds=int(seconds)), field, int(text))


def recount(said: Sequence[Mention], reader: object, shown: Shown) -> int:
    """The same number from the mentions alone."""
    dims = series_dims(shown.series)
    return sum(_counts(one, reader, shown.field, dims) for one in said if shown.start <= _bucket(one) < shown.end)


def _bucket(one: Mention) -> datetime:
    return one.ts.replace(second=0, microsecond=0)


def _counts(one: Mention, reader: object, field: str, dims: dict[str, str]) -> bool:
    reading = reader.read(one.text, one.lang)  # type: ignore[attr-defined]
    values = {"brand": one.brand, "channel": one.channel, "region": one.region or "unknown"}
    values |= {"category": reading.category, "emotion": reading.emotion.value}
    if any(values[name] != value for name, value in dims.items()):
        return False
    negative = reading.sentiment is Sentiment.NEGATIVE
    return {"n": True, "negative": negative, "hot": negative and reading.heat >= shipped().count.hot}[field]
