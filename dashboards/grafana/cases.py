"""*Cases*: how many wait, for how long, who answers in time, what comes back."""

from __future__ import annotations

from dashboards.grafana.frame import Board, Row, Textbox
from dashboards.grafana.panels import NO_TIME, TIER_COLOURS, Column, Panel
from dashboards.grafana.query import BRAND, STEP, UNTIL, WITHIN, ask, chosen, or_zero
from dashboards.grafana.say import Text
from dashboards.schema import CASES

REPLY_MINUTES = Textbox("reply_minutes", Text("首次回复时限（分钟）", "First reply within (minutes)"), "15")
ANSWER_HOURS = Textbox("answer_hours", Text("答复时限（小时）", "Answer within (hours)"), "24")
SOLVE_HOURS = Textbox("solve_hours", Text("解决时限（小时）", "Solved within (hours)"), "72")

_MINUTE, _HOUR = 60_000_000, 3_600_000_000
_WHERE = (WITHIN, BRAND)
_REPLIED = ("\"event\" = 'replied'", '"first" = 1')
_RESOLVED = ("\"event\" = 'resolved'", '"first" = 1')
_MIDDLE = 'MEDIAN("elapsed") AS "median", PERCENTILE("elapsed", 90) AS "p90"'
_WARNS = [(None, "#56A64B"), (1, TIER_COLOURS["yellow"]), (10, TIER_COLOURS["orange"]), (50, TIER_COLOURS["red"])]
_DEPARTMENT = Column("department", Text("部门", "Department"))
_TO_REPLY = Text("从开单到首次回复。", "From the opening of a case to its first reply.")
_TO_SOLUTION = Text("从开单到首次解决。", "From the opening of a case to its first solution.")
_TIMES = [
    Column("median", Text("中位", "median"), unit="s"),
    Column("p90", Text("九成以内", "nine in ten within"), unit="s"),
]


def before(amount: str, unit: int) -> str:
    """The condition that a case was opened longer ago than ``amount`` at the end of the chosen time."""
    return f'"opened_at" < ${{__to}} * 1000 - {amount} * {unit}'


def _stat(title: Text, about: Text, field: str, *where: str) -> Panel:
    query = or_zero(field, ask(f'"{field}"', CASES, UNTIL, BRAND, *where), ask(f'"{field}"', CASES, UNTIL, BRAND))
    return Panel(
        kind="stat",
        title=title,
        about=about,
        queries=[query],
        width=6,
        height=5,
        steps=_WARNS if where else (),
        columns=[Column("sum", Text("件", "cases"))],
    )


OPEN = _stat(
    Text("未结工单", "Open cases"),
    Text("所选时段结束时未结的工单数。", "Cases not resolved at the end of the chosen time."),
    "open",
)
UNANSWERED = _stat(
    Text("首次回复超时", "First reply overdue"),
    Text("开单后超过时限仍无人回复。", "Opened longer ago than the limit, and nobody has replied."),
    "unanswered",
    before("$reply_minutes", _MINUTE),
)
LONG = _stat(
    Text("答复超时", "Answer overdue"),
    Text("开单后超过时限仍未结。", "Opened longer ago than the limit, and still open."),
    "open",
    before("$answer_hours", _HOUR),
)
OVERDUE = _stat(
    Text("解决超时", "Solution overdue"),
    Text("开单后超过时限仍未结。", "Opened longer ago than the limit, and still open."),
    "open",
    before("$solve_hours", _HOUR),
)

FLOW = Panel(
    kind="series",
    title=Text("工单进程", "Life of cases"),
    about=Text("每小时各类工单事件数。", "Case events of each kind an hour."),
    queries=[ask('COUNT("at") AS "n"', CASES, WITHIN, BRAND, by='time(1h), "event"', fill="0")],
    alias="$tag_event",
    drawn_as="bars",
    stacked=True,
    width=24,
)


