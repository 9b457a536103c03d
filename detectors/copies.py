"""Near-copies of one brand over a day: a text that somebody else has said before, lightly edited, is no new voice.

In the flow: :mod:`detectors.voices` asks for every mention, in the order of (pane, time, id). A text with the signature
of a known one is a copy at once. Otherwise its letters are compared with those few known texts that share rare runs of
letters with it, and it is a copy if a small number of edits turns one into the other.

Works for texts of twelve letters and more, in any script; shorter ones ("太差了") are said by many on their own. A text
quoted inside a much longer one is a voice of its own. Time is proportional to the length, which is cut by the excerpt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

LEAST = 12
"""Letters that a text needs to be called a near-copy."""
KEYS = 8
"""Runs of letters by which a text is found again."""
FEW = 3
"""With fewer runs of its own, a text is listed under runs that stood for another."""
RUN = 8
"""Bytes of a run: four characters, or eight letters of an alphabet."""
CROWD = 20
"""Copies that make a flood: what comes then may be edited half as much again."""
MOST_COMPARED = 3
FLOODS = 16
"""Floods, the latest, that what a crowd says is compared with."""
LONG = 32
"""Letters from which a copy shares two runs at least."""
_SCRIPT, _LATIN = 0.2, 0.15
"""Share of the letters that may be edited: a letter of an alphabet says less than a character."""
_DRESS = re.compile(
    r"https?://[!-~]{1,2000}|www\.[!-~]{1,2000}|\[[^\[\]]{1,16}\]"
    r"|@[\w-]{1,16}(?=[\s:：,，。!！?？]|$)|@[a-z0-9_-]{1,30}|@[\w-]{1,4}"
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_ASCII = {code: chr(code) if chr(code).isalpha() else None for code in range(128)}
_MIX, _LESS = np.uint64(0x9E3779B97F4A7C15), np.uint64(16)


class Original:
    """A text said for the first time, and what its copies have added."""

    __slots__ = ("copies", "id", "letters", "pane", "reach", "signature")

    def __init__(self, one: str, signature: str, letters: str, pane: int) -> None:
        self.id = one
        self.signature = signature
        self.letters = letters
        self.pane = pane
        self.copies = 0
        self.reach = 0
        """Of the copies alone."""


class Copies:
    """The texts of a brand that were heard lately. Memory: at most ``limit`` texts, some 2 kB each.

    A text counts as known for ``panes`` panes from when it was heard first; of too many, those that neither they nor
    copies of them were heard for longest are forgotten first, so a flood does not drive out what it repeats.

    >>> copies = Copies(limit=100, panes=17_280)
    >>> copies.of("m1", "s1", "客服三天不回复我的消息，退款也没有到账", 5, 10)
    >>> copies.of("m2", "s2", "客服三天都不回复我的消息，退款也没到账😡 @小鹿", 6, 70).id
    'm1'
    >>> copies.of("m3", "s3", "等了三天客服才回复，退款倒是很快到账了", 7, 10)
    >>> copies.known("s1").copies, copies.known("s1").reach
    (1, 70)
    >>> copies.echo("s1", "客服三天不回复我的消息，退款也没有到账", 6, 5).id
    'm1'
    """

    __slots__ = ("_floods", "_index", "_known", "_limit", "_panes")

    def __init__(self, limit: int, panes: int) -> None:
        self._limit = limit
        self._panes = panes
        self._known: dict[str, Original] = {}
        self._index: dict[int, Original] = {}
        """By run of letters; each run stands for one text."""
        self._floods: dict[str, Original] = {}
        """The latest texts with :data:`CROWD` copies, by signature."""

    def of(self, one: str, signature: str, text: str, pane: int, reach: int) -> Original | None:
        """The text that mention ``one`` copies, or ``None`` for a voice of its own, which is then remembered.

        Without a signature (a text too short) a mention is always a voice of its own, and is not remembered.
        """
        if not signature:
            return None
        known = self._known.pop(signature, None)
        if known is not None and known.pane <= pane - self._panes:
            self._unlist(known)
            known = None
        if known is None:
            letters = letters_of(text)
            runs = runs_of(letters)
            known = self._near(letters, runs, pane)
            if known is None:
                self._remember(Original(one, signature, letters, pane), runs)
                return None
            del self._known[known.signature]
            if not known.copies:
                self._list(known, runs_of(known.letters))
        self._known[known.signature] = known
        self._copied(known, reach)
        return known

    def echo(self, signature: str, text: str, pane: int, reach: int) -> Original | None:
        """As :meth:`of`, for one of a crowd, at a fraction of the cost: a copy bears the signature of a known text or
        is an edit of one of the latest floods. Nothing is remembered: a sample of the crowd must have gone through
        :meth:`of` before.
        """
        known = self._known.get(signature) if signature else None
        if known is None or known.pane <= pane - self._panes:
            known = self._of_flood(text, pane) if signature and self._floods else None
        if known is None:
            return None
        self._known[known.signature] = self._known.pop(known.signature)
        self._copied(known, reach)
        return known

    def known(self, signature: str) -> Original | None:
        """The text remembered under this signature."""
        return self._known.get(signature)

    def __len__(self) -> int:
        """How many texts are remembered."""
        return len(self._known)

    def _copied(self, known: Original, reach: int) -> None:
        known.copies += 1
        known.reach += reach
        if known.copies == CROWD:
            self._floods[known.signature] = known
            if len(self._floods) > FLOODS:
                del self._floods[next(iter(self._floods))]

    def _of_flood(self, text: str, pane: int) -> Original | None:
        letters, since = letters_of(text), pane - self._panes
        if len(letters) < LEAST:
            return None
        floods = (one for one in self._floods.values() if one.pane > since)
        return next((one for one in floods if is_edit(letters, one.letters, flood=True)), None)

    def _near(self, letters: str, runs: Sequence[int], pane: int) -> Original | None:
        """The text that shares most runs and is but a few edits away."""
        sharing = [one for one in map(self._index.get, runs) if one is not None]
        if not sharing:
            return None
        shared: dict[Original, int] = {}
        for one in sharing:
            shared[one] = shared.get(one, 0) + 1
        least, since = 2 if len(letters) >= LONG else 1, pane - self._panes
        likely = [one for one, count in shared.items() if count >= least and one.pane > since]
        if len(likely) > 1:
            likely = sorted(likely, key=shared.__getitem__, reverse=True)[:MOST_COMPARED]
        for one in likely:
            if is_edit(letters, one.letters, flood=one.copies >= CROWD):
                return one
        return None

    def _remember(self, new: Original, runs: Sequence[int]) -> None:
        self._list(new, runs)
        self._known[new.signature] = new
        if len(self._known) > self._limit:
            self._unlist(self._known.pop(next(iter(self._known))))

    def _list(self, one: Original, runs: Sequence[int]) -> None:
        """List a text under rare runs spread over all of it: they do not overlap, so an edit spoils one of them.

        Runs that stand for another text of the day are taken from it only if it has no copies yet, and there are not
        enough others.
        """
        index, blocks, since = self._index, _blocks(one.letters, runs), one.pane - self._panes
        pool = [run for run in blocks if run not in index or index[run].pane <= since]
        if len(pool) < FEW:
            pool = [run for run in blocks if run not in index or index[run].pane <= since or not index[run].copies]
        many = len(pool)
        for key in pool if many <= KEYS else [pool[place * many // KEYS] for place in range(KEYS)]:
            index[key] = one

    def _unlist(self, old: Original) -> None:
        index = self._index
        self._floods.pop(old.signature, None)
        for key in _blocks(old.letters, runs_of(old.letters)):
            if index.get(key) is old:
                del index[key]


def letters_of(text: str) -> str:
    """Nothing but the letters of a text, in lower case: what copying decorates is left out.

    >>> letters_of("@快鹿 订单977号，客服 三天不回复[怒]！ http://x.y"), letters_of("RT @you: Lost my BAG")
    ('订单号客服三天不回复', 'rtlostmybag')
    """
    plain = text.lower()
    if "@" in plain or "[" in plain or "://" in plain or "www." in plain:
        plain = _DRESS.sub(" ", plain)
    return plain.translate(_ASCII) if plain.isascii() else _NOT_LETTERS.sub("", plain)


def runs_of(letters: str) -> list[int]:
    """All runs of four characters, or of eight letters of an alphabet, as numbers; none of a text too short.

    >>> len(runs_of("客服三天不回复我的消息呢")), len(runs_of("客服三天不回复我的消息")), len(runs_of("neveragain!!"))
    (9, 0, 5)
    """
    if len(letters) < LEAST:
        return []
    raw, step = (letters.encode(), 1) if letters.isascii() else (letters.encode("utf-16-le", "replace"), 2)
    windows = np.ndarray(((len(raw) - RUN) // step + 1,), "<u8", raw, 0, (step,))
    found: list[int] = (windows * _MIX >> _LESS).tolist()  # mixed, or dictionaries would find their places slowly
    return found


def _blocks(letters: str, runs: Sequence[int]) -> Sequence[int]:
    """Those of the runs that stand end to end."""
    return runs[:: RUN if letters.isascii() else RUN // 2]


def is_edit(letters: str, other: str, *, flood: bool = False) -> bool:
    """Whether a few edits turn the letters of one text into those of another.

    >>> is_edit("客服三天不回复我的消息呢", "客服三天没回复我的消息呢"), is_edit("客服三天不回复", "三天没有回复")
    (True, False)
    """
    longer = len(letters) if len(letters) > len(other) else len(other)
    most = edits_allowed(longer, _LATIN if letters.isascii() else _SCRIPT, flood=flood)
    return Levenshtein.distance(letters, other, score_cutoff=most) <= most


def edits_allowed(letters: int, share: float, *, flood: bool = False) -> int:
    """How many letters may differ between a text of so many letters and its copy.

    >>> [edits_allowed(letters, 0.2) for letters in (12, 20, 60, 250)]
    [1, 3, 11, 49]
    """
    return max(1, int(letters * share * (1.5 if flood else 1.0)) - 1)
