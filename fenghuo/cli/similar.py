"""``fenghuo similar``: what the past holds that is like one text or one case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences
from fenghuo.cli.given import Brand, Channel, Columns, ConfigFolder, Encoding, Tz

if TYPE_CHECKING:
    from contracts.records import Mention
    from detectors.similar import Past, Similar
    from fenghuo.settings import Config, Runtime

SHOWN = 100
"""Characters of a text that are shown."""


@sentences
def similar(
    files: Annotated[list[Path] | None, typer.Argument(help="The past: CSV, NDJSON, JSON or XLSX of mentions.")] = None,
    text: Annotated[str | None, typer.Option(help="The text to look for.")] = None,
    case: Annotated[str | None, typer.Option(help="Instead of a text: the id of a case in the files.")] = None,
    stored: Annotated[
        bool, typer.Option("--stored", help="The texts shown with incidents in the series store of FENGHUO_STORE, too.")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=3650, help="With --stored: how far back.")] = 400,
    count: Annotated[int, typer.Option("--count", min=1, max=100, help="How many to show.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    columns: Columns = None,
    tz: Tz = None,
    encoding: Encoding = "auto",
    brand: Brand = None,
    channel: Channel = None,
    config: ConfigFolder = None,
) -> None:
    """Show the past texts most like a text or a case: how alike, and by which phrases. All texts are masked."""
    from contracts.clock import SystemClock
    from detectors.similar import most_similar
    from fenghuo.cli.configs import config_folder
    from fenghuo.cli.filework import load_files, options_from
    from fenghuo.cli.mask import masker_of
    from fenghuo.settings import Runtime, load_config

    if (text is None) == (case is None):
        leave("give a text with --text, or a case with --case", BAD_INPUT)
    if not files and not stored:
        leave("name files of the past, or take the series store with --stored", BAD_INPUT)
    runtime = Runtime()
    past: list[Past] = []
    if files:
        settings: Config = load_config(config_folder(config, runtime))
        options = options_from(columns, tz, encoding, brand, channel)
        rows = load_files(files, options, settings, runtime, SystemClock()).rows
        past += _of_mentions([row.mentions[0] for row in rows])
    if stored:
        past += _of_store(runtime, days)
    wanted = masker_of(runtime).mask(text) if text is not None else ""
    if case is not None:
        wanted, past = _of_case(case, past, runtime)
    found = most_similar(wanted, past, count)
    if not found:
        leave(f"nothing alike among {len(past):,} texts of the past", FAILED)
    _show(found, as_json=as_json)


def _of_mentions(mentions: Sequence[Mention]) -> list[Past]:
    from detectors.similar import Past

    return [Past(one.id, one.ts, f"{one.brand} {one.channel}", one.text, one.case_id or "") for one in mentions]


def _of_store(runtime: Runtime, days: int) -> list[Past]:
    """The typical voices of incidents, each once, with the incident that showed them last."""
    from contracts.clock import SystemClock
    from dashboards.store.opened import open_store
    from detectors.similar import Past

    clock = SystemClock()
    store = open_store(runtime.store, clock)
    now = clock.now()
    try:
        events = store.incidents(now - timedelta(days=days), now + timedelta(days=1))
    finally:
        store.close()
    found = {
        voice.id: Past(voice.id, voice.ts, f"incident {event.incident} {voice.channel}", voice.text)
        for event in events
        for voice in (event.detail.voices if event.detail is not None else ())
    }
    return list(found.values())


def _of_case(case: str, past: list[Past], runtime: Runtime) -> tuple[str, list[Past]]:
    """What a case says, and the past without it."""
    from contracts.errors import InvalidSettings
    from fenghuo.cli.filework import file_key
    from streams.text.mask import pseudonym

    names = {case, case.removeprefix("hashed:"), pseudonym(file_key(runtime), case)}
    said = [one.text for one in past if one.case in names]
    if not said:
        raise InvalidSettings("option case", f"no mention of the files belongs to case {case}")
    return "\n".join(said), [one for one in past if one.case not in names]


def _show(found: Sequence[Similar], *, as_json: bool) -> None:
    import orjson
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        past = one.past
        at = past.ts.astimezone(UTC)
        if as_json:
            told = {
                "similarity": round(one.similarity, 4), "copy": one.copy, "copies": one.copies, "phrases": one.phrases,
                "id": past.id, "ts": _text_of(at), "where": past.where, "case": past.case or None, "text": past.text,
            }  # fmt: skip
            typer.echo(orjson.dumps(told).decode())
            continue
        more = f", and {one.copies} copies of it" if one.copies else ""
        why = "a light edit of it" if one.copy else "; ".join(one.phrases) or "single words"
        console.print(f"{one.similarity:.2f}  {at:%Y-%m-%d %H:%M}  {past.where}  {past.id}{more}", markup=False)
        console.print(f"      both say: {why}", markup=False)
        console.print(f"      {' '.join(past.text[:SHOWN].split())}", markup=False)


def _text_of(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
