"""``fenghuo rules``: unit tests for rules, and a new version of them for a running system."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences
from fenghuo.cli.people import By, person

rules = typer.Typer(help="Rules: test them, bring a new version into force.", no_args_is_help=True)


@rules.command("test")
@sentences
def test(
    files: Annotated[list[Path], typer.Argument(help="YAML files of rule tests, or folders of them.")],
    config: Annotated[Path | None, typer.Option(help="Folder with rules/ to be tested.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail too when a rule is fired by no test.")] = False,
) -> None:
    """Run rule tests and name rules that no test fires; exit code 1 if a test fails."""
    from alerts.ruletests import Results, load_tests, run_tests
    from alerts.settings import load_policy
    from contracts.errors import InvalidSettings
    from fenghuo.cli.configs import config_folder
    from fenghuo.settings import Runtime

    policy = load_policy(config_folder(config, Runtime()) / "rules")
    tested = Results()
    paths = [inner for path in files for inner in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    if not paths:
        raise InvalidSettings(", ".join(map(str, files)), "no *.yaml here; name a file of rule tests")
    for path in paths:
        run_tests(load_tests(path), policy, tested)
    console = Console(highlight=False, soft_wrap=True)
    for failure in tested.failures:
        console.print(f"failed: {failure.test}: {failure.problem}", style="red", markup=False)
    unfired = tested.unfired(policy)
    for sentence in unfired:
        console.print(sentence, style="yellow", markup=False)
    total = len(policy.rules.rules) + len(policy.rules.combine)
    bare = sum(sentence.endswith("fires it") for sentence in unfired)
    console.print(
        f"{tested.passed} passed, {len(tested.failures)} failed; {total - bare} of {total} rules fired", markup=False
    )
    if tested.failures or (strict and unfired):
        raise typer.Exit(FAILED)


@rules.command("put")
@sentences
def put(
    file: Annotated[Path, typer.Argument(help="A whole rules file.")],
    comment: Annotated[str, typer.Option(help="Why; it is needed, and stands in the log.")] = "",
    brand: Annotated[str, typer.Option(help="Only for this brand; * means all.")] = "*",
    by: By = None,
    var: Var = Path("var"),
) -> None:
    """Bring a new version of the rules into force from the next bucket on; what is open is not told again."""
    from alerts.lint import problems
    from alerts.rules import RuleSet
    from alerts.settings import RulesFile
    from contracts.yamlfile import load_yaml

    if not comment:
        leave("say with --comment why the rules change", BAD_INPUT)
    given = load_yaml(file, RulesFile)
    found = problems(RuleSet(rules=given.rules, combine=given.combine))
    if found:
        leave(f"{file}: {found[0]}" + (f" (and {len(found) - 1} more)" if found[1:] else ""), FAILED)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asyncio.run(_put(given.model_dump(mode="json", by_alias=True), comment, brand, person(by), var))
    Console(highlight=False).print(f"{len(given.rules)} rules hold from the next bucket on", markup=False)


async def _put(rules_file: dict[str, object], comment: str, brand: str, by: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from contracts.codec import encode_mixed
    from contracts.ports import Out
    from contracts.records import Command, CommandKind
    from contracts.series import partition_of
    from contracts.topics import Topic
    from fenghuo.adapters.kafka import KafkaBus

    runtime = runtime_of(var)
    now = SystemClock().now()
    sent = Command.model_validate(
        {
            "id": f"rules-{now:%Y%m%dT%H%M%S%f}",
            "kind": CommandKind.RULES,
            "brand": brand,
            "author": by,
            "issued_at": now,
            "reason": comment,
            "args": {"rules": rules_file},
        }
    )
    places = range(runtime.partitions) if brand == "*" else [partition_of(brand, runtime.partitions)]
    bus = KafkaBus(runtime.kafka, runtime.prefix)
    try:
        await bus.send([Out(Topic.DECIDE_IN, brand, encode_mixed([sent]), place) for place in places])
    finally:
        await bus.stop()
