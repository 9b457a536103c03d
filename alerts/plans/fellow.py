"""Plans behind deciding: starts runs by rule and by command, steps them, lets their time pass with the marks.

In the flow: :class:`alerts.ledger.scribe.Scribe` hands it every happening; it answers with notes for the ledger (one
an event of a run) and with deeds of the incident: ``plan_started``, ``task_done``, and ``escalated`` for what is
overdue. Of a drill nobody is told, and no incident carries it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from alerts.brands import EVERYBODY
from alerts.followers import Commanded, Deed, Due, Happening
from alerts.ledger.chain import Note
from alerts.plans.amended import Amended, above, amended_of
from alerts.plans.events import PlanEvent, PlanEventKind
from alerts.plans.machine import Begin, Run, close, done, next_due, raise_level, start, tick
from alerts.plans.settings import Level, Plan, PlanBook
from alerts.reasons import Reason
from contracts.errors import Invalid
from contracts.records import Command, CommandKind, IncidentEvent, IncidentEventKind, Mark

Answer = Deed | Note
RULES = "rules"
"""Who starts a plan that a rule starts."""
MOST_RUNS = 200
"""Open runs of one partition; a start beyond them is refused."""
_RISES = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)
_OVERDUE = (PlanEventKind.TASK_OVERDUE, PlanEventKind.CLOCK_OVERDUE)


class PlanFellow:
    """Implements :class:`alerts.ledger.scribe.Fellow`.

    Commands of the kind ``plan`` carry ``args.do``: ``start`` (``plan``, and optionally ``incident``, ``level``,
    ``drill``), ``done`` and ``skip`` (``run``, ``task``, optionally ``by``), ``close`` (``run``). Those of the kind
    ``plans`` carry a new version of a plan.
    """

    name = "plans"
    claims = frozenset({CommandKind.PLAN, CommandKind.PLANS})

    def __init__(self, book: PlanBook) -> None:
        self._file = self._book = book
        self.amended: dict[str, Amended] = {}
        """Plans that were changed by command, by name."""
        self._runs: dict[str, Run] = {}
        self._taken_up: set[str] = set()
        """Runs that a person started or stepped."""
        self._nagged: set[str] = set()
        """Runs that nobody has taken up and of which people were told once that they are overdue."""
        self._ended: set[str] = set()
        """Runs whose incident is resolved."""

    def follow(self, happening: Happening) -> Iterator[Answer]:
        """What follows from one happening."""
        if isinstance(happening, IncidentEvent):
            if happening.event is IncidentEventKind.RESOLVED:
                yield from self._resolved(happening)
            elif happening.event in _RISES and happening.notify:
                yield from self._risen(happening)
        elif isinstance(happening, Mark | Due):
            for run in [one for one in self._runs.values() if one.brand == happening.brand]:
                yield from self._keep(*tick(run, happening.at))
        elif isinstance(happening, Commanded) and happening.refused is None:
            if happening.command.kind is CommandKind.PLAN:
                yield from self._commanded(happening.command, happening.at)
            elif happening.command.kind is CommandKind.PLANS:
                yield from self._amend(happening.command, happening.at)

    def next_due(self, brand: str) -> datetime | None:
        """When the next task or clock of a brand's runs is due."""
        dues = (next_due(run) for run in self._runs.values() if run.brand == brand)
        return min(filter(None, dues), default=None)

    def adopt(self, fresh: PlanFellow) -> bool:
        """New plans hold for what is started or raised from here on; tasks that were asked for stay as they were."""
        self._file = fresh._file
        self._book = above(self._file, self.amended)
        return True

    def _amend(self, command: Command, at: datetime) -> Iterator[Answer]:
        try:
            made = amended_of(command, self._file)
        except Invalid as error:
            yield _refused(command, at, str(error)[:2000])
            return
        self.amended[made.plan.name] = made
        self._book = above(self._file, self.amended)

    def _risen(self, event: IncidentEvent) -> Iterator[Answer]:
        level = Level.of(event.tier)
        for plan in self._book.plans:
            run = self._running(plan, event)
            if run is not None:
                self._ended.discard(run.id)
                attached = replace(run, incident=event.incident)
                yield from self._keep(*raise_level(attached, plan, level, event.at))
            elif any(one.fits(event) for one in plan.starts):
                cause = f"{event.incident}:{event.seq}"
                begin = Begin(run_id(plan.name, cause), event.brand, level, event.at, RULES, event.incident)
                yield from self._start(plan, begin)

    def _running(self, plan: Plan, event: IncidentEvent) -> Run | None:
        """The run that this incident belongs to: its own, or one of the brand that the plan would start anew."""
        runs = [run for run in self._runs.values() if run.plan == plan.name and run.brand == event.brand]
        runs = [run for run in runs if not run.drill]
        own = next((run for run in runs if run.incident == event.incident), None)
        if own is not None or not any(one.fits(event) for one in plan.starts):
            return own
        return next((run for run in runs if not run.incident or run.id in self._ended), None) or next(iter(runs), None)

    def _resolved(self, event: IncidentEvent) -> Iterator[Answer]:
        """A run that nobody took up ends with its incident; people end the others."""
        for run in [one for one in self._runs.values() if one.incident == event.incident and not one.drill]:
            self._ended.add(run.id)
            if run.id not in self._taken_up:
                yield from self._keep(*close(run, RULES, event.at, "the incident is over and nobody took the plan up"))

    def _commanded(self, command: Command, at: datetime) -> Iterator[Answer]:
        what = _word(command, "do")
        if what == "start":
            yield from self._start_by_hand(command, at)
            return
        run = self._runs.get(_word(command, "run"))
        by = _word(command, "by") or command.author
        if run is None or run.brand != command.brand:
            yield _refused(command, at, "no open run of this brand has this id")
        elif what in ("done", "skip"):
            self._taken_up.add(run.id)
            stepped = done(run, _word(command, "task"), by, at, skipped=what == "skip", note=command.reason[:500])
            yield from self._keep(*stepped)
        elif what == "close":
            yield from self._keep(*close(run, by, at, command.reason[:500]))
        else:
            yield _refused(command, at, "args.do must be start, done, skip or close")

    def _start_by_hand(self, command: Command, at: datetime) -> Iterator[Answer]:
        plan = self._book.plan(_word(command, "plan"))
        level = _word(command, "level") or Level.II.value
        if plan is None:
            known = ", ".join(one.name for one in self._book.plans)
            yield _refused(command, at, f"no plan is called so; known: {known or 'none'}")
        elif level not in tuple(Level):
            yield _refused(command, at, "the level must be I, II, III or IV")
        elif command.brand == EVERYBODY:
            yield _refused(command, at, "a run is for one brand; name it")
        else:
            begin = Begin(
                run_id(plan.name, command.id),
                command.brand,
                Level(level),
                at,
                command.author,
                _word(command, "incident"),
                drill=command.args.get("drill") is True,
                note=command.reason[:500],
            )
            yield from self._start(plan, begin)

    def _start(self, plan: Plan, begin: Begin) -> Iterator[Answer]:
        if len(self._runs) >= MOST_RUNS:
            body = {"plan": plan.name, "reason": f"{MOST_RUNS} runs are open; close some first"}
            yield Note(begin.at, begin.brand, begin.by, "plan.refused", begin.id, dict(body))
            return
        if begin.by != RULES:
            self._taken_up.add(begin.id)
        yield from self._keep(*start(plan, begin))

    def _keep(self, run: Run, events: Iterable[PlanEvent]) -> Iterator[Answer]:
        self._runs[run.id] = run
        for event in events:
            yield note_of(event)
            if self._worth_telling(event):
                yield from _deed(event)
        if run.closed:
            del self._runs[run.id]
            for known in (self._taken_up, self._nagged, self._ended):
                known.discard(run.id)

    def _worth_telling(self, event: PlanEvent) -> bool:
        """Of a run that nobody has taken up people hear once that it is overdue; then it does not nag."""
        if event.kind not in _OVERDUE or event.run in self._taken_up:
            return True
        first = event.run not in self._nagged
        self._nagged.add(event.run)
        return first


