"""``fenghuo mask``: texts without what identifies a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from fenghuo.settings import Runtime
    from streams.text.mask import Masker


@sentences
def mask(file: Annotated[str, typer.Argument(help="One text a line; - is standard input.")]) -> None:
    """Print each text with its private values masked.

    The masks are keyed by FENGHUO_KEY: the same value has the same mask as in what that installation wrote. Without the
    variable they are those of a replay, equal everywhere.
    """
    from fenghuo.cli.lines import answer_lines
    from fenghuo.settings import Runtime

    masker = masker_of(Runtime())
    answer_lines(file, lambda texts: [masked.encode() for masked in masker.mask_many(texts)])


def masker_of(runtime: Runtime) -> Masker:
    """The masker of the installation, or that of a replay where there is no key."""
    from fenghuo.doors import REPLAY_KEY
    from streams.text.mask import Masker

    return Masker(runtime.secret_key() if runtime.key.get_secret_value() else REPLAY_KEY[:64])
