"""The reader: a masked text in, a Reading out.

A stage of counting (``contracts.ports.Reader``). A pure function of the text, the lexicon, the model, the settings and
the names left out, all in ``version``; no memory between texts, so the order of calls and the number of workers change
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

from ahocorasick_rs import AhoCorasick

from contracts.records import Emotion, Reading, Sentiment, Stage
from contracts.series import OTHER
from streams.text.explain import Explanation, explain
from streams.text.language import Language, language
from streams.text.model.sentiment import CONTRAST, SentimentModel, cues, odds_to_polarity, shares
from streams.text.model.weights import Triple, Weights
from streams.text.model.weights import shipped as shipped_weights
from streams.text.names import NameBlank
from streams.text.normal import normalise
from streams.text.scan import Hit, Scanner
from streams.text.score import Tally, weigh
from streams.text.settings import ReaderSettings
from streams.text.signature import signature_of_normal
from streams.text.words import EMOTIONS, STAGES, Lexicon, shipped

T = TypeVar("T")

_LANGUAGES: dict[str, Language] = {"zh": "zh", "en": "en", "mixed": "mixed", "other": "other"}
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_ANGER = EMOTIONS.index(Emotion.ANGER)
_DENIERS = frozenset("不没无")
_MARK_HEAT = 0.08
_SHOUT_HEAT = 0.1
_BLAME_HEAT = 0.12


class LexiconReader:
    """Reads Chinese and English by a lexicon and a model of n-grams, at about 50 µs for 60 characters.

    Good at praise and blame said in words and at naming the matter; weak where nothing but the facts tell whether they
    are good or bad, at irony without cues, and silent in languages other than these two (there only emoji and marks
    count). ``names`` are left out when judging: 快 in the name 快鹿外卖 is no praise.

    >>> reader = LexiconReader()
    >>> bad = reader.read("客服态度非常差，再不退款我就去12315投诉！！！")
    >>> bad.sentiment.value, bad.category, bad.stage.value, bad.heat > 0.5
    ('negative', 'attitude', 'after-sale', True)
    >>> reader.read("Great crew and a smooth flight, thank you!").sentiment.value
    'positive'
    """

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        settings: ReaderSettings | None = None,
        weights: Weights | None = None,
        names: Sequence[str] = (),
    ) -> None:
        self._lexicon = lexicon or shipped()
        self._settings = settings or ReaderSettings()
        self._model = SentimentModel(weights or shipped_weights())
        self._names = NameBlank(names)
        self._salience = [meaning.salience for meaning in self._lexicon.meanings]
        self._scanner = Scanner(self._lexicon.terms)
        self._sayings = {
            index
            for index, (term, meaning) in enumerate(zip(self._lexicon.terms, self._lexicon.meanings, strict=True))
            if meaning.weight > 0 and not _DENIERS.isdisjoint(term)
        }
        """Praise in the words of blame: 没有问题, 不差."""
        basis = [self._lexicon.version, self._model.version, self._settings.model_dump_json(), *self._names.names]
        self.version = f"lexicon-2+{blake2b(chr(0).join(basis).encode(), digest_size=4).hexdigest()}"

    def read(self, text: str, lang: str | None = None) -> Reading:
        """The reading of one masked text; ``lang`` is believed if it is ``zh``, ``en``, ``mixed`` or ``other``."""
        normal = normalise(text)
        judged = self._names.blank(normal)
        hits = self._scanner.hits(judged)
        tally = weigh(hits, self._lexicon.meanings, self._settings)
        spoken = _LANGUAGES.get(lang or "") or language(text)
        sentiment, polarity = self._judge(judged, spoken, hits, tally)
        return Reading.trusted(
            lang=spoken,
            category=_top(tally.categories, self._lexicon.categories, OTHER),
            stage=_top(tally.stages, STAGES, Stage.UNKNOWN),
            sentiment=sentiment,
            polarity=round(polarity, 6),
            emotion=_top(tally.emotions, EMOTIONS, Emotion.NONE),
            heat=round(_heat(tally, sentiment, text), 6),
            keywords=self._keywords(hits),
            signature=signature_of_normal(normal),
            model=self.version,
        )

    def values(self, text: str, lang: str | None = None) -> tuple[Language, Triple, tuple[float, ...]]:
        """Language, a value for negative, neutral and positive each, and the cues: where an online model starts."""
        spoken = _LANGUAGES.get(lang or "") or language(text)
        judged = self._names.blank(normalise(text))
        hits = self._scanner.hits(judged)
        tally = weigh(hits, self._lexicon.meanings, self._settings)
        lexical = tally.polarity(self._settings, asks="?" in judged or "？" in judged)
        told = cues(tally, lexical, judged)
        if spoken == "en":
            return spoken, self._model.english(judged, told), told
        odds = self._chinese(judged, hits, tally, lexical) if spoken != "other" else 2 * lexical
        return spoken, (-odds / 2, 0.0, odds / 2), told

    def explain(self, text: str, lang: str | None = None) -> Explanation:
        """Which places of one masked text make its polarity what it is; as much work as reading it for each place."""
        spoken = _LANGUAGES.get(lang or "") or language(text)
        judged = self._names.blank(normalise(text))
        return explain(judged, self._scanner.hits, lambda one: self._polarity(one, spoken))

    def _polarity(self, judged: str, spoken: Language) -> float:
        hits = self._scanner.hits(judged)
        return self._judge(judged, spoken, hits, weigh(hits, self._lexicon.meanings, self._settings))[1]

    def _judge(self, judged: str, spoken: Language, hits: Sequence[Hit], tally: Tally) -> tuple[Sentiment, float]:
        """Sentiment and polarity: by the model of the language, for a mixed text by both in equal parts."""
        lexical = tally.polarity(self._settings, asks="?" in judged or "？" in judged)
        if spoken == "other" or not judged.strip():
            return self._sentiment(lexical), lexical
        if spoken == "en":
            values = self._model.english(judged, cues(tally, lexical, judged))
            negative, neutral, positive = shares(values)
            if neutral >= negative and neutral >= positive:
                return Sentiment.NEUTRAL, positive - negative
            return (Sentiment.NEGATIVE if negative > positive else Sentiment.POSITIVE), positive - negative
        polarity = odds_to_polarity(self._chinese(judged, hits, tally, lexical))
        if spoken == "mixed":
            negative, _, positive = shares(self._model.english(judged, cues(tally, lexical, judged)))
            polarity = (polarity + positive - negative) / 2
        silent = not tally.praise and not tally.blame
        band = self._settings.silent_zh if silent else self._settings.neutral_zh
        if abs(polarity) <= band:
            return Sentiment.NEUTRAL, polarity
        return (Sentiment.POSITIVE if polarity > 0 else Sentiment.NEGATIVE), polarity

    def _sentiment(self, polarity: float) -> Sentiment:
        if polarity < self._settings.negative_below:
            return Sentiment.NEGATIVE
        return Sentiment.POSITIVE if polarity > self._settings.positive_above else Sentiment.NEUTRAL

    def _chinese(self, judged: str, hits: Sequence[Hit], tally: Tally, lexical: float) -> float:
        """The logarithm of the odds for praise against blame."""
        return self._model.chinese(self._heard(judged, hits, tally), lexical * CONTRAST if tally.turned else lexical)

    def _heard(self, judged: str, hits: Sequence[Hit], tally: Tally) -> str:
        """The text for the n-grams: denied blame is left to the lexicon where they hear only the blame (没有问题)."""
        places = [hit[1:] for hit in hits if hit[0] in self._sayings]
        if tally.denied:
            places = sorted((*places, *tally.denied))
        if not places:
            return judged
        parts, at = [], 0
        for start, end in places:  # they count from a blank before the text
            if start > at and self._model.disagrees(judged[start - 1 : end - 1], praise=True):
                parts += [judged[at : start - 1], " " * (end - start)]
                at = end - 1
        return "".join((*parts, judged[at:]))

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