def run_id(plan: str, cause: str) -> str:
    """The id of a run: the same plan started by the same cause is the same run.

    >>> run_id("outage", "b426a466e2af89fc:3")
    'outage-446cc91e'
    """
    return f"{plan}-{blake2b(cause.encode(), digest_size=4).hexdigest()}"


def note_of(event: PlanEvent) -> Note:
    """The entry of the ledger: its particulars are the whole event."""
    body = event.model_dump(mode="json", exclude_defaults=True)
    return Note(event.at, event.brand, event.by or "clock", f"plan.{event.kind.value}", event.run, body)


def _deed(event: PlanEvent) -> Iterator[Deed]:
    """What people who follow the incident hear of it."""
    if event.drill or not event.incident:
        return
    what = event.title.both if event.title else event.plan
    if event.kind is PlanEventKind.STARTED:
        text = f"{what} · {event.level.value} 级响应 level {event.level.value} · {event.run}"
        reason = Reason.PLANNED if event.by == RULES else Reason.BY_PERSON
        yield _told(event, IncidentEventKind.PLAN_STARTED, reason, text)
    elif event.kind is PlanEventKind.TASK_DONE:
        yield _told(event, IncidentEventKind.TASK_DONE, Reason.BY_PERSON, f"{what} · {event.run}", notify=False)
    elif event.kind in _OVERDUE:
        yield _told(event, IncidentEventKind.ESCALATED, Reason.OVERDUE, f"{what} · {event.plan} · {event.run}")


def _told(event: PlanEvent, kind: IncidentEventKind, reason: Reason, text: str, *, notify: bool = True) -> Deed:
    by = "" if event.by == RULES else event.by
    return Deed(event.brand, event.incident, kind, reason, text, by, notify)


def _refused(command: Command, at: datetime, why: str) -> Note:
    subject = _word(command, "run") or _word(command, "plan")
    return Note(at, command.brand, command.author, "plan.refused", subject, {"command": command.id, "reason": why})


def _word(command: Command, name: str) -> str:
    value = command.args.get(name)
    return value[:200] if isinstance(value, str) else ""
