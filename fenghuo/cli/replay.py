"""``fenghuo replay``: files of mentions through the whole pipeline with no server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.exits import sentences
from fenghuo.cli.given import Brand, Channel, Columns, ConfigFolder, Encoding, Files, Tz

if TYPE_CHECKING:
    from contracts.ports import Reader
    from contracts.records import CaseEvent, Command
    from fenghuo.replay import Replayed
    from fenghuo.settings import Config, Runtime
    from streams.sources.load import Loaded


@sentences
def replay(
    files: Files,
    columns: Columns = None,
    tz: Tz = None,
    encoding: Encoding = "auto",
    brand: Brand = None,
    channel: Channel = None,
    config: ConfigFolder = None,
    out: Annotated[Path, typer.Option(help="Where incidents.ndjson goes.")] = Path("var/replay"),
    readings: Annotated[bool, typer.Option("--readings", help="Write readings.ndjson too.")] = False,
    cases: Annotated[
        Path | None, typer.Option(help="NDJSON of case events, as POST /v1/case-events takes them.")
    ] = None,
    as_now: Annotated[
        list[Path] | None,
        typer.Option("--as-now", help="Put what people said on all of it: an --export of feedback or correct."),
    ] = None,
    recorded: Annotated[
        bool, typer.Option("--record", help="Write rows and incidents into the series store of FENGHUO_STORE.")
    ] = False,
) -> None:
    """Play files through the whole pipeline and say which incidents open; no server is needed."""
    from contracts.clock import SystemClock
    from dashboards.export import write_incidents
    from fenghuo.cli.configs import config_folder
    from fenghuo.cli.filework import folder_for, load_files, options_from
    from fenghuo.cli.replay_report import report
    from fenghuo.collecting import collect_rarely
    from fenghuo.readers import make_reader
    from fenghuo.settings import Runtime, load_config

    collect_rarely()
    runtime = Runtime()
    settings = load_config(config_folder(config, runtime))
    said, in_force = _said(as_now or [])
    target = folder_for(out)
    loaded = load_files(files, options_from(columns, tz, encoding, brand, channel), settings, runtime, SystemClock())
    plain = make_reader(runtime.reader, settings.taxonomy, settings.subjects)
    reader = _taught(plain, said, settings) if said else plain
    loaded, events = _with_cases(cases, loaded, settings, runtime)
    found = _played(loaded, events, in_force, settings, reader, keep_rows=recorded)
    write_incidents(found.events, target / "incidents.ndjson")
    (target / "why.ndjson").write_bytes(found.why.lines())
    if recorded:
        _record(found, loaded, runtime)
    if readings:
        _write_readings(loaded, reader, target / "readings.ndjson")
    report(loaded, found, target)


def _said(files: list[Path]) -> tuple[list[Command], list[Command]]:
    """All that people said, and of it what holds now."""
    if not files:
        return [], []
    from fenghuo.verdicts import as_now, read_file

    said = [one for path in files for one in read_file(path)]
    return said, as_now(said)


def _with_cases(
    path: Path | None, loaded: Loaded, config: Config, runtime: Runtime
) -> tuple[Loaded, tuple[CaseEvent, ...]]:
    """The case events, and what was loaded with the dead letters of both."""
    from contracts.clock import SystemClock
    from fenghuo.cli.filework import file_key
    from fenghuo.doors import file_tools
    from fenghuo.replay_cases import read_cases

    if path is None:
        return loaded, ()
    brands = sorted({mention.brand for row in loaded.rows for mention in row.mentions})
    tools = file_tools(config, file_key(runtime))
    events, letters = read_cases(path, loaded.source, tools, brands, SystemClock().now())
    return replace(loaded, letters=loaded.letters + letters), events


def _taught(plain: Reader, said: list[Command], config: Config) -> Reader:
    """The reader with all that corrections taught it."""
    from fenghuo.learning import taught

    return taught(plain, said, config.panes, config.taxonomy)


def _played(
    loaded: Loaded,
    cases: tuple[CaseEvent, ...],
    words: list[Command],
    config: Config,
    reader: Reader,
    *,
    keep_rows: bool,
) -> Replayed:
    from fenghuo.cli.progress import bar
    from fenghuo.replay import replay as play_all

    with bar("replaying", sum(len(row.mentions) for row in loaded.rows)) as told:
        playing = play_all(
            loaded.rows, loaded.source, config, reader, cases=cases, words=words, keep_rows=keep_rows, told=told
        )
        return asyncio.run(playing)


def _record(found: Replayed, loaded: Loaded, runtime: Runtime) -> None:
    from contracts.clock import SystemClock
    from contracts.errors import InvalidSettings
    from dashboards.store.opened import open_store
    from fenghuo.cli.progress import bar
    from fenghuo.record_replay import record

    if runtime.store.kind == "memory":
        raise InvalidSettings("option record", "the store of FENGHUO_STORE keeps nothing; choose sqlite or influx")
    clock = SystemClock()
    store = open_store(runtime.store, clock)
    with bar("recording", len(found.rows) + len(found.events)) as told:
        record(found, loaded.letters, store, runtime.store, clock, told)


def _write_readings(loaded: Loaded, reader: Reader, path: Path) -> None:
    import orjson

    from fenghuo.replay import reading_line

    mentions = [mention for row in loaded.rows for mention in row.mentions]
    readings = reader.read_many([one.text for one in mentions], [one.lang for one in mentions])
    with path.open("wb") as file:
        for mention, reading in zip(mentions, readings, strict=True):
            line = reading_line(mention, reading)
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
