"""Who and where: brands, channels, regions of the simulated world.

The first link of the simulator: `scenario` says which of these take part, `traffic` makes records of them.
All names are invented; the brands are those of ``config/subjects.yaml``.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

REGIONS = (
    "北京", "上海", "广东", "江苏", "浙江", "山东", "河南", "四川", "湖北", "湖南", "河北", "福建", "安徽", "陕西",
    "辽宁", "重庆", "江西", "天津", "云南", "广西", "山西", "黑龙江", "吉林", "贵州", "新疆", "内蒙古", "甘肃", "海南",
)  # fmt: skip
"""Provinces, most populous first: the front half is drawn twice as often."""

CATEGORIES = ("quality", "attitude", "after-sale", "price", "logistics", "policy")


class Part(BaseModel):
    """Base of the simulator's settings: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Brand(Part):
    """One brand: what it sells, how people speak of it, how much.

    >>> Brand(name="云杉航空", trade="airline").negative
    0.28
    """

    name: str = Field(min_length=1, max_length=200)
    trade: str = "shop"
    """Chooses products and complaints: airline, phone, food, bank or shop."""
    negative: float = Field(default=0.28, ge=0, le=1)
    positive: float = Field(default=0.32, ge=0, le=1)
    volume: float = Field(default=1.0, gt=0, le=10_000)
    """Multiple of the scenario's rate."""


class Channel(Part):
    """One channel: its part of the traffic, its rhythm, its manners."""

    name: str = Field(min_length=1, max_length=200)
    share: float = Field(gt=0, le=1)
    hours: str = "day"
    """Which hour profile: office, day, evening (see `rhythm`)."""
    weekend: float = Field(default=1.0, gt=0)
    """Volume of a day at the weekend against a workday."""
    holiday: float = Field(default=1.0, gt=0)
    """Volume of a public holiday against a workday."""
    english: float = Field(default=0.1, ge=0, le=1)
    cases: float = Field(default=0.0, ge=0, le=1)
    """Share of the negative texts that open a case, and so are complaints."""
    reach: int = Field(default=1, ge=0)
    """Median of how many people a text reaches."""
    social: bool = False
    """Hashtags, mentions with @, reposts, emoji."""


BRANDS = (
    Brand(name="云杉航空", trade="airline", negative=0.30, positive=0.28),
    Brand(name="北斗手机", trade="phone", negative=0.24, positive=0.38),
    Brand(name="快鹿外卖", trade="food", negative=0.32, positive=0.30),
    Brand(name="青禾银行", trade="bank", negative=0.26, positive=0.24),
    Brand(name="晨星商城", trade="shop", negative=0.27, positive=0.36),
)

CHANNELS = (
    Channel(name="hotline", share=0.16, hours="office", weekend=0.6, holiday=0.5, english=0.02, cases=0.9),
    Channel(name="web", share=0.16, hours="day", weekend=0.8, holiday=0.7, english=0.1, cases=0.7, reach=3),
    Channel(name="weibo", share=0.3, hours="evening", weekend=1.15, holiday=1.2, english=0.05, reach=220, social=True),
    Channel(name="app_store", share=0.14, hours="evening", weekend=1.1, holiday=1.05, english=0.25, reach=40),
    Channel(name="mail", share=0.08, hours="office", weekend=0.45, holiday=0.4, english=0.3, cases=0.8),
    Channel(name="chat", share=0.16, hours="day", weekend=0.9, holiday=0.8, english=0.05, cases=0.5),
)


def brand_named(name: str) -> Brand:
    """The default brand of this name, or a new one that sells goods.

    >>> brand_named("青禾银行").trade, brand_named("某某").trade
    ('bank', 'shop')
    """
    return next((brand for brand in BRANDS if brand.name == name), Brand(name=name))
