"""The reader: a masked text in, a Reading out.

A stage of counting (``contracts.ports.Reader``). A pure function of the text, the lexicon and the settings, all three
in ``version``; no memory between texts, so the order of calls and the number of workers change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

from ahocorasick_rs import AhoCorasick

from contracts.records import Emotion, Reading, Sentiment, Stage
from contracts.series import OTHER
from streams.text.language import language
from streams.text.normal import normalise
from streams.text.scan import Hit, Scanner
from streams.text.score import Tally, weigh
from streams.text.settings import ReaderSettings
from streams.text.signature import signature_of_normal
from streams.text.words import CATEGORIES, EMOTIONS, STAGES, Lexicon, shipped

T = TypeVar("T")

_LANGUAGES = frozenset({"zh", "en", "mixed", "other"})
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_ANGER = EMOTIONS.index(Emotion.ANGER)
_MARK_HEAT = 0.08
_SHOUT_HEAT = 0.1
_BLAME_HEAT = 0.12


class LexiconReader:
    """Reads Chinese and English by a lexicon, at about 30 µs for 60 characters.

    Good at plain praise and plain blame and at naming the matter; blind to irony without cues, to words it does not
    know, and to languages other than these two (there it says neutral).

    >>> reader = LexiconReader()
    >>> bad = reader.read("客服态度非常差，再不退款我就去12315投诉！！！")
    >>> bad.sentiment.value, bad.category, bad.stage.value, bad.heat > 0.5
    ('negative', 'attitude', 'after-sale', True)
    >>> reader.read("Great crew and a smooth flight, thank you!").sentiment.value
    'positive'
    """

    def __init__(self, lexicon: Lexicon | None = None, settings: ReaderSettings | None = None) -> None:
        self._lexicon = lexicon or shipped()
        self._settings = settings or ReaderSettings()
        self._salience = [meaning.salience for meaning in self._lexicon.meanings]
        self._scanner = Scanner(self._lexicon.terms)
        basis = self._lexicon.version + self._settings.model_dump_json()
        self.version = f"lexicon-1+{blake2b(basis.encode(), digest_size=4).hexdigest()}"

    def read(self, text: str, lang: str | None = None) -> Reading:
        """The reading of one masked text; ``lang`` is believed if it is ``zh``, ``en``, ``mixed`` or ``other``."""
        normal = normalise(text)
        hits = self._scanner.hits(normal)
        tally = weigh(hits, self._lexicon.meanings, self._settings)
        polarity = tally.polarity(self._settings, asks="?" in normal or "？" in normal)
        sentiment = self._sentiment(polarity)
        return Reading(
            lang=lang if lang in _LANGUAGES else language(text),
            category=_top(tally.categories, CATEGORIES, OTHER),
            stage=_top(tally.stages, STAGES, Stage.UNKNOWN),
            sentiment=sentiment,
            polarity=round(polarity, 6),
            emotion=_top(tally.emotions, EMOTIONS, Emotion.NONE),
            heat=round(_heat(tally, sentiment, text), 6),
            keywords=self._keywords(hits),
            signature=signature_of_normal(normal),
            model=self.version,
        )

    def _sentiment(self, polarity: float) -> Sentiment:
        if polarity < self._settings.negative_below:
            return Sentiment.NEGATIVE
        return Sentiment.POSITIVE if polarity > self._settings.positive_above else Sentiment.NEUTRAL

    def _keywords(self, hits: Sequence[Hit]) -> tuple[str, ...]:
        """The most telling terms, each once; of equal ones the earlier first."""
        terms, salience = self._lexicon.terms, self._salience
        told = dict.fromkeys([hit[0] for hit in hits if salience[hit[0]]])
        best = sorted(told, key=salience.__getitem__, reverse=True) if len(told) > 1 else list(told)
        return tuple(terms[index].removesuffix("*") for index in best[: self._settings.keywords])


def _top(points: dict[int, float], names: Sequence[T], default: T) -> T:
    """The name with most points; of equals the one that comes first among ``names``."""
    if not points:
        return default
    if len(points) == 1:
        return names[next(iter(points))]
    return names[max(sorted(points), key=points.__getitem__)]


def _heat(tally: Tally, sentiment: Sentiment, text: str) -> float:
    """0 (calm) to 1 (fierce). Marks and capitals heat only what is negative: praise may shout."""
    calm = tally.calm
    if sentiment is Sentiment.NEGATIVE:
        marks = text.count("!") + text.count("！") + text.count("??") + text.count("？？")
        shouted = 0 if text.islower() else len(_SHOUTED.findall(text))
        calm *= (1 - _MARK_HEAT) ** min(marks, 6) * (1 - _SHOUT_HEAT) ** (min(shouted, 5) if shouted > 1 else 0)
        calm *= (1 - _BLAME_HEAT) ** min(tally.blame, 4.0)
        calm *= 1 - 0.3 * min(tally.emotions.get(_ANGER, 0.0), 1.0)
    return 1.0 - calm


_THIRTY = {
    "差": -1, "慢": -1, "坏": -1, "骗": -1, "退款": -1, "投诉": -1, "垃圾": -1, "失望": -1, "态度": -1, "没人": -1,
    "好": 1, "快": 1, "谢谢": 1, "满意": 1, "不错": 1, "bad": -1, "late": -1, "slow": -1, "lost": -1, "worst": -1,
    "delay": -1, "refund": -1, "cancel": -1, "rude": -1, "broken": -1, "good": 1, "great": 1, "thank": 1, "love": 1,
    "best": 1,
}  # fmt: skip


class ThirtyWordReader:
    """The least that can be called a reader: thirty words, one pass, no grammar. For measuring the road around it."""

    version = "thirty-words-1"

    def __init__(self) -> None:
        self._automaton = AhoCorasick(list(_THIRTY))
        self._weights = list(_THIRTY.values())
        self._readings = {
            plain: [self._reading(total, plain=plain) for total in range(-5, 6)] for plain in (True, False)
        }
        """All readings there can be, by language and sum."""

    def read(self, text: str, lang: str | None = None) -> Reading:
        """Sign of the sum of the words found; everything else is left at its least."""
        total, weights = 0, self._weights
        for index, _, _ in self._automaton.find_matches_as_indexes(text.lower()):
            total += weights[index]
        return self._readings[text.isascii()][5 + (total if -5 <= total <= 5 else 5 if total > 0 else -5)]

    def _reading(self, total: int, *, plain: bool) -> Reading:
        kind = Sentiment.NEGATIVE if total < 0 else Sentiment.POSITIVE if total else Sentiment.NEUTRAL
        return Reading(
            lang="en" if plain else "zh",
            category=OTHER,
            sentiment=kind,
            polarity=total / 5,
            heat=0.0,
            signature="",
            model=self.version,
        )


def thirty_word_reader() -> ThirtyWordReader:
    """The reader of the throughput bench.

    >>> thirty_word_reader().read("the worst delay").sentiment.value
    'negative'
    """
    return ThirtyWordReader()
