"""*Sentiment*: how negative, how hot, about what, in whose words, and how much of it is copies."""

from __future__ import annotations

from contracts.records import Emotion
from dashboards.grafana.duty import TIER_MAPPING
from dashboards.grafana.frame import Board, Row
from dashboards.grafana.panels import INCIDENT_LINK, NO_TIME, TIER_COLOURS, Column, Panel, grouped
from dashboards.grafana.query import BRAND, WITHIN, ask, chosen, dims, hourly, share
from dashboards.grafana.say import Text
from dashboards.schema import BUCKETS, HOURS, PARTS, WORDS

WILSON = Text(
    "负面占比与 95 % 威尔逊区间；声音越少，区间越宽。",
    "Negative share with Wilson's 95 % interval; the fewer voices, the wider.",
)
_SHARE_COLUMNS = [
    Column("share", Text("占比", "share"), unit="percentunit"),
    Column("low", Text("区间下限", "low"), unit="percentunit"),
    Column("high", Text("区间上限", "high"), unit="percentunit"),
    Column("n", Text("提及数", "mentions")),
]

THERMOMETER = Panel(
    kind="gauge",
    title=Text("情绪温度计", "Emotion thermometer"),
    about=Text(
        "激烈负面声音占全部提及的比例；默认 30 % 为红线。",
        "Share of hot negative mentions among all; 30 % is red by default.",
    ),
    queries=[ask('SUM("hot") / SUM("n") AS "hot"', BUCKETS, WITHIN, dims(), BRAND)],
    unit="percentunit",
    least=0,
    most=0.6,
    steps=[
        (None, "#56A64B"),
        (0.15, TIER_COLOURS["yellow"]),
        (0.2, TIER_COLOURS["orange"]),
        (0.3, TIER_COLOURS["red"]),
    ],
    width=6,
    columns=[Column("hot", Text("激烈负面", "hot negative"))],
)

BY_BRAND_NOW = Panel(
    kind="bars",
    title=Text("各品牌温度", "Thermometer by brand"),
    about=Text("所选时段内激烈负面占比。", "Share of hot negative mentions in the chosen time."),
    queries=[ask('SUM("hot") / SUM("n") AS "hot"', BUCKETS, WITHIN, dims(), BRAND, by='"brand"')],
    alias="$tag_brand",
    unit="percentunit",
    least=0,
    most=0.6,
    steps=THERMOMETER.steps,
    width=8,
)

TONE = Panel(
    kind="series",
    title=Text("语气构成（每小时）", "Tone, an hour"),
    about=Text(
        "负面、中性、正面的提及数，迟到的计算在内。", "Negative, neutral and positive mentions, late ones included."
    ),
    queries=[
        hourly(
            'SUM("negative") AS "negative", SUM("n") - SUM("negative") - SUM("positive") AS "neutral",'
            ' SUM("positive") AS "positive"',
            '"negative", "n", "positive"',
            dims(),
            BRAND,
        )
    ],
    stacked=True,
    drawn_as="bars",
    width=10,
    columns=[
        Column("negative", Text("负面", "negative"), colour=TIER_COLOURS["red"]),
        Column("neutral", Text("中性", "neutral"), colour="#8E8E8E"),
        Column("positive", Text("正面", "positive"), colour="#56A64B"),
    ],
)

SHARE = Panel(
    kind="series",
    title=Text("负面占比与区间（按品牌）", "Negative share with interval, by brand"),
    about=WILSON,
    queries=[share("negative", HOURS, WITHIN, dims(), BRAND, by='time($__interval), "brand"', counted=False)],
    alias="$tag_brand $col",
    unit="percentunit",
    least=0,
    most=1,
    interval="2h",
    width=24,
    height=9,
)


def _table(tag: str, title: Text) -> Panel:
    """Share with interval for each value of a tag."""
    where = (WITHIN, dims(tag), BRAND, chosen(tag))
    return Panel(
        kind="table",
        title=title,
        about=WILSON,
        queries=[share("negative", HOURS, *where, by=f'"brand", "{tag}"')],
        width=12,
        transformations=[NO_TIME],
        sort=_SHARE_COLUMNS[0].text,
        columns=[Column("brand", Text("品牌", "Brand")), Column(tag, _TAG[tag]), *_SHARE_COLUMNS],
    )


_TAG = {"channel": Text("渠道", "Channel"), "category": Text("类别", "Category"), "region": Text("地区", "Region")}

TOPICS = Panel(
    kind="table",
    title=Text("话题", "Topics"),
    about=Text(
        "每个类别的提及数、独立声音、激烈负面与触达。",
        "Mentions, independent voices, hot negative ones and reach of each category.",
    ),
    queries=[
        ask(
            'SUM("n") AS "n", SUM("voices") AS "voices", SUM("negative") AS "negative", SUM("hot") AS "hot",'
            ' SUM("reach") AS "reach"',
            BUCKETS,
            WITHIN,
            dims("category"),
            BRAND,
            chosen("category"),
            by='"category"',
        )
    ],
    width=12,
    transformations=[NO_TIME],
    columns=[
        Column("category", Text("类别", "Category")),
        Column("n", Text("提及数", "mentions")),
        Column("voices", Text("独立声音", "voices")),
        Column("negative", Text("负面", "negative")),
        Column("hot", Text("激烈", "hot")),
        Column("reach", Text("触达", "reach")),
    ],
)

