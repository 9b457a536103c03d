"""What people get wrong when they write terms for the reader: too short, or a star where it does nothing.

For ``fenghuo check``: these terms can be loaded, but do not mean what they seem to. The terms of the taxonomy and the
words of authorities go through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import category

from streams.text.scan import is_stem


def mistakes(terms: Iterable[str]) -> Iterator[str]:
    """A clause for each normalised term that will surprise whoever wrote it; a single emoji is a good term.

    >>> list(mistakes(["蟑螂", "😡", "deliver*", "f*ck"]))
    []
    >>> for clause in mistakes(["a*", "差", "后厨*"]):
    ...     print(clause)
    the term 'a*' is so short that it is found everywhere; drop it
    the term '差' is a single character, found inside many other words; write whole words instead
    the star at the end of '后厨*' does nothing: only words in Latin letters have stems; drop the star
    """
    for term in terms:
        bare = term.removesuffix("*")
        if bare.isascii() and len(bare) < 2:
            yield f"the term {term!r} is so short that it is found everywhere; drop it"
        elif len(bare) == 1 and category(bare) != "So":
            yield f"the term {term!r} is a single character, found inside many other words; write whole words instead"
        if bare != term and not is_stem(term):
            yield f"the star at the end of {term!r} does nothing: only words in Latin letters have stems; drop the star"
        if "*" in bare and not _masked(bare):
            yield f"the star inside {term!r} stands for nothing but a star; write out what it should stand for"


def _masked(bare: str) -> bool:
    """Whether each star is a blanked letter, as in f*ck."""
    return all(is_stem(part + "*") for part in bare.split("*"))
