"""What happened in one run, for people: every step, time and person, as a page or as Markdown.

Made of the run's events alone, as the ledger has them. Whatever somebody typed is escaped; the page loads nothing
from anywhere and runs no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from alerts.plans.events import Dial, PlanEvent, PlanEventKind, Sheet
from contracts.errors import InvalidRecord

_KINDS = {
    PlanEventKind.STARTED: "启动 started",
    PlanEventKind.RAISED: "升级 raised",
    PlanEventKind.DUE_SOON: "即将到期 due soon",
    PlanEventKind.TASK_OVERDUE: "任务超时 task overdue",
    PlanEventKind.TASK_DONE: "任务完成 task done",
    PlanEventKind.TASK_SKIPPED: "任务跳过 task skipped",
    PlanEventKind.CLOCK_MET: "时限达成 clock met",
    PlanEventKind.CLOCK_OVERDUE: "时限超时 clock overdue",
    PlanEventKind.CLOSED: "结束 closed",
    PlanEventKind.REFUSED: "被拒 refused",
}
_TASKS = ("任务 task", "责任 owner", "协同 with", "期限 due", "结果 result", "时间 at", "人员 by")
_CLOCKS = ("时限 clock", "期限 due", "结果 result", "时间 at")
_STEPS = ("时间 at", "事件 event", "内容 what", "人员 by", "说明 note")


@dataclass(frozen=True, slots=True)
class Section:
    """One table."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report before it has a form."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def report(events: Sequence[PlanEvent], zone: ZoneInfo, more: Sequence[tuple[str, str]] = ()) -> Report:
    """The report of one run; ``events`` in order, times told in ``zone``, ``more`` facts after its own."""
    opening = next((one for one in events if one.kind is PlanEventKind.STARTED), None)
    if opening is None:
        raise InvalidRecord("report", "", "there is no start among the events of this run")
    tasks = [sheet for one in events for sheet in one.tasks]
    clocks = [dial for one in events for dial in one.clocks]
    name = opening.title.both if opening.title else opening.plan
    return Report(
        title=f"{'演练 drill: ' if opening.drill else ''}{name}",
        facts=(*_facts(events, opening, tasks, zone), *more),
        sections=(
            Section("任务 tasks", _TASKS, tuple(_task_row(one, events, zone) for one in tasks)),
            Section("时限 clocks", _CLOCKS, tuple(_clock_row(one, events, zone) for one in clocks)),
            Section("经过 what happened", _STEPS, tuple(_step_row(one, zone) for one in events)),
        ),
    )


def markdown(one: Report) -> str:
    """As Markdown; what people typed cannot become markup."""
    lines = [f"# {_plain(one.title)}", ""]
    lines += [f"* {_plain(name)}: {_plain(value)}" for name, value in one.facts]
    for section in one.sections:
        lines += ["", f"## {_plain(section.title)}", ""]
        if not section.rows:
            lines.append("–")
            continue
        lines.append(_line(section.head))
        lines.append("|" + " --- |" * len(section.head))
        lines += [_line(row) for row in section.rows]
    return "\n".join(lines) + "\n"


