"""Which reader understands the texts: apart from ``fenghuo.wiring``, so that a replay need not load Faust."""

from __future__ import annotations

from contracts.ports import Reader
from streams.subjects import Subjects
from streams.text.reader import LexiconReader, thirty_word_reader
from streams.text.taxonomy import Taxonomy


def make_reader(name: str, taxonomy: Taxonomy | None = None, subjects: Subjects | None = None) -> Reader:
    """The reader that the settings name, with the taxonomy of the settings or the shipped one.

    The names of ``subjects`` weigh nothing: the 快 in 快鹿外卖 is no praise.
    """
    if name == "thirty-words":
        return thirty_word_reader()
    names = [word for one in (subjects.subjects if subjects else ()) for word in (one.name, *one.aliases)]
    return LexiconReader(taxonomy.lexicon() if taxonomy else None, names=names)
