"""``fenghuo ledger verify|show|export``: what people and rules did, and whether somebody changed it since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences

if TYPE_CHECKING:
    from alerts.ledger.chain import LedgerKey
    from alerts.ledger.heads import Head
    from alerts.ledger.verify import Found, Verdict
    from contracts.records import LedgerEntry
    from fenghuo.settings import Runtime

ledger = typer.Typer(help="The ledger (台账): what people and rules did.", no_args_is_help=True)

Heads = Annotated[
    list[Path] | None, typer.Option(help="Another file of heads kept elsewhere; as often as needed.", metavar="FILE")
]

_UNSEEN = "every write makes a head, so heads are lost; an end that was cut off could not be seen"


@ledger.command("verify")
@sentences
def verify_ledger(
    export: Annotated[Path | None, typer.Argument(help="An export; otherwise the ledger itself.")] = None,
    heads: Heads = None,
    var: Var = Path("var"),
) -> None:
    """Find and name every entry that was changed, removed, repeated, reordered or cut off; exit code 1 if any was."""
    from rich.console import Console

    from alerts.ledger.verify import verify
    from fenghuo.following import head_file, ledger_key, ledger_store

    runtime = _runtime(var)
    key = ledger_key(runtime)
    (known, torn), (more, others) = head_file(runtime).read(), _more_heads(heads)
    spoiled = [*torn, *others]
    if export is None:
        verdict = verify([*ledger_store(runtime).read(), *spoiled], [*known, *more], key)
    else:
        verdict = _of_export(export, known, more, spoiled, key)
    if not verdict.entries and verdict.good:
        leave("there is no ledger here yet; name the folder of the stack with --var, or an export", BAD_INPUT)
    console = Console(highlight=False, soft_wrap=True)
    for finding in verdict.findings:
        console.print(finding.sentence, style="red", markup=False)
    for sentence in verdict.unanchored:
        console.print(sentence, style="yellow", markup=False)
    if verdict.unanchored:
        console.print(_UNSEEN, style="yellow", markup=False)
    many = f"{verdict.entries:,} entries in {len(verdict.books)} books, {len(known) + len(more)} heads kept outside"
    if not verdict.good:
        console.print(f"{len(verdict.findings)} findings; {many}", markup=False)
        raise typer.Exit(FAILED)
    console.print(f"[green]good:[/green] {many}")


@ledger.command("show")
@sentences
def show_ledger(
    last: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    brand: Annotated[str | None, typer.Option(help="Only of this brand.")] = None,
    about: Annotated[str | None, typer.Option(help="Only of this incident, run or case (its beginning).")] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this person or rule did.")] = None,
    what: Annotated[str | None, typer.Option(help="Only of this kind (its beginning), like case.overdue.")] = None,
    var: Var = Path("var"),
) -> None:
    """The newest entries, by time; shown as they stand, so verify first where it matters."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    entries = [
        one
        for one in _entries(_runtime(var))
        if (brand is None or one.brand == brand)
        and (about is None or one.subject.startswith(about))
        and (actor is None or one.actor == actor)
        and (what is None or one.what.startswith(what))
    ]
    entries.sort(key=lambda one: (one.at, one.book, one.seq))
    table = Table("when, where", "who", "what", "about", "particulars", show_lines=True)
    for one in entries[-last:]:
        place = f"{one.at:%Y-%m-%d}\n{one.at:%H:%M:%S}\n{one.book}:{one.seq}"
        told = (place, one.actor, one.what, f"{one.brand}\n{one.subject}".strip(), _particulars(one))
        table.add_row(*map(escape, told))
    console = Console()
    if entries:
        console.print(table)
    console.print(f"{len(entries):,} entr{'y' if len(entries) == 1 else 'ies'}")


@ledger.command("export")
@sentences
def export_ledger(
    file: Annotated[Path, typer.Argument(help="Where to; - is standard output.")] = Path("-"),
    var: Var = Path("var"),
) -> None:
    """Write the ledger as NDJSON: an entry a line, and last the signed head of each book."""
    import sys

    from alerts.ledger.export import lines
    from fenghuo.following import ledger_key

    runtime = _runtime(var)
    written = lines(_entries(runtime), ledger_key(runtime))
    if str(file) == "-":
        sys.stdout.buffer.writelines(written)
        sys.stdout.buffer.flush()
        return
    with file.open("wb") as out:
        out.writelines(written)


def _of_export(path: Path, known: list[Head], more: list[Head], spoiled: list[Found], key: LedgerKey) -> Verdict:
    """An export may be older than the newest heads here: of those only what it covers counts."""
    from alerts.ledger.export import read_export, unsealed
    from alerts.ledger.verify import verify

    entries, own = read_export(path)
    ends = {head.book: head.seq for head in own}
    covered = [head for head in known if head.seq <= ends.get(head.book, -1)]
    verdict = verify([*entries, *spoiled], [*own, *covered, *more], key)
    verdict.findings.extend(unsealed(entries, own))
    return verdict


def _more_heads(paths: list[Path] | None) -> tuple[list[Head], list[Found]]:
    from alerts.ledger.anchor import HeadFile
    from contracts.errors import InvalidFile

    heads: list[Head] = []
    spoiled: list[Found] = []
    for path in paths or ():
        if not path.is_file():
            raise InvalidFile(str(path), "is no file of heads")
        some, torn = HeadFile(path).read()
        heads.extend(some)
        spoiled.extend(torn)
    return heads, spoiled


def _runtime(var: Path) -> Runtime:
    """The settings; of a folder that no local stack stands in, what is kept in that folder."""
    runtime = runtime_of(var)
    return runtime if "var" in runtime.model_fields_set else runtime.model_copy(update={"var": var})


def _entries(runtime: Runtime) -> list[LedgerEntry]:
    """Whatever can be read as an entry, by book and number."""
    from fenghuo.following import ledger_store

    return [one.entry for one in ledger_store(runtime).read() if one.entry is not None]


def _particulars(entry: LedgerEntry) -> str:
    """What the other columns do not say already, one a line."""
    said = {entry.brand, entry.actor, entry.subject, ""}
    rows = [f"{name}: {value}" for name, value in sorted(entry.body.items()) if str(value) not in said]
    return "\n".join(rows)[:300]
