"""``fenghuo read``: what the reader understands of each text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fenghuo.cli.exits import sentences


@sentences
def read(
    file: Annotated[str, typer.Argument(help="One text a line; - is standard input.")],
    config: Annotated[Path | None, typer.Option(help="Folder of settings; only its taxonomy.yaml counts here.")] = None,
) -> None:
    """Print one Reading a line as NDJSON: language, category, stage, sentiment, emotion, heat, keywords, signature.

    Each text is masked first, as intake does; the same text always gives the same Reading.
    """
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

    def answer(texts: list[str]) -> list[bytes]:
        readings = (reader.read(masker.mask(text)) for text in texts)
        return [one.model_dump_json(exclude={"schema_version"}).encode() for one in readings]

    answer_lines(file, answer)
