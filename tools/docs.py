"""Writes ``docs/reference`` and the command table of the README from the code; with ``--check`` it only compares.

python -m tools.docs            write
python -m tools.docs --check    exit code 1 when a page is stale
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from alerts.course import Escalation, EscalationStep, MuteCalendar
from alerts.duty.settings import DutySettings, Person, Rota, Shift, Swap
from alerts.hours import Hours
from alerts.reasons import CHANGES, Reason
from alerts.rules import Bounds, Combination, Match, Part, Raise, Rule, Step
from alerts.ruletests import Down, Expected, Given, RuleTest, RuleTests
from alerts.settings import (
    AppriseSettings,
    Digest,
    QuietHours,
    Rate,
    ReceiverSettings,
    Route,
    RulesFile,
    TerminalSettings,
    Timing,
    WebhookSettings,
)
from contracts import records
from contracts.records import CommandKind, IncidentEventKind, Record, SignalKind, State, Tier
from contracts.topics import Topic
from detectors.settings import DetectSettings
from fenghuo.cli import app
from fenghuo.settings import Runtime
from fenghuo.settings import Timing as CountingFile
from streams.settings import RateLimit, Sources, SourceSettings
from streams.subjects import Reason as BrandReason
from streams.subjects import Subject, Subjects
from tools.fields import Row, fields, members, options, said, table

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path("docs") / "reference"
NOTE = "<!-- Written by `make docs` from the code; change the docstring there, not this page. -->\n\n"
BEGIN, END = "<!-- commands: written by `make docs` -->\n", "<!-- end of commands -->\n"
FIELD = ("field", "kind", "default", "meaning")


def pages() -> dict[Path, str]:
    """Every generated page, by its path in the repository."""
    made = {
        "settings.md": settings_page(),
        "topics.md": topics_page(),
        "records.md": records_page(),
        "signals.md": signals_page(),
        "reasons.md": reasons_page(),
        "cli.md": cli_page(),
    }
    return {REFERENCE / name: text for name, text in made.items()} | {Path("README.md"): readme()}


def settings_page() -> str:
    """Environment variables and every YAML file."""
    parts = [
        "# Settings\n\nRead once at the start; `fenghuo check` explains mistakes with file and line. Keys that are not"
        " known are refused.\n",
        "## Environment variables\n\nWhere the servers are, and secrets. `FENGHUO_STORE` is one JSON object, like"
        ' `FENGHUO_STORE=\'{"kind": "influx", "token": "user:password"}\'`; its keys are listed below it.\n',
        table(("variable", *FIELD[1:]), [_variable(row) for row in fields(Runtime)]),
    ]
    for title, models in _files():
        parts.append(f"## {title}\n")
        for model in models:
            title = "" if len(models) == 1 else f"### {_named(model)}\n\n"
            parts.append(f"{title}{said(_lead(model))}\n")
            parts.append(table(FIELD, fields(model)))
    return NOTE + "\n".join(parts)


def _files() -> Iterator[tuple[str, Sequence[type[BaseModel]]]]:
    yield "`config/counting.yaml`", (CountingFile,)
    yield "`config/detectors.yaml`", (DetectSettings,)
    yield "`config/subjects.yaml`", (Subjects, Subject)
    yield "`config/sources.yaml`", (Sources, SourceSettings, RateLimit)
    yield (
        "`config/rules/*.yaml`",
        (
            RulesFile,
            Timing,
            Rule,
            Match,
            Step,
            Bounds,
            Raise,
            Combination,
            Part,
            MuteCalendar,
            Hours,
        ),
    )
    yield "`config/rules/tests/*.yaml`", (RuleTests, RuleTest, Given, Down, Expected)
    yield (
        "`config/receivers.yaml`",
        (
            ReceiverSettings,
            Route,
            QuietHours,
            Digest,
            Rate,
            TerminalSettings,
            AppriseSettings,
            WebhookSettings,
        ),
    )
    yield "`config/duty.yaml`", (DutySettings, Person, Rota, Shift, Swap, Escalation, EscalationStep)


def topics_page() -> str:
    """Topics and what each carries."""
    lead = (
        "# Topics\n\nAll have the same number of partitions (`FENGHUO_PARTITIONS`); each name is preceded by"
        " `FENGHUO_PREFIX`. The broker does not create them by itself: `fenghuo up` makes them.\n\n"
    )
    return NOTE + lead + table(("topic", "carries"), members(Topic))


def records_page() -> str:
    """Every record that crosses stages."""
    parts = [
        "# Records\n\nFrozen pydantic models in `contracts/records`, JSON on the wire. Fields that hold their default"
        " are left out on the wire; unknown ones are refused. Every record has `schema_version` 1.\n"
    ]
    for name in records.__all__:
        kind = getattr(records, name)
        if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record:
            rows = fields(kind, skip=("schema_version",))
            parts.append(f"## {name}\n\n{said(kind.__doc__)}\n\n{table(FIELD, rows)}")
    counts = "`n`, `negative`, `positive`, `hot` (negative and fierce), `reach`: sums over mentions, in this order."
    return NOTE + "\n".join(parts) + f"\n## Counts\n\n{counts}\n"


def signals_page() -> str:
    """Signal kinds, their states, incident events, tiers, commands."""
    sent = detected()
    rows: list[Row] = [
        (value, meaning, "yes" if value.strip("`") in sent else "not yet") for value, meaning in members(SignalKind)
    ]
    tiers: list[Row] = [(f"`{one.value}`", one.hanzi) for one in Tier]
    parts = [
        "# Signals and incidents\n\n## Signal kinds\n\nRules may name all of them; “not yet” means that no detector"
        " sends it in this version.\n",
        table(("kind", "means", "sent"), rows),
        "## States of a series\n",
        table(("state", "means"), members(State)),
        "## Tiers\n",
        table(("tier", "中文"), tiers),
        "## Incident events\n",
        table(("event", "means"), members(IncidentEventKind)),
        "## Commands\n",
        table(("command", "means"), members(CommandKind)),
    ]
    return NOTE + "\n".join(parts)


def detected() -> set[str]:
    """Kinds that the code of the detectors names, and that of the case clocks."""
    files = [*sorted((ROOT / "detectors").glob("*.py")), *sorted((ROOT / "alerts" / "cases").glob("*.py"))]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return {SignalKind[name].value for name in re.findall(r"SignalKind\.([A-Z_]+)", text)}


def reasons_page() -> str:
    """The closed lists of reasons."""
    every = dict(zip(Reason, members(Reason), strict=True))
    changes = [every[one] for one in CHANGES]
    held = [row for one, row in every.items() if one not in CHANGES]
    parts = [
        "# Reasons\n\nEvery decision returns one of these.\n\n## Why an incident changed\n",
        table(("reason", "means"), changes),
        "## Why a signal or command changed nothing\n",
        table(("reason", "means"), held),
        "## Why a text is about a brand, or not\n",
        table(("reason", "means"), members(BrandReason)),
    ]
    return NOTE + "\n".join(parts)


def cli_page() -> str:
    """Every command with its options."""
    parts = [
        "# Command line\n\nExit codes: 0 good, 1 found problems or failed, 2 bad usage or input. Errors are one"
        " sentence on standard error.\n"
    ]
    for name, command in commands():
        parts.append(f"## fenghuo {name}\n\n{said(command.help)}\n")
        rows = options(command)
        if rows:
            parts.append(table(("option", "default", "meaning"), rows))
    return NOTE + "\n".join(parts)


def commands() -> Iterator[tuple[str, Any]]:
    """Name and command, those of a group one by one."""
    root: Any = typer.main.get_command(app)
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {part}", one) for part, one in inner.items())


def readme() -> str:
    """The README with its command table brought up to date."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md has lost its marks {BEGIN.strip()} and {END.strip()}")
    rows: list[Row] = [(f"`fenghuo {name}`", said(command.help).split("; ")[0]) for name, command in commands()]
    return before + begin + table(("command", "does"), rows) + end + after


