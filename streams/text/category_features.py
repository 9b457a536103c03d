"""What the category classifier sees of a text: hashed words, pairs of words, and short strings of characters.

Chinese gives single characters and pairs, Latin letters give words, pairs of words and strings of four within a word
(which join "cancelled" and "canceling"). Everything is hashed into 2^18 numbers, so memory is bounded and no text can
be read back from a model. Links, @names and masks say nothing.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import numpy.typing as npt

from streams.text.dress import dress
from streams.text.hashes import crc, crc_of_joined
from streams.text.normal import normalised
from streams.text.sheet import Flags, Places, Sheet, by_code, lay, offsets

BITS = 18
_KEPT = np.uint32((1 << BITS) - 1)
MOST_CHARACTERS = 1000
"""Of longer texts only the beginning is looked at."""
_MOST_OF_WORD = 40
"""Of longer words strings are taken from the beginning only."""
_HAN, _LATIN, _FIGURE = 1, 2, 3
_RANGES = {
    _HAN: ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)),
    _LATIN: ((0x61, 0x7A), (0xE0, 0x24F), (0x27, 0x27)),
    _FIGURE: ((0x30, 0x39),),
}
_BLANK = 0x20

Keys = npt.NDArray[np.uint32]


def features(text: str) -> dict[int, int]:
    """How often each hashed feature stands in ``text``.

    >>> features("退款慢") == features("@客服 退款慢!"), len(features("退款慢"))
    (True, 5)
    """
    return Counter(hashed_features(normalised([text[:MOST_CHARACTERS]]))[0].tolist())


def hashed_features(normals: Sheet) -> tuple[Keys, Places]:
    """All hashed features of some normalised texts, and which text each is of."""
    if (normals.ends - normals.starts).max(initial=0) > MOST_CHARACTERS:
        normals = lay([text[:MOST_CHARACTERS] for text in normals.texts()])
    scripts = _scripts()[normals.codes]
    scripts[dress(normals).unsaid] = 0
    opens = scripts != 0
    opens[1:] &= scripts[1:] != scripts[:-1]
    starts = np.flatnonzero(opens)
    parts = [*_chinese(normals, scripts == _HAN), *_words(normals, scripts, starts), _strings(normals, scripts, starts)]
    keys, places = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    return keys & _KEPT, normals.owners(places)


def _chinese(normals: Sheet, han: Flags) -> list[tuple[Keys, Places]]:
    """Single characters and pairs."""
    hashes, before = _of_characters()
    one = np.flatnonzero(han)
    two = one[1:][np.diff(one) == 1] - 1
    codes = normals.codes
    return [(hashes[codes[one]], one), (before[codes[two]] ^ hashes[codes[two + 1]], two)]


def _words(normals: Sheet, scripts: npt.NDArray[np.uint8], starts: Places) -> list[tuple[Keys, Places]]:
    """Words, and pairs of words between which there is nothing Chinese."""
    places = offsets(normals.codes)
    latin = scripts[starts] != _HAN
    rows = np.flatnonzero(latin)
    first = starts[rows]
    last = _ends(scripts)[rows]
    content = np.frombuffer(normals.whole.encode(), dtype=np.uint8)
    blank = np.full(len(rows), _of_characters()[0][_BLANK])
    whole = crc(content, places[first], places[last] - places[first])
    words = crc_of_joined(whole, blank, np.ones(len(rows), dtype=np.intp)) & _KEPT
    owners = normals.owners(first)
    beside = np.flatnonzero((np.diff(rows) == 1) & (owners[1:] == owners[:-1]) & (words[:-1] != 0))
    return [(words, first), (words[beside] * np.uint32(31) + words[beside + 1], first[beside])]


def _strings(normals: Sheet, scripts: npt.NDArray[np.uint8], starts: Places) -> tuple[Keys, Places]:
    """Strings of four characters within words of letters, a blank before and behind the word counted in."""
    latin = scripts == _LATIN
    codes = np.where(latin, normals.codes, np.uint32(_BLANK))
    for start, end in zip(*_long(scripts, starts), strict=True):
        codes[start:end] = _BLANK
        latin[start:end] = False
    first = np.flatnonzero(latin[1:-1] & latin[2:])
    hashes, _ = _of_characters()
    sizes = 1 + (codes >= 0x80).astype(np.intp)
    found = hashes[codes[first]]
    for step in range(1, 4):
        found = crc_of_joined(found, hashes[codes[first + step]], sizes[first + step])
    return found, first + 1  # where the word begins: before it the text may not have begun


def _long(scripts: npt.NDArray[np.uint8], starts: Places) -> tuple[list[int], list[int]]:
    """Where the rest of very long words of letters starts and ends."""
    ends = _ends(scripts)
    long = (scripts[starts] == _LATIN) & (ends - starts > _MOST_OF_WORD)
    return (starts[long] + _MOST_OF_WORD).tolist(), ends[long].tolist()


def _ends(scripts: npt.NDArray[np.uint8]) -> Places:
    """Where the runs of one script end."""
    closes = scripts[:-1] != 0
    closes &= scripts[1:] != scripts[:-1]
    return np.flatnonzero(closes) + 1


@cache
def _of_characters() -> tuple[Keys, Keys]:
    """By code of a character that counts: its hash, and what it adds to that of a Chinese one behind it."""
    hashes, before = np.zeros(0xA000, dtype=np.uint32), np.zeros(0xA000, dtype=np.uint32)
    codes = np.append(np.flatnonzero(_scripts()[: len(hashes)]), _BLANK).astype(np.uint32)
    places = offsets(codes)
    content = np.frombuffer("".join(map(chr, codes.tolist())).encode(), dtype=np.uint8)
    hashes[codes] = crc(content, places[:-1], np.diff(places))
    nothing = np.zeros(len(codes), dtype=np.uint32)
    before[codes] = crc_of_joined(hashes[codes], nothing, np.full(len(codes), 3))
    return hashes, before


@cache
def _scripts() -> npt.NDArray[np.uint8]:
    """The script of each code; 0 for what is no feature."""
    return by_code(_RANGES)