def html(one: Report) -> str:
    """As one page."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in one.facts)
    return _PAGE.format(title=escape(one.title), facts=facts, sections="".join(map(_section, one.sections)))


def length(span: timedelta) -> str:
    """A length of time in hours and minutes.

    >>> length(timedelta(minutes=75)), length(timedelta(seconds=40))
    ('1 h 15 min', '0 min')
    """
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _facts(
    events: Sequence[PlanEvent], opening: PlanEvent, tasks: Sequence[Sheet], zone: ZoneInfo
) -> tuple[tuple[str, str], ...]:
    closed = next((one for one in events if one.kind is PlanEventKind.CLOSED), None)
    done = {one.task for one in events if one.kind is PlanEventKind.TASK_DONE}
    skipped = {one.task for one in events if one.kind is PlanEventKind.TASK_SKIPPED}
    late = {one.task for one in events if one.kind is PlanEventKind.TASK_OVERDUE}
    people = sorted({one.by for one in events if one.by})
    counts = f"{len(tasks)} · 完成 done {len(done)} · 跳过 skipped {len(skipped)} · 超时 overdue {len(late)}"
    ended = "未结束 still open"
    if closed is not None:
        ended = f"{_time(closed.at, zone)} ({length(closed.at - opening.at)})"
    return (
        ("运行 run", opening.run),
        ("品牌 brand", opening.brand),
        ("事件 incident", opening.incident or "–"),
        ("级别 level", " → ".join(dict.fromkeys(one.level.value for one in events))),
        ("启动 started", f"{_time(opening.at, zone)} · {opening.by}"),
        ("结束 closed", ended),
        ("任务 tasks", counts),
        ("人员 people", ", ".join(people)),
        ("时区 time zone", zone.key),
    )


def _task_row(sheet: Sheet, events: Sequence[PlanEvent], zone: ZoneInfo) -> tuple[str, ...]:
    ended = (PlanEventKind.TASK_DONE, PlanEventKind.TASK_SKIPPED)
    end = next((one for one in events if one.task == sheet.name and one.kind in ended), None)
    late = any(one.task == sheet.name and one.kind is PlanEventKind.TASK_OVERDUE for one in events)
    owner = f"{sheet.department.both} / {sheet.role.both}"
    partners = "; ".join(one.both for one in sheet.partners) or "–"
    start = (f"{sheet.title.both} ({sheet.name})", owner, partners, _time(sheet.due, zone))
    if end is None:
        return (*start, "超时未完成 overdue, not done" if late else "未完成 not done", "–", "–")
    if end.kind is PlanEventKind.TASK_SKIPPED:
        return (*start, "跳过 skipped", _time(end.at, zone), end.by)
    lag = f"完成，迟 {length(end.at - sheet.due)} done late" if late else "按时完成 done in time"
    return (*start, lag, _time(end.at, zone), end.by)


def _clock_row(dial: Dial, events: Sequence[PlanEvent], zone: ZoneInfo) -> tuple[str, ...]:
    met = next((one for one in events if one.task == dial.name and one.kind is PlanEventKind.CLOCK_MET), None)
    late = any(one.task == dial.name and one.kind is PlanEventKind.CLOCK_OVERDUE for one in events)
    start = (dial.title.both, _time(dial.due, zone))
    if met is None:
        return (*start, "超时未达成 overdue, not met" if late else "未达成 not met", "–")
    return (*start, "超时达成 met late" if late else "按时达成 met in time", _time(met.at, zone))


def _step_row(event: PlanEvent, zone: ZoneInfo) -> tuple[str, ...]:
    what = event.title.both if event.title else event.task or "–"
    return (_time(event.at, zone), _KINDS[event.kind], what, event.by or "–", event.note or "–")


def _time(when: datetime, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_plain, cells)) + " |"


_SPECIAL = str.maketrans({one: f"\\{one}" for one in "\\`*_[]<>#|!~"} | {"\n": " ", "\r": " ", "&": "&amp;"})


def _plain(text: str) -> str:
    return text.translate(_SPECIAL)


def _section(one: Section) -> str:
    if not one.rows:
        return f"<h2>{escape(one.title)}</h2><p>–</p>"
    head = "".join(f"<th>{escape(name)}</th>" for name in one.head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in one.rows)
    return f"<h2>{escape(one.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


_PAGE = """<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 72rem;
  padding: 0 1rem; color: #222; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }}
dt {{ color: #666; }}
dd {{ margin: 0; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top; }}
th {{ background: #f3f3f3; }}
@media print {{ body {{ margin: 0; max-width: none; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
<dl>{facts}</dl>
{sections}
</body>
</html>
"""