def stale() -> list[str]:
    """Paths of the pages that differ from the code, and of pages that nothing makes any more."""
    made = pages()
    wrong = [path.as_posix() for path, text in made.items() if _read(path) != text]
    left = [path.relative_to(ROOT) for path in sorted((ROOT / REFERENCE).glob("*.md"))]
    return wrong + [path.as_posix() for path in left if path not in made]


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    if "--check" in arguments:
        wrong = stale()
        if wrong:
            sys.stderr.write(f"fenghuo: stale: {', '.join(wrong)}; run make docs\n")
        return 1 if wrong else 0
    for path, text in pages().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    target = ROOT / path
    return target.read_text(encoding="utf-8") if target.exists() else ""


def _variable(row: Row) -> Row:
    name, dot, key = row[0].strip("`").partition(".")
    return (f"`{key}` in `FENGHUO_{name.upper()}`" if dot else f"`FENGHUO_{name.upper()}`", *row[1:])


def _lead(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().split("\n\n")[0]


def _named(model: type[BaseModel]) -> str:
    return {
        Subject: "one of `subjects`",
        SourceSettings: "one of `sources`",
        RateLimit: "`rate`",
        Sources: "The file",
        Subjects: "The file",
        RulesFile: "The file",
        ReceiverSettings: "The file",
        Timing: "`timing`",
        Rule: "one of `rules`",
        Match: "`match`",
        Step: "one of `steps`",
        Bounds: "`least`",
        Route: "one of `routes`",
        TerminalSettings: "receiver of type `terminal`",
        AppriseSettings: "receiver of type `apprise`",
        WebhookSettings: "receiver of type `webhook`",
        Raise: "one of `raises`",
        Combination: "one of `combine`",
        Part: "one of `parts`",
        MuteCalendar: "one of `mutes`",
        Hours: "`hours`",
        RuleTests: "The file",
        RuleTest: "one of `tests`",
        Given: "one of `given`",
        Down: "one of `down`",
        Expected: "one of `expect`",
        QuietHours: "one of `quiet`",
        Digest: "one of `digest`",
        Rate: "`rate`",
        DutySettings: "The file",
        Person: "one of `people`",
        Rota: "one of `rotas`",
        Shift: "one of `shifts`",
        Swap: "one of `swaps`",
        Escalation: "one tier of `escalation`",
        EscalationStep: "one of `steps`",
    }[model]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
