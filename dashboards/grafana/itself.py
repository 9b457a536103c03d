"""*Fenghuo itself*: whether it keeps up, how old its numbers are, what it holds and what it refuses."""

from __future__ import annotations

from dataclasses import replace

from dashboards.grafana.frame import Board, Row
from dashboards.grafana.panels import TIER_COLOURS, Column, Panel
from dashboards.grafana.query import STEP, WITHIN, ask, dims, hourly, over
from dashboards.grafana.say import Text
from dashboards.schema import BUCKETS, VITALS


def _of_members(select: str, title: Text, about: Text, unit: str = "short") -> Panel:
    """A vital of every process that writes, as a curve each."""
    query = ask(select, VITALS, WITHIN, by=f'{STEP}, "member"', fill="none")
    return Panel(kind="series", title=title, about=about, queries=[query], alias="$tag_member", unit=unit)


THROUGHPUT = Panel(
    kind="series",
    title=Text("每分钟提及数（事件时间）", "Mentions a minute, in event time"),
    about=Text("所有品牌合计，迟到的不在内。", "All brands together, late ones not in here."),
    queries=[ask('SUM("n") * 60000 / $__interval_ms AS "n"', BUCKETS, WITHIN, dims(), by=STEP, fill="0")],
    columns=[Column("n", Text("提及／分钟", "mentions a minute"))],
)

ROWS = _of_members(
    'MEAN("rows_per_second") AS "rows"',
    Text("写入速度", "Rows written"),
    Text("每秒写入序列库的行数。", "Rows a second into the series store."),
)

LAG = replace(
    _of_members(
        'MAX("lag_seconds") AS "lag"',
        Text("落后", "Lag"),
        Text(
            "最新一桶距现在多久；回放时为还剩多少事件时间。曲线中断即没有写入。",
            "How far the newest bucket lies behind now; in a replay how much event time is left. Where the curve"
            " ends, nothing is written.",
        ),
        unit="s",
    ),
    steps=[(None, "transparent"), (300, TIER_COLOURS["orange"])],
)

DELAY = _of_members(
    'MAX("delay_seconds") AS "delay"',
    Text("端到端延迟", "End-to-end delay"),
    Text(
        "从一桶结束到可见；回放时从交出到写入。",
        "From the end of a bucket until it can be seen here; in a replay from handing it over.",
    ),
    unit="s",
)

MEMORY = replace(
    _of_members(
        'MAX("memory_bytes") AS "memory"',
        Text("内存", "Memory"),
        Text("写入进程的常驻内存。", "Resident memory of the process that writes."),
        unit="bytes",
    ),
    least=0,
)

WAITING = _of_members(
    'MAX("waiting") AS "waiting"',
    Text("待写", "Waiting"),
    Text("回放中还未写入的行数；实时没有。", "Rows of a replay still to be written; none when live."),
)

REFUSED = Panel(
    kind="series",
    title=Text("死信与拒收", "Dead letters and refused rows"),
    about=Text(
        "死信：入口拒绝的记录；拒收：序列库拒绝或超过序列上限的行。",
        "Dead letters were refused at the door; refused rows by the series store, or for its limit of series.",
    ),
    queries=[ask('SUM("dead") AS "dead", SUM("refused") AS "refused"', VITALS, WITHIN, by=STEP, fill="none")],
    drawn_as="bars",
    interval="10m",
    columns=[
        Column("dead", Text("死信", "dead letters"), colour=TIER_COLOURS["orange"]),
        Column("refused", Text("拒收", "refused rows"), colour=TIER_COLOURS["red"]),
    ],
)

LATE_SHARE = Panel(
    kind="series",
    title=Text("迟到占比", "Share of late mentions"),
    about=Text(
        "每小时迟到的提及占比；高则来源的迟到时限太短。",
        "Of each hour; if it is high, a source's lateness is set too short.",
    ),
    queries=[
        hourly('SUM("late") / SUM("n") AS "late"', '"late", "n"', dims(), fill="none"),
    ],
    unit="percentunit",
    least=0,
    columns=[Column("late", Text("迟到", "late"))],
)

SERIES = Panel(
    kind="stat",
    title=Text("序列数", "Series"),
    about=Text("所选时段内有数据的序列。", "Series with data in the chosen time."),
    queries=[over('COUNT("n") AS "series"', ask('LAST("n") AS "n"', BUCKETS, WITHIN, by="*"))],
    height=5,
    width=12,
    columns=[Column("series", Text("序列", "series"))],
)

BY_BRAND = Panel(
    kind="bars",
    title=Text("各品牌提及数", "Mentions by brand"),
    about=Text("所选时段合计。", "In the chosen time."),
    queries=[ask('SUM("n") AS "n"', BUCKETS, WITHIN, dims(), by='"brand"')],
    alias="$tag_brand",
    height=5,
    width=12,
)

BOARD = Board(
    name="itself",
    title=Text("烽火 · 自身", "Fenghuo · Itself"),
    about=Text("是否跟得上、数字有多新。", "Whether it keeps up, and how fresh its numbers are."),
    rows=[
        Row(Text("快慢", "Pace"), [THROUGHPUT, ROWS, LAG, DELAY]),
        Row(Text("占用与拒绝", "Use and refusals"), [MEMORY, WAITING, REFUSED, LATE_SHARE, SERIES, BY_BRAND]),
    ],
)