def _times(title: Text, about: Text, interval: str, *where: str) -> Panel:
    return Panel(
        kind="series",
        title=title,
        about=about,
        queries=[ask(_MIDDLE, CASES, *_WHERE, *where, by=STEP, fill="none")],
        unit="s",
        interval=interval,
        columns=[Column(one.name, one.text) for one in _TIMES],
    )


REPLY = _times(Text("首次回复用时", "Time to the first reply"), _TO_REPLY, "1h", *_REPLIED)

IN_TIME = Panel(
    kind="series",
    title=Text("首次回复：及时与超时", "First replies in time and too late"),
    about=Text("按首次回复时限划分。", "By the limit for first replies."),
    queries=[
        ask(f'COUNT("elapsed") AS "{name}"', CASES, *_WHERE, *_REPLIED, within, by="time(1h)", fill="0")
        for name, within in (
            ("in time", '"elapsed" <= $reply_minutes * 60'),
            ("too late", '"elapsed" > $reply_minutes * 60'),
        )
    ],
    stacked=True,
    drawn_as="bars",
    columns=[
        Column("in time", Text("及时", "in time"), colour="#56A64B"),
        Column("too late", Text("超时", "too late"), colour=TIER_COLOURS["red"]),
    ],
)

SOLVE = _times(Text("解决用时", "Time to the solution"), _TO_SOLUTION, "2h", *_RESOLVED)


def _departments(select: str, *where: str) -> str:
    named = (chosen("department"), "\"department\" <> ''")
    return ask(select, CASES, *_WHERE, *named, *where, by='"department"')


BACK = Panel(
    kind="bars",
    title=Text("重开率（按部门）", "Reopened, by department"),
    about=Text("重开次数除以解决次数。", "Reopenings for each solution."),
    queries=[
        _departments('SUM("reopened") / SUM("resolved") AS "rate"', '"event" =~ /^(resolved|reopened)$/'),
    ],
    alias="$tag_department",
    unit="percentunit",
    least=0,
    most=0.3,
    steps=[(None, "#56A64B"), (0.05, TIER_COLOURS["yellow"]), (0.1, TIER_COLOURS["orange"])],
)


def _by_department(title: Text, about: Text, *where: str) -> Panel:
    return Panel(
        kind="table",
        title=title,
        about=about,
        queries=[_departments(f'COUNT("elapsed") AS "n", {_MIDDLE}', *where)],
        transformations=[NO_TIME],
        sort=_TIMES[0].text,
        columns=[_DEPARTMENT, Column("n", Text("件数", "cases")), *_TIMES],
    )


RATING = Panel(
    kind="table",
    title=Text("评分（按部门）", "Ratings by department"),
    about=Text("0 到 10 分。", "From 0 to 10."),
    queries=[_departments('COUNT("rating") AS "n", MEAN("rating") AS "rating"')],
    transformations=[NO_TIME],
    columns=[_DEPARTMENT, Column("n", Text("件数", "cases")), Column("rating", Text("评分", "rating"))],
)

BOARD = Board(
    name="cases",
    title=Text("烽火 · 工单", "Fenghuo · Cases"),
    about=Text("谁在等、等多久、谁来得及。", "Who waits, for how long, and who answers in time."),
    rows=[
        Row(Text("时限", "Clocks"), [OPEN, UNANSWERED, LONG, OVERDUE, FLOW]),
        Row(Text("用时", "How long it takes"), [REPLY, IN_TIME, SOLVE, BACK]),
        Row(
            Text("各部门", "By department"),
            [
                _by_department(
                    Text("首次回复（按部门）", "First reply by department"),
                    _TO_REPLY,
                    *_REPLIED,
                ),
                _by_department(
                    Text("解决（按部门）", "Solution by department"),
                    _TO_SOLUTION,
                    *_RESOLVED,
                ),
                RATING,
            ],
        ),
    ],
    tags=["department"],
    textboxes=[REPLY_MINUTES, ANSWER_HOURS, SOLVE_HOURS],
    since="now-7d",
    refresh="1m",
)
