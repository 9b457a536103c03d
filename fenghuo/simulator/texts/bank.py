"""A word bank: the clauses of one language, from which `writer` makes texts."""

from __future__ import annotations

from dataclasses import dataclass

Words = tuple[str, ...]


def words(joined: str) -> Words:
    """Split at the bars.

    >>> words("好|很好")
    ('好', '很好')
    """
    return tuple(joined.split("|"))


@dataclass(frozen=True, slots=True)
class Bank:
    """Everything one language needs; clauses hold ``{p}`` for a product and ``{n}`` for a number."""

    lang: str
    glue: str
    gap: str
    """Between a sentence and the next."""
    stops: Words
    products: dict[str, Words]
    openings: Words
    whens: Words
    places: Words
    fillers: Words
    negative: dict[str, Words]
    negative_feelings: Words
    negative_asks: Words
    positive: Words
    positive_feelings: Words
    positive_asks: Words
    neutral: Words
    neutral_notes: Words
    mistakes: tuple[tuple[str, str], ...]
    tags: Words
