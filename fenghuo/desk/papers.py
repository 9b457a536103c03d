"""The settings as people read them in the console: rules, plans, rota; rules for changing too.

A change of rules is a command like any other, so that the file in the settings folder stays as it is. The paper of the
rules therefore shows what holds: the file while nothing was commanded, and the last version after that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import yaml

from alerts.duty.rota import shifts
from alerts.duty.swaps import with_swaps
from alerts.lint import problems as rule_problems
from alerts.rules import RuleSet
from alerts.settings import RulesFile
from contracts.clock import Clock
from contracts.desk import Paper, Shift, Template
from contracts.errors import Invalid, InvalidSettings
from contracts.records import CommandKind
from contracts.yamlfile import read_yaml
from fenghuo.commands import EVERYBODY, new_command
from fenghuo.desk.books import LiveBooks
from fenghuo.desk.pen import LogPen
from fenghuo.settings import Config

RULES = "rules/in-force.yaml"
SHOWN = ("plans/*.yaml", "duty.yaml", "cases.yaml", "subjects.yaml", "taxonomy.yaml")
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
        plans = sorted(self._config.plans.plans, key=lambda one: one.name)
        return [Template(one.name, one.title.zh, one.title.en) for one in plans]

    def papers(self) -> Sequence[Paper]:
        """Files of rules, plans and duty, by name."""
        shown = [Paper(RULES, self._rules(), editable=True)]
        for pattern in SHOWN:
            for path in sorted(self._folder.glob(pattern)):
                shown.append(Paper(path.relative_to(self._folder).as_posix(), _text(path)))
        return sorted(shown, key=lambda one: one.name)

    def problems(self, name: str, text: str) -> Sequence[str]:
        """What is wrong with this text of that file; empty when it is good."""
        try:
            file = _checked(name, text)
        except InvalidSettings as error:
            return [str(error)]
        return rule_problems(RuleSet(rules=file.rules, combine=file.combine))

    def shifts(self, start: datetime, end: datetime) -> Sequence[Shift]:
        """Who is on duty in [start, end), by start; swaps considered."""
        duty = with_swaps(self._config.duty, self._books.last.swaps() if self._books.last else {})
        found = [
            Shift(rota.name, one.person, one.start, one.end) for rota in duty.rotas for one in shifts(rota, start, end)
        ]
        return sorted(found, key=lambda one: (one.start, one.rota))

    async def save(self, name: str, text: str, author: str, reason: str) -> str:
        """Brings checked rules into force from the next bucket; raises Invalid when they have problems."""
        found = self.problems(name, text)
        if found:
            raise Invalid("; ".join(found))
        rules = _checked(name, text).model_dump(mode="json", by_alias=True)
        command = new_command(CommandKind.RULES, EVERYBODY, author, self._clock, {"rules": rules}, reason)
        await self._pen.give(command)
        return f"{len(rules['rules'])} rules hold from the next bucket on (command {command.id})"

    def _rules(self) -> str:
        last = self._books.last
        files = sorted((self._folder / "rules").glob("*.yaml"))
        if len(files) == 1 and (last is None or not last.versions()):
            return _text(files[0])
        policy = self._config.policy if last is None else last.rules_of(EVERYBODY)
        file = RulesFile(
            timing=policy.timing, rules=policy.rules.rules, combine=policy.rules.combine, mutes=policy.mutes
        )
        plain = file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110))


def _checked(name: str, text: str) -> RulesFile:
    if name != RULES:
        raise InvalidSettings(name, f"only {RULES} is changed here; the others are files of the settings folder")
    return read_yaml(text.encode(), Path(name), RulesFile)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return f"# cannot be read: {type(error).__name__}"
