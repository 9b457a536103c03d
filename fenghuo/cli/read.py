"""``fenghuo read``: what the reader understands of each text."""

from __future__ import annotations

from typing import Annotated

import typer

from fenghuo.cli.exits import sentences


@sentences
def read(file: Annotated[str, typer.Argument(help="One text a line; - is standard input.")]) -> None:
    """Print one Reading a line as NDJSON: language, category, stage, sentiment, emotion, heat, keywords, signature.

    Each text is masked first, as intake does; the same text always gives the same Reading.
    """
    from fenghuo.cli.lines import answer_lines
    from fenghuo.cli.mask import masker_of
    from fenghuo.settings import Runtime
    from fenghuo.wiring import make_reader

    runtime = Runtime()
    masker, reader = masker_of(runtime), make_reader(runtime.reader)

    def answer(texts: list[str]) -> list[bytes]:
        readings = (reader.read(masker.mask(text)) for text in texts)
        return [one.model_dump_json(exclude={"schema_version"}).encode() for one in readings]

    answer_lines(file, answer)
