"""``fenghuo dashboards``: puts the Grafana dashboards in place, or writes their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from dashboards.grafana.deploy import Source, Step
    from dashboards.grafana.say import Language
    from fenghuo.settings import Runtime

dashboards = typer.Typer(help="The dashboards in Grafana.", no_args_is_help=True)


@dashboards.command()
@sentences
def deploy(
    url: Annotated[str, typer.Option(help="Address of Grafana.")] = "http://127.0.0.1:3000",
    token: Annotated[
        str | None, typer.Option(envvar="FENGHUO_GRAFANA_TOKEN", help="Token of a service account.")
    ] = None,
    user: Annotated[str | None, typer.Option(help="User instead of a token; the password is asked for.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="FENGHUO_GRAFANA_PASSWORD", help="Better by the environment than here.")
    ] = None,
    influx: Annotated[
        str | None, typer.Option(help="InfluxDB as Grafana reaches it; FENGHUO_STORE's if not given.")
    ] = None,
    database: Annotated[str | None, typer.Option(help="Its database; FENGHUO_STORE's if not given.")] = None,
    influx_token: Annotated[
        str | None,
        typer.Option(
            envvar="FENGHUO_GRAFANA_INFLUX_TOKEN", help="A token that may read; FENGHUO_STORE's if not given."
        ),
    ] = None,
    replace_secret: Annotated[
        bool, typer.Option("--replace-secret", help="Send the token again: Grafana cannot show which one it has.")
    ] = False,
    console: Annotated[str | None, typer.Option(help="Address of the console, for links to incidents.")] = None,
    lang: Annotated[str, typer.Option(help="zh, en or both.")] = "both",
    incidents: Annotated[
        Path | None, typer.Option(help="incidents.ndjson: an annotation in Grafana for each line, once.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
) -> None:
    """Put folder, data source and dashboards in place; what is there already is left alone."""
    from rich.console import Console

    from contracts.errors import InvalidSettings
    from dashboards.grafana import deploy as steps_of
    from dashboards.grafana.build import CONSOLE
    from dashboards.grafana.build import dashboards as built
    from fenghuo.adapters.grafana import GrafanaServer
    from fenghuo.settings import Runtime

    languages = _languages(lang)
    if token is None and user is None:
        raise InvalidSettings("option token", "give --token (or FENGHUO_GRAFANA_TOKEN), or --user")
    if token is None and password is None:
        password = typer.prompt(f"Password of {user}", hide_input=True, err=True)
    auth = token if token is not None else (str(user), str(password))
    source = _source(Runtime(), influx, database, influx_token, replace_secret)
    grafana = GrafanaServer(url, auth)
    made = {one: built(console or CONSOLE, (one,)) for one in languages}
    steps = steps_of.plan(grafana, languages, made, source)
    if incidents is not None:
        steps += steps_of.marks(grafana, _lines(incidents))
    screen = Console(highlight=False, soft_wrap=True)
    if dry_run:
        for step in steps:
            _show(screen, step, diff=True)
        changes = sum(step.action is not steps_of.Action.NOTHING for step in steps)
        screen.print(f"{changes} of {len(steps)} would change; nothing was changed", markup=False)
        return
    done = steps_of.apply(steps, lambda step: _show(screen, step, diff=False))
    screen.print(f"{done} of {len(steps)} changed", markup=False)


@dashboards.command()
@sentences
def write(
    folder: Annotated[Path, typer.Argument(help="For instance deploy/grafana/dashboards.")],
    console: Annotated[str | None, typer.Option(help="Address of the console, for links to incidents.")] = None,
    lang: Annotated[str, typer.Option(help="zh, en or both.")] = "both",
) -> None:
    """Write the dashboards as files, for Grafana's provisioning: a folder for each language."""
    from dashboards.grafana.build import CONSOLE, as_file
    from dashboards.grafana.build import dashboards as built
    from fenghuo.cli.filework import folder_for

    for one in _languages(lang):
        for made in built(console or CONSOLE, (one,)):
            name = made["uid"].removeprefix("fenghuo-").removesuffix(f"-{one}")
            (folder_for(folder / one) / f"{name}.json").write_text(as_file(made), encoding="utf-8")


def _languages(lang: str) -> tuple[Language, ...]:
    from contracts.errors import InvalidSettings
    from dashboards.grafana.say import LANGUAGES

    found = tuple(one for one in LANGUAGES if lang in (one, "both"))
    if not found:
        raise InvalidSettings("option lang", f"{lang!r} is none of zh, en, both")
    return found


def _source(
    runtime: Runtime, influx: str | None, database: str | None, token: str | None, replace_secret: bool
) -> Source:
    from contracts.errors import InvalidSettings
    from dashboards.grafana.deploy import Source

    store = runtime.store
    token = token or store.token.get_secret_value()
    if not token:
        raise InvalidSettings(
            "option influx-token",
            "Grafana needs a token to read InfluxDB; on 1.8 write user:password of one who may read",
        )
    return Source(influx or store.url, database or store.database, token, replace_secret)


def _lines(path: Path) -> list[dict[str, Any]]:
    import orjson

    from contracts.errors import InvalidFile

    found = []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                one = orjson.loads(line)
                if not isinstance(one, dict) or not {"incident", "seq", "at", "tier", "scope"} <= one.keys():
                    raise InvalidFile(str(path), f"line {number} is no incident event as `fenghuo replay` writes it")
                found.append(one)
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be read ({error.strerror})") from error
    except orjson.JSONDecodeError as error:
        raise InvalidFile(str(path), f"line {len(found) + 1} is no JSON ({error})") from error
    return found


def _show(screen: Any, step: Step, *, diff: bool) -> None:
    from dashboards.grafana.deploy import Action

    style = {Action.NOTHING: "dim", Action.CREATE: "green", Action.UPDATE: "yellow"}[step.action]
    screen.print(f"{step.action.value:8} {step.what}", style=style, markup=False)
    if diff:
        for line in step.diff.splitlines():
            colour = {"+": "green", "-": "red"}.get(line[:1], "dim")
            screen.print(f"    {line}", style=colour, markup=False)
