"""What is noticed in single voices of a brand rather than in counts: weighty voices, repeats, lights, emerging topics.

In the flow: :mod:`detectors.brand` hands each mention over as it comes, copies too, and asks for the signals of the
pane once its counts have been judged. Everything here is moved by mentions alone, never by empty time.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp

from contracts.panes import Panes
from contracts.records import CaseGrade, Evidence, SignalKind, State
from contracts.records.reading import Sentiment
from detectors.explain import apportioned, explain, typical
from detectors.grades import Grades
from detectors.grid import Grid
from detectors.lights import Light, Lights
from detectors.protocol import Reason, Score
from detectors.repeats import Repeated, Repeats
from detectors.report import Report
from detectors.settings import DetectSettings
from detectors.terms import joined
from detectors.topics import Emerged, Topics
from detectors.usual import Usual
from detectors.voices import DIMENSIONS, Heard, Voices, heard
from detectors.weighty import Heavy, Weighty

_LEAST_NEGATIVE = 0.5
_TINY = -690.0
_AUTHOR_CLASS = DIMENSIONS.index("author_class")


class Listener:
    """Single voices of one brand.

    Parameters
    ----------
    key
        The brand's own series, which all these signals belong to.
    grades
        Grades complaints; without it nothing has a grade.
    """

    __slots__ = (
        "_found", "_graded", "_grades", "_grid", "_key", "_lights", "_panes", "_repeats", "_settings",
        "_topics", "_usual", "_voices", "_weighty",
    )  # fmt: skip

    def __init__(
        self,
        key: str,
        panes: Panes,
        grid: Grid,
        settings: DetectSettings,
        voices: Voices,
        usual: Usual,
        grades: Grades | None = None,
    ) -> None:
        self._key = key
        self._panes = panes
        self._grid = grid
        self._settings = settings
        self._voices = voices
        self._usual = usual
        self._weighty = Weighty(settings.weighty, panes.pane_seconds)
        self._repeats = Repeats(settings.repeat, panes.pane_seconds)
        self._lights = Lights(settings.light, panes.pane_seconds)
        self._grades = grades
        self._graded: list[CaseGrade] = []
        self._found: list[tuple[Evidence, Heavy | Repeated | Light]] = []
        self.restart()

    def restart(self) -> None:
        """The brand has changed its nature: what was usually said means nothing; who complained stays known."""
        self._topics = Topics(self._settings.topics, self._grid, self._panes.pane_seconds, self._settings.clusters)

    def hear(self, pane: int, one: Evidence) -> None:
        """A mention, copy or not: its weight, and whether its author or case comes back."""
        heavy = self._weighty.hear(pane, one)
        if heavy is not None:
            self._found.append((one, heavy))
        repeated = self._repeats.hear(pane, one)
        if repeated is not None:
            self._found.append((one, repeated))
        light = self._lights.hear(pane, one)
        if light is not None:
            self._found.append((one, light))
        if self._grades is not None and one.case_id is not None and not self._lights.is_staff(one.author_class):
            times = self._repeats.times(pane, one)
            graded = self._grades.hear(one, times, self._panes.start_of(pane + 1))
            if graded is not None:
                self._graded.append(graded)

    def graded(self) -> tuple[CaseGrade, ...]:
        """Grades of cases that are new or rose since this was asked last."""
        graded, self._graded = self._graded, []
        return tuple(graded)

    def follow(self, voice: Heard, usually: Callable[[int], float]) -> Heard:
        """An independent voice, with the matter it speaks of. ``usually`` tells the voices a window of buckets usually
        holds."""
        known = self._usual.weight("source", voice.source) >= self._settings.sources.established_voices
        matter = self._topics.hear(voice, usually, established=known)
        return voice if matter is None else voice._replace(matter=matter)

    def close(self, quantum: int, weight: float) -> None:
        """An hour is over."""
        self._topics.close(quantum, weight)

    def tell(self, pane: int, report: Report) -> None:
        """The signals of this pane."""
        found, self._found = self._found, []
        for one, what in found:
            if isinstance(what, Heavy):
                self._tell_heavy(pane, one, what, report)
            elif isinstance(what, Light):
                self._tell_light(pane, one, what, report)
            else:
                self._tell_repeated(pane, one, what, report)
        for topic in self._topics.emerged(pane, self._voices.since(0), self._settings.growth):
            self._tell_topic(topic, report)

    def _tell_heavy(self, pane: int, one: Evidence, heavy: Heavy, report: Report) -> None:
        labels = {"why": heavy.why, **self._grade(pane, one)}
        if one.author_class is not None:
            labels["author_class"] = one.author_class
        if one.sentiment is Sentiment.NEUTRAL:
            labels["cap"] = "yellow"
        voice = heard(pane, one)
        score = Score(
            value=heavy.score,
            state=State.READY,
            reason=Reason.BEYOND,
            observed=heavy.observed,
            expected=heavy.expected,
            effect=heavy.observed - heavy.expected,
            window_seconds=self._panes.bucket_seconds,
            voices=1,
        )
        report.tell(
            self._key, SignalKind.VOICE_WEIGHTY, score, labels, subject=one.id, reach=self._voices.reach(voice),
            parts=apportioned([voice.dims], heavy.observed - heavy.expected, self._settings.explain.values),
            voices=typical([voice], (), 1), phrases=voice.keywords[: self._settings.explain.phrases],
            positive=one.sentiment is Sentiment.POSITIVE,
        )  # fmt: skip

    def _tell_repeated(self, pane: int, one: Evidence, repeated: Repeated, report: Report) -> None:
        kept = [
            voice
            for voice in self._voices.since(0)
            if repeated.who == (voice.case if repeated.by == "case" else voice.author)
        ]
        voices = kept or [heard(pane, one)]
        score = Score(
            value=repeated.times / self._settings.repeat.thresholds[0],
            state=State.READY,
            reason=Reason.BEYOND,
            observed=repeated.times,
            expected=0.0,
            effect=repeated.times,
            window_seconds=max(1, repeated.seconds),
            voices=repeated.times,
        )
        labels = {"by": repeated.by, "who": repeated.who, **self._grade(pane, one)}
        report.tell(
            self._key, SignalKind.REPEAT, score, labels, subject=repeated.who,
            reach=sum(self._voices.reach(voice) for voice in voices),
            parts=apportioned(repeated.occasions, repeated.times, self._settings.explain.values),
            voices=typical(voices, (), self._settings.explain.typical_voices),
            phrases=tuple(dict.fromkeys(word for voice in voices for word in voice.keywords))[
                : self._settings.explain.phrases
            ],
        )  # fmt: skip

    def _tell_light(self, pane: int, one: Evidence, light: Light, report: Report) -> None:
        of_customers = (
            voice
            for voice in self._voices.since(light.said[0].pane)
            if voice.case == light.case and not self._lights.is_staff(voice.dims[_AUTHOR_CLASS])
        )
        voices = list(of_customers) or [heard(pane, one)]
        score = Score(
            value=light.score,
            state=State.READY,
            reason=Reason.BEYOND,
            observed=light.observed,
            expected=light.expected,
            effect=light.observed - light.expected,
            window_seconds=light.seconds,
            voices=len(light.said),
        )
        labels = {"who": light.case, "light": light.why.value, **self._grade(pane, one)}
        report.tell(
            self._key, SignalKind.CASE_LIGHT, score, labels, subject=f"{light.case}|{light.score:g}",
            reach=sum(self._voices.reach(voice) for voice in voices),
            parts=apportioned(
                [said.dims for said in light.said], light.observed - light.expected, self._settings.explain.values
            ),
            voices=typical(voices, (), self._settings.explain.typical_voices),
            phrases=light.phrases[: self._settings.explain.phrases],
        )  # fmt: skip

    def _grade(self, pane: int, one: Evidence) -> dict[str, str]:
        """The label that says how grave the mention is; rules may ask for it."""
        if self._grades is None:
            return {}
        return {"grade": self._grades.of(one, self._repeats.times(pane, one)).grade.value}

    def _tell_topic(self, topic: Emerged, report: Report) -> None:
        words = joined(topic.words) or (topic.name,)
        shown = words[: self._settings.explain.phrases]
        reasons = explain(
            topic.voices, self._usual, {}, topic.observed, topic.expected, self._settings.explain, phrases=shown
        )
        labels = {"topic": next((one for one in words if topic.name in one), topic.name)}
        negative = sum(one.sentiment == "negative" for one in topic.voices)
        if negative < _LEAST_NEGATIVE * len(topic.voices):
            labels["cap"] = "blue"
        score = Score(
            value=topic.score,
            state=State.READY,
            reason=Reason.BEYOND,
            observed=topic.observed,
            expected=topic.expected,
            p_value=exp(max(topic.log_p, _TINY)),
            effect=topic.observed / max(topic.expected, 1e-9),
            window_seconds=topic.window_seconds,
            voices=topic.observed,
        )
        report.tell(
            self._key, SignalKind.TOPIC_EMERGING, score, labels, subject=topic.name,
            reach=sum(self._voices.reach(one) for one in topic.voices),
            parts=reasons.contributions, voices=reasons.voices, phrases=shown,
            positive=reasons.praise > self._settings.positive_share,
        )  # fmt: skip
