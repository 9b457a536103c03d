"""*Duty*: what is open, whether volume is as expected, what came late or was refused, which sources live."""

from __future__ import annotations

from dashboards.grafana.frame import Board, Row
from dashboards.grafana.panels import INCIDENT_LINK, TIER_COLOURS, Column, Panel
from dashboards.grafana.query import BRAND, STEP, UNTIL, WITHIN, ask, chosen, dims, hourly, over
from dashboards.grafana.say import Text
from dashboards.schema import BUCKETS, INCIDENTS, VITALS

TIERS = {
    "blue": Text("蓝", "Blue"),
    "yellow": Text("黄", "Yellow"),
    "orange": Text("橙", "Orange"),
    "red": Text("红", "Red"),
}
TIER_MAPPING = {tier: (text, TIER_COLOURS[tier]) for tier, text in TIERS.items()}

_LAST_TIERS = ", ".join(f'LAST("{tier}") AS "{tier}"' for tier in TIERS)
_SUM_TIERS = ", ".join(f'SUM("{tier}") AS "{tier}"' for tier in TIERS)

OPEN = Panel(
    kind="stat",
    title=Text("未结事件（按级别）", "Open incidents by tier"),
    about=Text(
        "所选时段结束时仍未结束的事件数，包括更早开始的。",
        "Incidents not resolved at the end of the chosen time, those that began before it included.",
    ),
    queries=[over(_SUM_TIERS, ask(_LAST_TIERS, INCIDENTS, UNTIL, BRAND, by='"incident"'))],
    width=10,
    height=5,
    columns=[Column(tier, text, colour=TIER_COLOURS[tier]) for tier, text in TIERS.items()],
)

ALARMS = Panel(
    kind="series",
    title=Text("每小时预警数", "Alarms an hour"),
    about=Text("新开、重开或升级并已通知的事件变化。", "Changes that were told: opened, opened again, or risen."),
    queries=[ask('SUM("alarm") AS "alarms"', INCIDENTS, WITHIN, BRAND, by="time(1h)", fill="0")],
    width=14,
    height=5,
    drawn_as="bars",
    columns=[Column("alarms", Text("预警", "alarms"), colour=TIER_COLOURS["orange"])],
)

_OF_CHANNELS = (WITHIN, dims("channel"), BRAND, chosen("channel"))
_STATE = 'LAST("rank") AS "rank", "tier", "kind", "event", "reason", "scope", "observed", "expected", "score"'

INCIDENT_TABLE = Panel(
    kind="table",
    title=Text("事件（最新状态）", "Incidents as they stand"),
    about=Text("点事件编号打开控制台的事件页。", "The incident's name opens its page in the console."),
    queries=[ask(_STATE, INCIDENTS, WITHIN, BRAND, by='"incident", "brand"')],
    width=24,
    height=9,
    sort=Text("Time", "Time"),
    mappings=TIER_MAPPING,
    columns=[
        Column("incident", Text("事件", "Incident"), link=INCIDENT_LINK, width=170),
        Column("brand", Text("品牌", "Brand")),
        Column("rank", Text("级", "Rank"), width=60),
        Column("tier", Text("级别", "Tier"), width=90),
        Column("kind", Text("信号", "Signal")),
        Column("event", Text("变化", "Change")),
        Column("reason", Text("原因", "Reason")),
        Column("scope", Text("范围", "Scope")),
        Column("observed", Text("实际", "Observed")),
        Column("expected", Text("预期", "Expected")),
        Column("score", Text("分数", "Score")),
    ],
)

BAND = Panel(
    kind="series",
    title=Text("声量与预期区间（每桶）", "Volume against the expected band, a bucket"),
    about=Text(
        "每一步里最忙的一桶（通常一分钟）独立声音数，对照检测器对一桶的预期与上下限。放大到一分钟即为原值。",
        "Voices in the busiest bucket (usually a minute) of each step, against what the detector expects of a bucket"
        " and its limits. Zoomed in to a minute these are the values themselves.",
    ),
    queries=[
        ask(
            'MAX("voices") AS "voices", MEAN("expected") AS "expected",'
            ' MIN("lower") AS "lower", MAX("upper") AS "upper"',
            BUCKETS,
            WITHIN,
            dims(),
            BRAND,
            by=f'{STEP}, "brand"',
            fill="none",
        )
    ],
    alias="$tag_brand $col",
    width=24,
    height=10,
)

CHANNELS = Panel(
    kind="series",
    title=Text("各渠道声量", "Volume by channel"),
    about=Text("所选品牌与渠道的提及数。", "Mentions of the chosen brands and channels."),
    queries=[ask('SUM("n") AS "n"', BUCKETS, *_OF_CHANNELS, by=f'{STEP}, "channel"', fill="0")],
    alias="$tag_channel",
    stacked=True,
    interval="5m",
)

LATE = Panel(
    kind="series",
    title=Text("准时与迟到", "On time and late"),
    about=Text(
        "每小时提及数；迟到的单独标出，已计入合计，但不改变任何信号。",
        "Mentions an hour; late ones are shown apart. They are in all sums, but change no signal.",
    ),
    queries=[
        hourly('SUM("n") - SUM("late") AS "on time", SUM("late") AS "late"', '"n", "late"', dims(), BRAND),
    ],
    stacked=True,
    drawn_as="bars",
    columns=[
        Column("on time", Text("准时", "on time"), colour="#5794F2"),
        Column("late", Text("迟到", "late"), colour=TIER_COLOURS["orange"]),
    ],
)

DEAD = Panel(
    kind="stat",
    title=Text("死信与拒收", "Dead letters and refused rows"),
    about=Text(
        "所选时段内被拒绝的记录（死信）和存储拒收的行。",
        "Records refused at the door (dead letters) and rows that the store refused, in the chosen time.",
    ),
    queries=[ask('SUM("dead") AS "dead", SUM("refused") AS "refused"', VITALS, WITHIN)],
    width=8,
    steps=[(None, "#56A64B"), (1, TIER_COLOURS["yellow"]), (100, TIER_COLOURS["red"])],
    columns=[Column("dead", Text("死信", "dead letters")), Column("refused", Text("拒收", "refused rows"))],
)

SOURCES = Panel(
    kind="states",
    title=Text("来源是否在线", "Source health"),
    about=Text(
        "品牌的某个来源失联时为“失联”：安静不等于无事。",
        "A brand is blind while one of its sources is down: then quiet says nothing.",
    ),
    queries=[ask('MAX("stale") AS "down"', BUCKETS, WITHIN, dims(), BRAND, by=f'{STEP}, "brand"', fill="none")],
    alias="$tag_brand",
    width=16,
    interval="10m",
    mappings={"0": (Text("在线", "alive"), "#56A64B"), "1": (Text("失联", "down"), TIER_COLOURS["red"])},
)

BOARD = Board(
    name="duty",
    title=Text("烽火 · 值班", "Fenghuo · Duty"),
    about=Text("有什么事、是否正常、是否看得见。", "What is open, whether it is usual, whether we can see at all."),
    rows=[
        Row(Text("事件", "Incidents"), [OPEN, ALARMS, INCIDENT_TABLE]),
        Row(Text("声量", "Volume"), [BAND, CHANNELS, LATE]),
        Row(Text("看得见吗", "Can we see"), [DEAD, SOURCES]),
    ],
    tags=["channel"],
)
