"""The light of one conversation: yellow after several burdens in a row, red when heat or threats jump.

A conversation is what customers say of one case within a day; what staff says counts for nothing. Its first message has
nothing to jump from: only danger to life makes it red. Judged message by message, with no learning. Memory is bounded:
few messages of each conversation, and the conversations not heard for longest are forgotten first.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from contracts.records import CaseWords, Evidence
from contracts.records.reading import Sentiment
from detectors.voice_settings import LightSettings
from detectors.voices import DIMENSIONS, UNKNOWN

HOUR = 3600
YELLOW, RED = 1.0, 2.0
_NOTHING = CaseWords()
_GLAD = 0.3
"""Below this heat a positive message is glad in earnest: it threatens nobody."""


class Why(StrEnum):
    """What turned a light on."""

    BURDENS = "burdens"
    HEAT = "heat"
    THREAT = "threat"
    DANGER = "danger"


class Said(NamedTuple):
    """What is kept of one message of a customer."""

    pane: int
    burden: str
    """The phrase that states one."""
    hard: bool
    """It states a burden, or reads like one."""
    heat: float
    threats: tuple[str, ...]
    dims: tuple[str, ...]
    """Values of :data:`~detectors.voices.DIMENSIONS`."""


class Light(NamedTuple):
    """A light that was turned on, or up."""

    case: str
    score: float
    """1 is yellow, 2 red; a little more for more burdens in a row."""
    why: Why
    observed: float
    """Burdens in a row, threats, or heat."""
    expected: float
    phrases: tuple[str, ...]
    said: tuple[Said, ...]
    """The messages behind it, oldest first."""
    seconds: int
    """Since the first of them."""


class _Talk:
    """The messages of one conversation that are kept, and what was told of it."""

    __slots__ = ("score", "said", "told")

    def __init__(self) -> None:
        self.said: tuple[Said, ...] = ()
        self.score = 0.0
        self.told = 0


class Lights:
    """The lights of one brand.

    Works for cases whose messages arrive one by one with the same ``case_id``, agents' marked as such by
    ``author_class``; not for conversations without a case, and not for burdens that nobody puts into words.

    >>> lights = Lights(LightSettings(), pane_seconds=60)
    >>> one = Evidence.model_construct(case_id="c", author_class=None, heat=0.2, polarity=-0.5, channel="chat",
    ...     category="logistics", region=None, sentiment=Sentiment.NEGATIVE, case_words=CaseWords(burden="等了三天"))
    >>> [light and (light.score, light.why.value) for light in (lights.hear(pane, one) for pane in (1, 5, 9, 12))]
    [None, None, (1.0, 'burdens'), None]
    >>> threat = one.model_copy(update={"case_words": CaseWords(threats=("起诉",))})
    >>> (light := lights.hear(20, threat)).score, light.why.value, light.phrases[0]
    (2.0, 'threat', '起诉')
    """

    __slots__ = ("_pane_seconds", "_settings", "_span", "_staff", "_talks")

    def __init__(self, settings: LightSettings, pane_seconds: int) -> None:
        self._settings = settings
        self._pane_seconds = pane_seconds
        self._span = settings.hours * HOUR / pane_seconds
        self._staff = frozenset(name.casefold() for name in settings.staff)
        self._talks: dict[str, _Talk] = {}
        """By case, the one heard of longest ago first."""

    def hear(self, pane: int, one: Evidence) -> Light | None:
        """Take in a mention of ``pane``; the light it turns on or up, if any."""
        if one.case_id is None or self.is_staff(one.author_class):
            return None
        words = one.case_words or _NOTHING
        if words.idle:
            return None
        talk = self._talks.pop(one.case_id, None) or _Talk()
        self._talks[one.case_id] = talk
        self._bound(pane)
        if talk.told <= pane - self._span:
            talk.score = 0.0
        before = tuple(said for said in talk.said if said.pane > pane - self._span)
        glad = one.sentiment is Sentiment.POSITIVE and one.heat < _GLAD
        threats = () if glad else words.threats
        dims = tuple(getattr(one, name) or UNKNOWN for name in DIMENSIONS)
        negative = one.sentiment is Sentiment.NEGATIVE and one.polarity <= self._settings.negative and not words.polite
        said = Said(pane, words.burden, bool(words.burden) or negative, one.heat, threats, dims)
        talk.said = (*before, said)[-self._settings.messages :]
        light = self._red(one.case_id, before, said, words.danger) or self._yellow(one.case_id, talk.said)
        if light is None or light.score <= talk.score:
            return None
        talk.score, talk.told = light.score, pane
        return light

    def is_staff(self, author_class: str | None) -> bool:
        """Whether such an author speaks for the brand."""
        return author_class is not None and author_class.casefold() in self._staff

    def __len__(self) -> int:
        """How many conversations are remembered."""
        return len(self._talks)

    def _yellow(self, case: str, said: tuple[Said, ...]) -> Light | None:
        row = tuple(takewhile(lambda one: one.hard, reversed(said)))[::-1]
        phrases = tuple(dict.fromkeys(one.burden for one in row if one.burden))
        if len(row) < self._settings.burdens or sum(bool(one.burden) for one in row) < self._settings.said:
            return None
        return self._light(case, YELLOW, Why.BURDENS, len(row), 0.0, phrases, row)

    def _red(self, case: str, before: tuple[Said, ...], now: Said, danger: str) -> Light | None:
        limits = self._settings
        said = (*before, now)
        if danger:
            return self._light(case, RED, Why.DANGER, 1.0, 0.0, (danger,), said)
        usual = sum(one.heat for one in before) / len(before) if before else 0.0
        fierce = any(one.threats or one.heat >= limits.hot for one in before)
        if now.threats and before:
            known = max((len(one.threats) for one in before), default=0)
            return self._light(case, RED, Why.THREAT, len(now.threats), float(known), now.threats, said)
        if before and now.heat >= limits.hot and (fierce or now.heat - usual >= limits.jump):
            return self._light(case, RED, Why.HEAT, now.heat, usual, (), said)
        return None

    def _light(
        self, case: str, score: float, why: Why, observed: float, expected: float, phrases: tuple[str, ...],
        said: tuple[Said, ...],
    ) -> Light:  # fmt: skip
        seconds = max(1, (said[-1].pane - said[0].pane) * self._pane_seconds)
        return Light(case, score, why, observed, expected, phrases, said, seconds)

    def _bound(self, pane: int) -> None:
        while len(self._talks) > self._settings.conversations:
            del self._talks[next(iter(self._talks))]
        oldest = next(iter(self._talks.values()))
        while oldest.said and oldest.said[-1].pane <= pane - self._span and oldest.told <= pane - self._span:
            del self._talks[next(iter(self._talks))]
            oldest = next(iter(self._talks.values()))
