"""The reader: a masked text in, a Reading out.

A stage of counting (``contracts.ports.Reader``). A pure function of the text, the lexicon, the model, the settings and
the names left out, all in ``version``; no memory between texts, so the order of calls and the number of workers change
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
from ahocorasick_rs import AhoCorasick

from contracts.records import Emotion, Reading, Sentiment, Stage
from contracts.series import OTHER
from streams.text.dress import Dress, dress
from streams.text.explain import Explanation, explain
from streams.text.judge import Judge, Weighed
from streams.text.language import Language, languages
from streams.text.learned import LearnedModel
from streams.text.model.sentiment import SentimentModel
from streams.text.model.sentiment import shipped as shipped_model
from streams.text.model.weights import Triple, Weights
from streams.text.names import NameBlank
from streams.text.normal import normalise, normalised
from streams.text.questions import plain_question
from streams.text.scan import Hit, Scanner
from streams.text.score import Tally, Weigher
from streams.text.settings import ReaderSettings
from streams.text.sheet import Sheet, lay, portions
from streams.text.signature import signatures
from streams.text.words import EMOTIONS, STAGES, Lexicon, shipped

T = TypeVar("T")

_LANGUAGES: dict[str | None, Language] = {"zh": "zh", "en": "en", "mixed": "mixed", "other": "other"}
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_ANGER = EMOTIONS.index(Emotion.ANGER)
_MARK_HEAT = 0.08
_SHOUT_HEAT = 0.1
_BLAME_HEAT = 0.12
_BLANK = np.uint32(ord(" "))


class LexiconReader:
    """Reads Chinese and English by a lexicon and a model of n-grams, many texts at once or one.

    A text is read the same alone and among others; among some hundred it costs a small part of the time.
    ``python -m bench.text speed`` measures it.

    Good at praise and blame said in words and at naming the matter; weak where nothing but the facts tell whether they
    are good or bad, at irony without cues, and silent in languages other than these two (there only emoji and marks
    count). ``names`` are left out when judging: 快 in the name 快鹿外卖 is no praise. ``learned`` is what people
    corrected of praise and blame.

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
        learned: LearnedModel | None = None,
    ) -> None:
        self._made_of = (lexicon, settings, weights, tuple(names), learned)
        self._learned = learned
        self._lexicon = lexicon or shipped()
        self._settings = settings or ReaderSettings()
        model = shipped_model() if weights is None else SentimentModel(weights)
        self._judge = Judge(model, self._settings)
        self._names = NameBlank(names)
        self._scanner = Scanner(self._lexicon.terms)
        self._weigh = Weigher(self._scanner, self._lexicon.meanings, self._settings)
        self._salience = [self._lexicon.meanings[owner].salience for owner in self._scanner.owners]
        self._words = [self._lexicon.terms[owner].removesuffix("*") for owner in self._scanner.owners]
        basis = [self._lexicon.version, model.version, self._settings.model_dump_json(), *self._names.names]
        version = f"lexicon-2+{blake2b(chr(0).join(basis).encode(), digest_size=4).hexdigest()}"
        self.version = version if learned is None else f"{version}+{learned.version}"

    def __reduce__(self) -> tuple[Any, ...]:
        return LexiconReader, self._made_of

    def __deepcopy__(self, memo: object) -> LexiconReader:
        """Itself: it never changes."""
        return self

    def corrected(self, learned: LearnedModel) -> LexiconReader:
        """The same reader with what was learned of praise and blame."""
        return LexiconReader(*self._made_of[:-1], learned)

    def read(self, text: str, lang: str | None = None) -> Reading:
        """The reading of one masked text; ``lang`` is believed if it is ``zh``, ``en``, ``mixed`` or ``other``."""
        return self.read_many([text], [lang])[0]

    def read_many(self, texts: Sequence[str], langs: Sequence[str | None] | None = None) -> list[Reading]:
        """The readings of many masked texts, each the same as alone."""
        readings: list[Reading] = []
        for part in portions(texts):
            readings += self._read(texts[part], langs[part] if langs is not None else None)
        return readings

    def values(self, texts: Sequence[str]) -> list[Triple]:
        """How much speaks for negative, neutral and positive in each masked text, without what was learned."""
        normals = normalised(texts)
        worn = dress(normals)
        return self._judge.values(self._weighed(normals, worn, self._spoken(normals, worn, None))[0])

    def explain(self, text: str, lang: str | None = None) -> Explanation:
        """Which places of one masked text make its polarity what it is; as much work as reading it for each place."""
        normals = normalised([text])
        spoken = self._spoken(normals, dress(normals), [lang])
        judged = self._names.blank(normalise(text))

        def polarities(texts: Sequence[str]) -> list[float]:
            sheet = lay(texts)
            weighed, _ = self._weighed(sheet, dress(sheet), list(repeat(spoken[0], len(texts))))
            return [polarity for _, polarity in self._judge.verdicts(weighed, self._moved(sheet))]

        return explain(judged, self._scanner.hits, polarities)

    def _read(self, texts: Sequence[str], langs: Sequence[str | None] | None) -> list[Reading]:
        """Those of one portion."""
        normals = normalised(texts)
        worn = dress(normals)
        weighed, hits = self._weighed(normals, worn, self._spoken(normals, worn, langs))
        verdicts = self._judge.verdicts(weighed, self._moved(normals))
        return list(map(self._reading, texts, weighed, hits, verdicts, signatures(normals, worn.every)))

    def _moved(self, normals: Sheet) -> list[dict[str, float]]:
        return [] if self._learned is None else self._learned.scores_of(normals)

    def _spoken(self, normals: Sheet, worn: Dress, langs: Sequence[str | None] | None) -> list[Language]:
        told = languages(normals, worn.every)
        return told if langs is None else [_LANGUAGES.get(lang, own) for lang, own in zip(langs, told, strict=True)]

    def _weighed(
        self, normals: Sheet, worn: Dress, spoken: Sequence[Language]
    ) -> tuple[list[Weighed], list[list[Hit]]]:
        """The texts as they are judged, and the hits of the lexicon."""
        judged = self._names.blanked(normals)
        hits = self._scanner.raw(judged)
        said = judged.with_codes(np.where(worn.unsaid, _BLANK, judged.codes)).texts()
        return list(map(self._weighed_one, judged.texts(), said, spoken, map(self._weigh, hits))), hits

    def _weighed_one(self, text: str, said: str, spoken: Language, tally: Tally) -> Weighed:
        lexical = tally.polarity(self._settings, asks="?" in text or "？" in text)
        return Weighed(text, said, spoken, tally, lexical, plain_question(text))

    def _reading(
        self, text: str, one: Weighed, hits: Sequence[Hit], verdict: tuple[Sentiment, float], signature: str
    ) -> Reading:
        tally, (sentiment, polarity) = one.tally, verdict
        heat = _heat(tally, sentiment, text)
        return Reading.trusted(
            lang=one.spoken,
            category=_top(tally.categories, self._lexicon.categories, OTHER),
            stage=_top(tally.stages, STAGES, Stage.UNKNOWN) if tally.stages else Stage.UNKNOWN,
            sentiment=sentiment,
            polarity=round(polarity, 6),
            emotion=_top(tally.emotions, EMOTIONS, Emotion.NONE) if tally.emotions else Emotion.NONE,
            heat=round(heat, 6) if heat else 0.0,
            keywords=self._keywords(hits),
            signature=signature,
            model=self.version,
        )

    def _keywords(self, hits: Sequence[Hit]) -> tuple[str, ...]:
        """The most telling terms, each once; of equal ones the earlier first."""
        words, salience = self._words, self._salience
        told = {words[index]: weight for index, _, _ in hits if (weight := salience[index])}
        best = sorted(told, key=told.__getitem__, reverse=True) if len(told) > 1 else told
        return tuple(best)[: self._settings.keywords]


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

    def read_many(self, texts: Sequence[str], langs: Sequence[str | None] | None = None) -> list[Reading]:
        """The readings of many texts."""
        return [self.read(text) for text in texts]

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
