"""The settings as people read them in the console: rules, plans, rota; rules for changing too.

A change of rules or of a plan is a command like any other, so that the file in the settings folder stays as it is.
These papers therefore show what holds: the file while nothing was commanded, and the last version after that. The rota
is changed by swaps, which are commands too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, JsonValue

from alerts.duty.rota import shifts
from alerts.duty.settings import Swap
from alerts.duty.swaps import refusal, with_swaps
from alerts.lint import problems as rule_problems
from alerts.plans.lint import problems_of
from alerts.plans.settings import Plan, PlanBook
from alerts.rules import RuleSet
from alerts.settings import RulesFile
from alerts.spans import written
from contracts.clock import Clock
from contracts.desk import Paper, Roster, Shift, Stand, Template
from contracts.errors import Invalid, InvalidSettings
from contracts.records import CommandKind
from contracts.records.incident import rfc3339
from contracts.yamlfile import read_yaml
from fenghuo.commands import EVERYBODY, new_command
from fenghuo.desk.books import LiveBooks
from fenghuo.desk.pen import LogPen
from fenghuo.settings import Config

RULES = "rules/in-force.yaml"
PLANS = "plans/*.yaml"
SHOWN = (PLANS, "duty.yaml", "cases.yaml", "subjects.yaml", "taxonomy.yaml")
"""Beside the rules. Receivers and sources hold addresses and tokens and are not shown."""


class ConfigPapers:
    """Implements :class:`contracts.desk.Papers`."""

    def __init__(self, folder: Path, config: Config, books: LiveBooks, pen: LogPen, clock: Clock) -> None:
        self._folder = folder
        self._config = config
        self._books = books
        self._pen = pen
        self._clock = clock

    def plans(self) -> Sequence[Template]:
        """Plans that can be started, by name."""
        plans = sorted(self._plans().plans, key=lambda one: one.name)
        return [Template(one.name, one.title.zh, one.title.en) for one in plans]

    def papers(self) -> Sequence[Paper]:
        """Files of rules, plans and duty, by name."""
        shown = [Paper(RULES, self._rules(), editable=True)]
        for pattern in SHOWN:
            for path in sorted(self._folder.glob(pattern)):
                name = path.relative_to(self._folder).as_posix()
                plan = self._amended(path)
                text = _text(path) if plan is None else _yaml(plan)
                shown.append(Paper(name, text, editable=pattern == PLANS))
        return sorted(shown, key=lambda one: one.name)

    def problems(self, name: str, text: str) -> Sequence[str]:
        """What is wrong with this text of that file; empty when it is good."""
        try:
            if name == RULES:
                file = read_yaml(text.encode(), Path(name), RulesFile)
                return rule_problems(RuleSet(rules=file.rules, combine=file.combine))
            plan = self._plan(name, text)
        except InvalidSettings as error:
            return [str(error)]
        return problems_of(plan, {})

    def shifts(self, start: datetime, end: datetime) -> Sequence[Shift]:
        """Who is on duty in [start, end), by start; swaps considered."""
        duty = with_swaps(self._config.duty, self._books.last.swaps() if self._books.last else {})
        found = [
            Shift(rota.name, one.person, one.start, one.end) for rota in duty.rotas for one in shifts(rota, start, end)
        ]
        return sorted(found, key=lambda one: (one.start, one.rota))

    async def save(self, name: str, text: str, author: str, reason: str) -> str:
        """Brings checked rules into force from the next bucket, or a plan for runs that start from then on.

        Raises Invalid when they have problems."""
        found = self.problems(name, text)
        if found:
            raise Invalid("; ".join(found))
        if name != RULES:
            return await self._save_plan(name, text, author, reason)
        rules = read_yaml(text.encode(), Path(name), RulesFile).model_dump(mode="json", by_alias=True)
        command = new_command(CommandKind.RULES, EVERYBODY, author, self._clock, {"rules": rules}, reason)
        await self._pen.give(command)
        return f"{len(rules['rules'])} rules hold from the next bucket on (command {command.id})"

    def roster(self) -> Roster:
        """Whose duty can be swapped, and what was swapped."""
        duty, last = self._config.duty, self._books.last
        known = [] if last is None else last.swaps().values()
        swaps = [(one.rota, _stand(one.swap), one.author, one.swap.comment) for one in known]
        return Roster([one.name for one in duty.rotas], [one.name for one in duty.people], swaps)

    async def swap(self, rota: str, swap: Stand, author: str, reason: str) -> str:
        """Gives the command that somebody stands in; its id. Raises Invalid when it cannot be."""
        wanted = Swap.model_construct(out=swap.out, into=swap.into, start=swap.start, end=swap.end, comment=reason)
        duty = with_swaps(self._config.duty, (await self._books.deciding()).swaps())
        found = refusal(duty, rota, wanted, self._clock.now())
        if found is not None:
            raise Invalid(f"{found[1]}; {found[2]}")
        args: dict[str, JsonValue] = {"rota": rota, "out": swap.out, "into": swap.into}
        args |= {"start": rfc3339(swap.start), "end": rfc3339(swap.end)}
        command = new_command(CommandKind.SWAP, EVERYBODY, author, self._clock, args, reason)
        await self._pen.give(command)
        return command.id

    async def _save_plan(self, name: str, text: str, author: str, reason: str) -> str:
        plan = self._plan(name, text)
        args: dict[str, JsonValue] = {"plan": plan.model_dump(mode="json", by_alias=True)}
        command = new_command(CommandKind.PLANS, EVERYBODY, author, self._clock, args, reason)
        await self._pen.give(command)
        return f"plan {plan.name}: runs that start from now on follow it (command {command.id})"

    def _plan(self, name: str, text: str) -> Plan:
        """The plan of this text; raises InvalidSettings when it is none, or another than that of the file."""
        kept = next((one for one in self._config.plans.plans if self._file(one.name) == name), None)
        if kept is None:
            raise InvalidSettings(
                name, f"only {RULES} and plans are changed here; other files lie in the settings folder"
            )
        plan = read_yaml(text.encode(), Path(name), Plan)
        if plan.name != kept.name:
            raise InvalidSettings(name, f"the plan is called {kept.name}; a plan of another name is a new file")
        return plan

    def _file(self, plan: str) -> str:
        return Path(self._config.plans.places[plan]).relative_to(self._folder).as_posix()

    def _plans(self) -> PlanBook:
        return self._config.plans if self._books.last is None else self._books.last.plans(self._config.plans)

    def _amended(self, path: Path) -> Plan | None:
        """The version of the plan in this file that was commanded, if one was."""
        last = self._books.last
        known = {} if last is None else last.amended()
        return next((one.plan for name, one in known.items() if self._config.plans.places.get(name) == str(path)), None)

    def _rules(self) -> str:
        last = self._books.last
        files = sorted((self._folder / "rules").glob("*.yaml"))
        if len(files) == 1 and (last is None or not last.versions()):
            return _text(files[0])
        policy = self._config.policy if last is None else last.rules_of(EVERYBODY)
        file = RulesFile(
            timing=policy.timing, rules=policy.rules.rules, combine=policy.rules.combine, mutes=policy.mutes
        )
        return _yaml(file)


def _stand(swap: Swap) -> Stand:
    return Stand(swap.out, swap.into, swap.start, swap.end)


def _yaml(file: BaseModel) -> str:
    plain = written(file.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return f"# cannot be read: {type(error).__name__}"
