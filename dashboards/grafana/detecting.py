"""*Detectors*: how unusual things are, whether alarms keep to what was allowed, what warms up or has gone stale."""

from __future__ import annotations

from dashboards.grafana.duty import TIER_MAPPING
from dashboards.grafana.frame import Board, Row, Textbox
from dashboards.grafana.panels import INCIDENT_LINK, TIER_COLOURS, Column, Panel
from dashboards.grafana.query import BRAND, STEP, WITHIN, ask, dims, over
from dashboards.grafana.say import Text
from dashboards.schema import BUCKETS, INCIDENTS

ALLOWED = Textbox("allowed", Text("每周允许预警数", "Alarms allowed a week"), "7")
STATES = {
    "warming": (Text("预热中", "warming up"), TIER_COLOURS["yellow"]),
    "ready": (Text("就绪", "ready"), "#56A64B"),
    "stale": (Text("失联", "stale"), TIER_COLOURS["red"]),
}
_LAST_STATES = ", ".join(f'LAST("{name}") AS "{name}"' for name in STATES)
_SUM_STATES = ", ".join(f'SUM("{name}") AS "{name}"' for name in STATES)
_STATE_COLUMNS = [Column(name, text, colour=colour) for name, (text, colour) in STATES.items()]

SCORES = Panel(
    kind="series",
    title=Text("声量分数", "Volume scores"),
    about=Text(
        "1 是检测器自己的界限，2 是两倍远。没有曲线的时段：声音少到不可能异常。",
        "1 is the detector's own limit, 2 is twice as far. Where there is no curve, voices were too few to be unusual.",
    ),
    queries=[ask('MAX("score") AS "score"', BUCKETS, WITHIN, dims(), BRAND, by=f'{STEP}, "brand"', fill="none")],
    alias="$tag_brand",
    steps=[(None, "transparent"), (1, TIER_COLOURS["red"])],
    width=24,
    interval="5m",
)

ALARM_RATE = Panel(
    kind="series",
    title=Text("实际与允许的预警", "Realised against allowed alarms"),
    about=Text(
        "每天已通知的新开、重开与升级，对照上方允许数的七分之一。",
        "Told openings, reopenings and promotions a day, against a seventh of what is allowed above.",
    ),
    queries=[
        ask('SUM("alarm") AS "realised"', INCIDENTS, WITHIN, BRAND, by="time(1d)", fill="0"),
        ask('MEAN("n") * 0 + $allowed / 7 AS "allowed"', BUCKETS, WITHIN, dims(), by="time(1d)", fill="none"),
    ],
    interval="1d",
    columns=[
        Column("realised", Text("实际", "realised"), colour=TIER_COLOURS["orange"]),
        Column("allowed", Text("允许", "allowed"), colour=TIER_COLOURS["red"], dashed=True),
    ],
)

BY_KIND = Panel(
    kind="table",
    title=Text("各类信号的预警", "Alarms by kind of signal"),
    about=Text("所选时段内已通知的变化。", "Told changes in the chosen time."),
    queries=[ask('"kind", "score", "alarm", "tier"', INCIDENTS, WITHIN, BRAND, by='"brand"')],
    transformations=[
        (
            "groupBy",
            {
                "fields": {
                    "brand": {"operation": "groupby", "aggregations": []},
                    "kind": {"operation": "groupby", "aggregations": []},
                    "alarm": {"operation": "aggregate", "aggregations": ["sum"]},
                    "score": {"operation": "aggregate", "aggregations": ["max"]},
                    "tier": {"operation": "aggregate", "aggregations": ["last"]},
                }
            },
        )
    ],
    mappings=TIER_MAPPING,
    columns=[
        Column("brand", Text("品牌", "Brand")),
        Column("kind", Text("信号", "Signal")),
        Column("alarm (sum)", Text("预警数", "Alarms")),
        Column("score (max)", Text("最高分", "Largest score")),
        Column("tier (last)", Text("最近级别", "Last tier")),
    ],
)

STATE_NOW = Panel(
    kind="stat",
    title=Text("序列状态", "State of series"),
    about=Text(
        "预热中的还不判断；失联的安静不算数。只有被监视的序列会就绪。",
        "A warming series is not judged yet; of a stale one quiet says nothing. Only watched series become ready.",
    ),
    queries=[over(_SUM_STATES, ask(_LAST_STATES, BUCKETS, WITHIN, BRAND, by="*"))],
    width=12,
    height=6,
    columns=_STATE_COLUMNS,
)

STATE_HISTORY = Panel(
    kind="series",
    title=Text("状态变化（品牌序列）", "State of brands"),
    about=Text("每小时预热、就绪、失联的品牌数。", "Brands warming up, ready and stale in each hour."),
    queries=[
        over(
            _SUM_STATES,
            ask(_LAST_STATES, BUCKETS, WITHIN, dims(), BRAND, by='time(1h), "brand"', fill="none"),
            where=WITHIN,
            by="time(1h)",
            fill="none",
        )
    ],
    stacked=True,
    drawn_as="bars",
    width=12,
    height=6,
    columns=_STATE_COLUMNS,
)

SERIES_TABLE = Panel(
    kind="table",
    title=Text("各序列最新状态", "Series as they stand"),
    about=Text("最近一桶的状态、预期与分数。", "State, expectation and score in the last bucket."),
    queries=[
        ask(
            'LAST("voices") AS "voices", "state", "expected", "upper", "score"',
            BUCKETS,
            WITHIN,
            BRAND,
            by='"brand", "dims", "channel", "category", "region"',
        )
    ],
    width=24,
    height=10,
    mappings=STATES,
    sort=Text("状态", "State"),
    columns=[
        Column("brand", Text("品牌", "Brand")),
        Column("dims", Text("维度", "Dimensions")),
        Column("channel", Text("渠道", "Channel")),
        Column("category", Text("类别", "Category")),
        Column("region", Text("地区", "Region")),
        Column("voices", Text("声音", "voices")),
        Column("state", Text("状态", "State")),
        Column("expected", Text("预期", "expected")),
        Column("upper", Text("上限", "upper limit")),
        Column("score", Text("分数", "score")),
    ],
)

SIGNALS = Panel(
    kind="table",
    title=Text("事件分数", "Scores of incidents"),
    about=Text("每次变化的实际、预期与分数。", "Observed, expected and score of each change."),
    queries=[
        ask('"event", "kind", "tier", "observed", "expected", "score"', INCIDENTS, WITHIN, BRAND, by='"incident"')
    ],
    mappings=TIER_MAPPING,
    width=24,
    sort=Text("分数", "Score"),
    columns=[
        Column("incident", Text("事件", "Incident"), link=INCIDENT_LINK),
        Column("event", Text("变化", "Change")),
        Column("kind", Text("信号", "Signal")),
        Column("tier", Text("级别", "Tier")),
        Column("observed", Text("实际", "Observed")),
        Column("expected", Text("预期", "Expected")),
        Column("score", Text("分数", "Score")),
    ],
)

BOARD = Board(
    name="detectors",
    title=Text("烽火 · 检测", "Fenghuo · Detectors"),
    about=Text(
        "有多异常、预警是否过多、谁还不能判断。", "How unusual, whether alarms are too many, what cannot be judged."
    ),
    rows=[
        Row(Text("分数", "Scores"), [SCORES, SIGNALS]),
        Row(Text("预算", "Budget"), [ALARM_RATE, BY_KIND]),
        Row(Text("状态", "States"), [STATE_NOW, STATE_HISTORY, SERIES_TABLE]),
    ],
    textboxes=[ALLOWED],
    since="now-7d",
    refresh="1m",
)