WORD_TABLE = Panel(
    kind="table",
    title=Text("新词（来自事件）", "New phrases, from incidents"),
    about=Text(
        "检测器在事件变化时报告的新词；次数是出现在多少次变化里。",
        "Phrases that detectors reported as new with a change of an incident; how many changes each stood in.",
    ),
    queries=[ask('"word", "tier", "kind"', WORDS, WITHIN, BRAND, by='"brand", "incident"')],
    width=12,
    transformations=[grouped("word", "brand", kind="count", tier="last", incident="last")],
    mappings=TIER_MAPPING,
    columns=[
        Column("word", Text("词", "Phrase")),
        Column("brand", Text("品牌", "Brand")),
        Column("kind (count)", Text("次数", "Times")),
        Column("tier (last)", Text("最近级别", "Last tier")),
        Column("incident (last)", Text("最近事件", "Last incident"), link=INCIDENT_LINK),
    ],
)

PART_TABLE = Panel(
    kind="table",
    title=Text("超出部分的构成", "What the excess is made of"),
    about=Text(
        "事件变化时，各渠道、类别、地区、作者类别对超出量的贡献（最大值）。",
        "Largest contribution of each channel, category, region and class of author to the excess of an incident.",
    ),
    queries=[ask('"value", "excess"', PARTS, WITHIN, BRAND, by='"brand", "dimension"')],
    width=12,
    transformations=[grouped("brand", "dimension", "value", excess="max")],
    columns=[
        Column("brand", Text("品牌", "Brand")),
        Column("dimension", Text("维度", "Dimension")),
        Column("value", Text("值", "Value")),
        Column("excess (max)", Text("最大贡献", "Largest part")),
    ],
)

COPIES = Panel(
    kind="series",
    title=Text("独立声音与复制", "Voices against copies"),
    about=Text(
        "相同文字的重复发送只算触达，不算声音；不含迟到的。",
        "The same text again adds reach, but no voice. Late mentions are not in here.",
    ),
    queries=[
        hourly(
            'SUM("voices") AS "voices", SUM("n") - SUM("late") - SUM("voices") AS "copies"',
            '"voices", "n", "late"',
            dims(),
            BRAND,
        )
    ],
    stacked=True,
    drawn_as="bars",
    width=12,
    columns=[
        Column("voices", Text("独立声音", "voices"), colour="#5794F2"),
        Column("copies", Text("复制", "copies"), colour=TIER_COLOURS["orange"]),
    ],
)


EMOTIONS = Panel(
    kind="bars",
    title=Text("情绪分布", "Emotions"),
    about=Text("有明显情绪的提及数，每次提及只算最主要的一种。", "Mentions with a clear emotion, by the leading one."),
    queries=[ask('SUM("n") AS "n"', BUCKETS, WITHIN, dims("emotion"), BRAND, "\"emotion\" <> 'none'", by='"emotion"')],
    alias="$tag_emotion",
    width=12,
    least=0,
    columns=[
        Column(Emotion.ANGER, Text("愤怒", "anger"), colour=TIER_COLOURS["red"]),
        Column(Emotion.ANXIETY, Text("焦虑", "anxiety"), colour=TIER_COLOURS["orange"]),
        Column(Emotion.DISAPPOINTMENT, Text("失望", "disappointment"), colour=TIER_COLOURS["yellow"]),
        Column(Emotion.SADNESS, Text("悲伤", "sadness"), colour=TIER_COLOURS["blue"]),
        Column(Emotion.JOY, Text("喜悦", "joy"), colour="#56A64B"),
        Column(Emotion.GRATITUDE, Text("感谢", "gratitude"), colour="#A352CC"),
    ],
)
"""Bars, as Grafana has no radar of its own."""

BOARD = Board(
    name="sentiment",
    title=Text("烽火 · 舆情", "Fenghuo · Sentiment"),
    about=Text("有多负面、有多激烈、在说什么。", "How negative, how hot, and about what."),
    rows=[
        Row(Text("温度", "Temperature"), [THERMOMETER, BY_BRAND_NOW, TONE]),
        Row(
            Text("负面占比", "Negative share"),
            [
                SHARE,
                _table("channel", Text("按渠道", "By channel")),
                _table("category", Text("按类别", "By category")),
                _table("region", Text("按地区", "By region")),
                COPIES,
            ],
        ),
        Row(Text("话题与用词", "Topics and words"), [TOPICS, WORD_TABLE, PART_TABLE, EMOTIONS]),
    ],
    tags=["channel", "category", "region"],
    refresh="1m",
)
