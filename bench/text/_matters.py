"""Voices about known matters, each in words of its own, among voices about nothing in particular.

A matter is a thing and what is wrong with it; things and faults recur in other matters, so that neither alone tells.
Openings, feelings and demands are the simulator's and say nothing of the matter.
"""

from __future__ import annotations

from random import Random

from fenghuo.simulator.texts import chinese, english
from fenghuo.simulator.texts.writer import NEGATIVE, WIDTH, Writer
from fenghuo.simulator.world import BRANDS, CATEGORIES

Said = tuple[float, str, str]
"""When, an id, and the text."""
BEGIN = 1_774_000_000.0
DAY = 86_400
DAYS = 14
MATTERS = 20

THINGS = {
    "zh": (
        "松湖路门店", "青园快递柜", "旗舰折叠屏", "会员年卡", "夜宵红包", "云岭航线", "儿童安全座椅", "扫地机滤网",
        "银杏苑网点", "滨江充电桩", "羽绒睡袋", "蓝牙耳机二代",
    ),
    "en": (
        "Harbour Street store", "parcel locker", "foldable phone", "annual membership", "midnight coupon",
        "Oakridge route", "child car seat", "vacuum filter", "Birchwood branch", "riverside charger",
        "down sleeping bag", "second generation earbuds",
    ),
}  # fmt: skip
FAULTS = {
    "zh": (
        ("屏幕发绿还闪烁", "屏幕突然发绿", "一打开屏幕就闪烁发绿"),
        ("重复扣了两次款", "扣款扣了两遍", "一笔钱被重复扣款"),
        ("闻到烧焦味还冒烟", "冒烟了，一股烧焦味", "通电就有烧焦味"),
        ("约好的时间没开门", "大白天关着门没开门", "营业时间里没开门没人在"),
        ("取件码失效打不开", "提示取件码失效", "柜门打不开，取件码失效"),
        ("买来就掉毛钻绒", "钻绒严重，满身掉毛", "才穿一回就掉毛钻绒"),
        ("改了时刻没有通知", "擅自改时刻不通知", "没通知就改了时刻"),
        ("排队三小时叫不到号", "叫号乱套，排队三小时", "排队三小时还没叫号"),
        ("卡扣断裂很危险", "卡扣一拉就断裂", "用两回卡扣断裂"),
        ("标价和结账不一样", "结账比标价贵", "标价是假的，结账涨价"),
    ),
    "en": (
        ("the screen flickers green", "flickering green screen", "screen turned green and flickers"),
        ("charged my card twice", "charged twice for one purchase", "double charged my card"),
        ("smells burnt and gives off smoke", "smoke and a burnt smell", "burnt smell, then smoke"),
        ("was closed during opening hours", "closed, whatever its opening hours", "opening hours mean nothing, closed"),
        ("the pickup code expired at once", "my pickup code expired", "says pickup code expired"),
        ("the seams split and feathers come out", "feathers everywhere, seams split", "split seams, feathers all over"),
        ("changed the timetable without notice", "no notice of the changed timetable", "timetable changed, no notice"),
        ("queued three hours for nothing", "a queue of three hours", "three hours in the queue"),
        ("the buckle snapped", "buckle snapped on the first day", "its buckle simply snapped"),
        ("the till charges more than the price tag", "price tag says less than the till", "till and price tag differ"),
    ),
}  # fmt: skip


def matters(lang: str, random: Random) -> tuple[list[Said], list[int]]:
    """Voices in order of time, and the matter of each; -1 for none."""
    pairs = [(thing, fault) for thing in THINGS[lang] for fault in FAULTS[lang]]
    voices: list[tuple[float, int, str]] = []
    for number, (thing, fault) in enumerate(random.sample(pairs, MATTERS)):
        begin = random.uniform(0, DAYS - 3) * DAY
        for _ in range(random.randint(5, 60)):
            when = begin + random.expovariate(1.0) * DAY
            voices.append((when, number, _voice(lang, thing, random.choice(fault), random)))
    writer = Writer(BRANDS[4].name, BRANDS[4].trade, lang, social=False)
    for _ in range(len(voices)):
        row = [random.getrandbits(32) for _ in range(WIDTH)]
        text = writer.write(row, NEGATIVE, random.choice(CATEGORIES))
        voices.append((random.uniform(-7, DAYS) * DAY, -1, text))
    voices.sort()
    said = [(BEGIN + when, f"v{place}", text) for place, (when, _, text) in enumerate(voices)]
    return said, [number for _, number, _ in voices]


def _voice(lang: str, thing: str, fault: str, random: Random) -> str:
    bank = english.BANK if lang == "en" else chinese.BANK
    parts = [f"{thing}{random.choice(bank.glue if lang == 'zh' else (' ', ', '))}{fault}"]
    if random.random() < 0.5:
        parts.insert(0, random.choice(bank.openings))
    if random.random() < 0.5:
        parts.insert(random.randrange(len(parts) + 1), random.choice(bank.whens))
    parts.append(random.choice(bank.negative_feelings))
    if random.random() < 0.5:
        parts.append(random.choice(bank.negative_asks))
    return bank.glue.join(parts) + random.choice(bank.stops)
