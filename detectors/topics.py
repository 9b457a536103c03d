"""Emerging topics of one brand: terms that many people suddenly use, judged across authors.

A term is followed once a second author says it. It emerges when far more authors say it within a window than is usual
for it among so many voices at this time of the day (:mod:`detectors.usage`), by a negative binomial tail. The matter
that a voice speaks of (:mod:`detectors.clusters`) is followed as if it were a term of its own, so that what many report
each in their own words emerges too. Terms that the same people say are one topic, told once, and again when it has
grown. A copied text is one voice, an author counts once.

Memory is bounded however many new terms come: those said once are kept as numbers, first in, first out; the past is
counted lossily; a hundred thousand new terms a day cost a few megabytes and no detection of what many say within hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import inf, log
from typing import NamedTuple
from zlib import crc32

from detectors.blocks import Blocks, shape
from detectors.cluster_names import name_of
from detectors.clusters import Cluster, Clusters
from detectors.grid import DAY, HOUR, Grid
from detectors.tails import MONTH_SECONDS, log_count_tail
from detectors.terms import terms_of
from detectors.usage import PARTS, Usage
from detectors.voice_settings import ClusterSettings, TopicSettings
from detectors.voices import Heard

_MOST_AUTHORS = 1000
_MOST_TOPICS = 50
_MOST_WORDS = 24
_OVERLAP = 0.5
_AUTHOR_BITS = 32

_MARK = "\0"
"""What the followed name of a matter begins with; no term does."""

Usually = Callable[[int], float]
"""Voices that a window of so many buckets usually holds."""


class Emerged(NamedTuple):
    """A topic that has emerged, or has grown."""

    name: str
    words: tuple[str, ...]
    voices: tuple[Heard, ...]
    """Those of the window that are still kept."""
    score: float
    log_p: float
    observed: int
    expected: float
    window_seconds: int


class _Talk:
    """A term that several authors use: who, when, and how many more it takes to be worth a look."""

    __slots__ = ("authors", "panes", "quantum", "quiet")

    def __init__(self, first: tuple[int, int]) -> None:
        self.authors: dict[int, int] = {first[0]: first[1]}
        self.panes: list[int] = [first[1]]
        self.quantum = -1
        self.quiet = 0.0

    def add(self, author: int, pane: int, since: int) -> bool:
        """Count an author who has not spoken of it since; whether that is news."""
        while self.panes and (self.panes[0] <= since or len(self.panes) >= _MOST_AUTHORS):
            del self.authors[next(iter(self.authors))]
            del self.panes[0]
        if author in self.authors:
            return False
        self.authors[author] = pane
        self.panes.append(pane)
        return True


class _Topic:
    """What has been told of a topic."""

    __slots__ = ("pane", "score", "words")

    def __init__(self, pane: int, score: float, words: dict[str, None]) -> None:
        self.pane = pane
        self.score = score
        self.words = words


class Topics:
    """Emerging topics of one brand; all times are panes and buckets.

    Works once the past holds some hundreds of voices over some days. It does not see what grows slowly over days, nor
    synonyms (each term stands for itself, unless the same people say both, or their texts are alike in other words).
    """

    __slots__ = (
        "_clusters", "_crossed", "_grid", "_limits", "_panes", "_per_bucket", "_settings", "_singles", "_start",
        "_talks", "_topics", "_usage", "_voices",
    )  # fmt: skip

    def __init__(
        self, settings: TopicSettings, grid: Grid, pane_seconds: int, clusters: ClusterSettings | None = None
    ) -> None:
        self._settings = settings
        self._clusters = Clusters(clusters or ClusterSettings(), DAY / pane_seconds)
        self._grid = grid
        self._per_bucket = grid.bucket_seconds // pane_seconds
        seconds = [max(pane_seconds, int(hours * HOUR)) for hours in settings.windows_hours]
        self._panes = [one // pane_seconds for one in seconds]
        self._limits = [
            log(min(0.01, settings.false_per_month * one / MONTH_SECONDS / settings.terms_tried)) for one in seconds
        ]
        self._voices = [Blocks(*shape(max(1, one // grid.bucket_seconds))) for one in seconds]
        self._usage = Usage(settings.vocabulary, settings.half_life_days * DAY / grid.seconds)
        self._singles: dict[int, int] = {}
        """By hash of a term said by one author: pane and author, packed."""
        self._talks: dict[str, _Talk] = {}
        self._topics: list[_Topic] = []
        self._crossed: dict[str, tuple[float, float, int, float]] = {}
        """By term that has crossed its limit in this pane: score, log p, place of window, expected."""
        self._start: int | None = None

    def __len__(self) -> int:
        """How many terms are remembered in all."""
        return len(self._singles) + len(self._talks) + len(self._usage) + len(self._clusters)

    def hear(self, voice: Heard, usually: Usually, *, established: bool = True) -> Cluster | None:
        """Take in an independent voice; one from a source that has only begun teaches, but is not judged.

        Returns the matter that it speaks of, if it says enough to tell.
        """
        bucket = voice.pane // self._per_bucket
        if self._start is None:
            self._start = bucket
        terms = self._terms(voice)
        matter = self._clusters.add(voice.pane, terms, voice.text, self._usage.rarity())
        if matter is not None:
            terms = (*terms, _mark(matter))
        self._usage.add(terms)
        for blocks in self._voices:
            blocks.add(bucket, 1.0)
        if not established:
            return matter
        who = crc32((voice.author or voice.id).encode())
        since = voice.pane - self._panes[-1]
        judged = self._ready(bucket)
        for term in terms:
            talk = self._talks.get(term)
            if talk is None:
                talk = self._second(term, who, voice.pane, since)
                if talk is None:
                    continue
            if not talk.add(who, voice.pane, since):
                continue
            talk.quiet -= 1
            if judged and len(talk.panes) >= self._settings.least_authors:
                self._look(term, talk, bucket, voice.pane, usually)
        return matter

    def close(self, quantum: int, weight: float) -> None:
        """Fold an hour into what is usual, each voice counting ``weight``."""
        hour = self._grid.cells(quantum)[1]
        self._usage.close(quantum, hour * PARTS // self._grid.per_day, weight)

    def emerged(self, pane: int, kept: Iterable[Heard], growth: float) -> list[Emerged]:
        """Topics that have emerged in ``pane``, or have grown by ``growth`` since they were told."""
        if not self._crossed:
            return []
        crossed, self._crossed = self._crossed, {}
        heard = [(one, self._said(one)) for one in kept if one.pane > pane - self._panes[-1]]
        self._topics = [one for one in self._topics if one.pane > pane - self._panes[-1]][-_MOST_TOPICS:]
        told: dict[int, Emerged] = {}
        for term in sorted(crossed, key=lambda one: (-crossed[one][0], one)):
            said = [(one, words) for one, words in heard if term in words]
            topic = self._topic_of(term, [words for _, words in said])
            score, log_p, place, expected = crossed[term]
            if topic is None:
                topic = _Topic(pane, 0.0, {})
                self._topics.append(topic)
            if len(topic.words) < _MOST_WORDS:
                topic.words.setdefault(term)
            if id(topic) not in told and score >= growth * topic.score:
                topic.pane, topic.score = pane, score
                since = pane - self._panes[place]
                talk = self._talks[term]
                told[id(topic)] = Emerged(
                    name=self._name(term),
                    words=(),
                    voices=tuple(one for one, _ in said if one.pane > since),
                    score=score,
                    log_p=log_p,
                    observed=len(talk.panes) - bisect_right(talk.panes, since),
                    expected=expected,
                    window_seconds=self._panes[place] * self._grid.bucket_seconds // self._per_bucket,
                )
        words = {id(one): tuple(word for word in one.words if word[0] != _MARK) for one in self._topics}
        return [one._replace(words=words[topic]) for topic, one in told.items()]

    def _terms(self, voice: Heard) -> tuple[str, ...]:
        if self._settings.from_text:
            return _remembered(voice.text, voice.keywords)
        return tuple(dict.fromkeys(voice.keywords))

    def _said(self, voice: Heard) -> frozenset[str]:
        """Its terms, and the mark of its matter."""
        marks = () if voice.matter is None else (_mark(voice.matter),)
        return frozenset((*self._terms(voice), *marks))

    def _name(self, term: str) -> str:
        """A term as people read it: a matter by its name."""
        matter = self._clusters.find(int(term[1:])) if term[0] == _MARK else None
        return term if matter is None else name_of(matter)

    def _ready(self, bucket: int) -> bool:
        age = (bucket - (self._start or 0)) * self._grid.bucket_seconds
        enough = self._usage.voices() >= self._settings.least_known
        return enough and age >= self._settings.least_age_hours * HOUR

    def _second(self, term: str, who: int, pane: int, since: int) -> _Talk | None:
        """Follow a term from its second author on; until then remember the first."""
        key = crc32(term.encode())
        packed = self._singles.get(key)
        if packed is not None:
            author, first = packed & ((1 << _AUTHOR_BITS) - 1), packed >> _AUTHOR_BITS
            if author == who:
                return None
            del self._singles[key]
            if first > since:
                talk = self._talks[term] = _Talk((author, first))
                if len(self._talks) > self._settings.candidates:
                    self._forget(since)
                return talk
        self._singles[key] = (pane << _AUTHOR_BITS) | who
        if len(self._singles) > self._settings.singles:
            del self._singles[next(iter(self._singles))]
        return None

    def _forget(self, since: int) -> None:
        """Let go of what nobody says any more, and of what fewest say, the longest ago."""
        talks = self._talks

        def worth(term: str) -> tuple[bool, int, int]:
            panes = talks[term].panes
            return panes[-1] > since, len(panes), panes[-1]

        order = sorted(talks, key=worth)
        for term in order[: len(order) - self._settings.candidates * 3 // 4]:
            del talks[term]

    def _look(self, term: str, talk: _Talk, bucket: int, pane: int, usually: Usually) -> None:
        quantum = self._grid.quantum_of(bucket)
        if talk.quantum == quantum and talk.quiet > 0:
            return
        hour = self._grid.cells(quantum)[1]
        share = self._usage.share(term, hour * PARTS // self._grid.per_day)
        best: tuple[float, float, int, float] | None = None
        lacking = inf
        for place, length in enumerate(self._panes):
            count = len(talk.panes) - bisect_right(talk.panes, pane - length)
            blocks = self._voices[place]
            voices = blocks.total(bucket)
            expected = share * max(voices, usually(max(1, length // self._per_bucket)))
            need = max(
                self._settings.least_authors, self._settings.least_ratio * expected, self._settings.least_share * voices
            )
            if count < need:
                lacking = min(lacking, need - count)
                continue
            log_p = log_count_tail(count, expected, self._settings.dispersion)
            score = log_p / self._limits[place]
            lacking = min(lacking, 1.0)
            if best is None or score > best[0]:
                best = (score, log_p, place, expected)
        talk.quantum, talk.quiet = quantum, lacking
        if best is not None and best[0] >= 1:
            self._crossed[term] = best

    def _topic_of(self, term: str, said: Sequence[frozenset[str]]) -> _Topic | None:
        """The topic that a term belongs to: half of those who say it say one of the topic's words as well."""
        for topic in self._topics:
            if term in topic.words:
                return topic
        for topic in self._topics:
            if said and sum(not words.isdisjoint(topic.words) for words in said) >= _OVERLAP * len(said):
                return topic
        return None


_remembered = lru_cache(maxsize=1024)(terms_of)
"""While a topic grows the same voices are looked at pane after pane."""


def _mark(matter: Cluster) -> str:
    return f"{_MARK}{matter.id}"
