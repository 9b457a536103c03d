"""``fenghuo read``: what the reader understands of each text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.ports import Reader
    from contracts.records import Reading


@sentences
def read(
    file: Annotated[str, typer.Argument(help="One text a line; - is standard input.")],
    config: Annotated[
        Path | None, typer.Option(help="Folder of settings: its taxonomy, subjects and grade.yaml count here.")
    ] = None,
    grade: Annotated[bool, typer.Option("--grade", help="Add how grave a complaint it is, with memberships.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add which places make it praise or blame, and how much.")
    ] = False,
) -> None:
    """Print one Reading a line as NDJSON: language, category, stage, sentiment, emotion, heat, keywords, signature.

    Each text is masked first, as intake does; the same text always gives the same Reading. With --grade the text is
    graded as a first complaint, without what only the stream knows (reach, customer value, repeats). With --explain
    each place is left out in turn and the text read again: a place weighs what its polarity loses without it.
    """
    import orjson

    from contracts.errors import InvalidSettings
    from contracts.yamlfile import load_yaml
    from fenghuo.cli.configs import config_folder
    from fenghuo.cli.lines import answer_lines
    from fenghuo.cli.mask import masker_of
    from fenghuo.readers import make_reader
    from fenghuo.settings import Runtime
    from streams.subjects import Subjects
    from streams.text.taxonomy import Taxonomy

    runtime = Runtime()
    folder = config_folder(config, runtime)
    if config is not None and not config.is_dir():
        raise InvalidSettings(str(config), "no such folder; name the one that holds taxonomy.yaml with --config")
    taxonomy, names = folder / "taxonomy.yaml", folder / "subjects.yaml"
    reader = make_reader(
        runtime.reader,
        load_yaml(taxonomy, Taxonomy) if taxonomy.exists() else None,
        load_yaml(names, Subjects) if names.exists() else None,
    )
    masker = masker_of(runtime)
    extras: dict[str, Callable[[str, Reading], dict[str, Any]]] = {}
    if grade:
        extras["grade"] = _grading(folder / "grade.yaml")
    if explain:
        extras["explained"] = _explaining(reader)

    def answer(texts: list[str]) -> list[bytes]:
        lines = []
        masked = masker.mask_many(texts)
        for text, reading in zip(masked, reader.read_many(masked), strict=True):
            line = reading.model_dump(mode="json", exclude={"schema_version"})
            lines.append(orjson.dumps(line | {name: told(text, reading) for name, told in extras.items()}))
        return lines

    answer_lines(file, answer)


def _explaining(reader: Reader) -> Callable[[str, Reading], dict[str, Any]]:
    """Explains the polarity of a text."""
    from dataclasses import asdict

    from contracts.errors import InvalidSettings
    from streams.text.reader import LexiconReader

    if not isinstance(reader, LexiconReader):
        raise InvalidSettings("option explain", "thirty words have nothing to explain; leave FENGHUO_READER at lexicon")
    return lambda text, reading: asdict(reader.explain(text))


def _grading(path: Path) -> Callable[[str, Reading], dict[str, Any]]:
    """Grades a text and its reading by the settings in ``path``."""
    from dataclasses import asdict

    from contracts.records import Facts
    from contracts.yamlfile import load_yaml
    from streams.text.case_words import CaseReader
    from streams.text.grade import Grader, GradeSettings

    settings = load_yaml(path, GradeSettings) if path.exists() else GradeSettings()
    grader, words = Grader(settings), CaseReader(settings)

    def graded(text: str, reading: Reading) -> dict[str, Any]:
        facts = Facts(reading.category, reading.heat, authority=words.read(text).authority)
        return asdict(grader.grade(facts))

    return graded
