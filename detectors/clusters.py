"""Clusters of the same matter over days: what different people report of one thing in words of their own.

In the flow: :mod:`detectors.topics` hands over the terms of every independent voice. A voice joins the cluster that it
is most like, or leads one of its own (leader clustering, one pass). Likeness is a cosine of rare terms in which what
stands at the beginning counts most, and two different phrases must be shared: a place alone, or a fault alone, is not
the same matter.

Works for texts of a sentence and more. A single shared word makes no cluster; two words for one thing make two. Fades
with time; memory is bounded by the number of clusters and of terms in each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import exp2, sqrt

from detectors.voice_settings import ClusterSettings

LEAD = 3.0
"""What a term at the beginning counts."""
TAKEN = 24
"""Rare terms taken of a voice."""
KEPT = 32
"""Terms kept of a cluster; twice as many for a while."""
LISTED = 6
"""Clusters that a term may point to; one that points to more says nothing."""
COMPARED = 3
SAME_PHRASE = 0.6
"""What each further pair of characters of a phrase counts beside the first."""
PHRASES = 2
"""Phrases, of whatever length, that must be shared."""

COMMON = 1.5
"""Rarity from which a term tells one matter from another."""
_END = re.compile(r"[.。!！?？;；\n]")
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_WORD = re.compile(r"[a-z0-9'’]+")


class Cluster:
    """One matter: its terms, and how many spoke of it, fading."""

    __slots__ = ("at", "id", "lead", "length", "size", "terms", "voices")

    def __init__(self, number: int, pane: int, lead: str) -> None:
        self.id = number
        self.lead = lead
        """What the first voice said: its phrases make the name."""
        self.terms: dict[str, float] = {}
        self.length = 1.0
        self.size = 0.0
        self.voices = 0
        self.at = pane


class Clusters:
    """Clusters of one brand.

    >>> clusters = Clusters(ClusterSettings(), per_day=17_280)
    >>> from collections import defaultdict
    >>> rare = defaultdict(lambda: 5.0)
    >>> first = clusters.add(1, ("battery", "exploded", "charging"), "My battery exploded while charging", rare)
    >>> again = clusters.add(9, ("phone", "battery", "exploded", "charging"), "phone battery exploded ...", rare)
    >>> other = clusters.add(9, ("parcel", "lost", "battery"), "the parcel with my battery is lost", rare)
    >>> first is again, other is first, first.voices
    (True, False, 2)
    """

    __slots__ = ("_clusters", "_half", "_index", "_made", "_settings")

    def __init__(self, settings: ClusterSettings, per_day: float) -> None:
        self._settings = settings
        self._half = settings.half_life_days * per_day
        self._clusters: dict[int, Cluster] = {}
        """The one that was joined last comes last."""
        self._index: dict[str, list[int]] = {}
        """Clusters by term."""
        self._made = 0

    def __len__(self) -> int:
        """How many terms are remembered in all."""
        return sum(len(one.terms) for one in self._clusters.values())

    def add(self, pane: int, terms: Sequence[str], text: str, rarity: Mapping[str, float]) -> Cluster | None:
        """The cluster that a voice joins or begins; ``None`` for one with too few rare terms to tell."""
        weights = weighed(terms, text, rarity)
        if len(weights) < PHRASES:
            return None
        cluster = self._like(weights)
        if cluster is None:
            cluster = Cluster(self._made, pane, text)
            self._made += 1
        else:
            del self._clusters[cluster.id]
        self._clusters[cluster.id] = cluster
        self._join(cluster, pane, weights)
        if len(self._clusters) > self._settings.most:
            self._forget(pane)
        return cluster

    def find(self, number: int) -> Cluster | None:
        """The cluster of this number, unless it was forgotten."""
        return self._clusters.get(number)

    def largest(self, count: int) -> list[Cluster]:
        """Those that most voices joined."""
        return sorted(self._clusters.values(), key=lambda one: (-one.voices, one.id))[:count]

    def size(self, cluster: Cluster, pane: int) -> float:
        """How many spoke of it, those of long ago counting little."""
        return cluster.size * exp2((cluster.at - pane) / self._half)

    def _like(self, weights: dict[str, float]) -> Cluster | None:
        index = self._index
        shared: dict[int, float] = {}
        known = shared.get
        for term, weight in weights.items():
            for number in index.get(term, ()):
                shared[number] = known(number, 0.0) + weight
        best, least = None, self._settings.likeness
        likely = [number for number, weight in shared.items() if weight >= least]
        if len(likely) > 1:
            likely = sorted(likely, key=shared.__getitem__, reverse=True)[:COMPARED]
        for number in likely:
            one = self._clusters[number]
            found = likeness(weights, one)
            if found >= least:
                best, least = one, found
        return best

    def _join(self, cluster: Cluster, pane: int, weights: dict[str, float]) -> None:
        cluster.size = self.size(cluster, pane) + 1.0
        cluster.voices += 1
        cluster.at = pane
        terms, index = cluster.terms, self._index
        for term, weight in weights.items():
            known = terms.get(term)
            if known is not None:
                terms[term] = known + weight
                continue
            listed = index.get(term)
            if listed is None:
                index[term] = [cluster.id]
            elif len(listed) < LISTED:
                listed.append(cluster.id)
            else:
                continue
            terms[term] = weight
        if len(terms) > 2 * KEPT:
            for term in sorted(terms, key=terms.__getitem__, reverse=True)[KEPT:]:
                del terms[term]
                self._unlist(term, cluster)
        cluster.length = sqrt(sum([weight * weight for weight in terms.values()])) or 1.0

    def _unlist(self, term: str, cluster: Cluster) -> None:
        listed = self._index[term]
        if len(listed) > 1:
            listed.remove(cluster.id)
        else:
            del self._index[term]

    def _forget(self, pane: int) -> None:
        """Let go of the quarter that is smallest by now; of equals those longest silent."""
        order = sorted(self._clusters.values(), key=lambda one: self.size(one, pane))
        for one in order[: len(order) - self._settings.most * 3 // 4]:
            for term in one.terms:
                self._unlist(term, one)
            del self._clusters[one.id]


def weighed(terms: Sequence[str], text: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """The first rare terms of a text, what stands in its lead counting more; the squares add up to one.

    >>> weighed(("parcel", "lost"), "Parcel lost", {"parcel": 5.0, "lost": 0.5})
    {'parcel': 1.0}
    """
    lead, last = lead_of(text), " "
    long = len(lead) < len(text)
    found: dict[str, float] = {}
    total = 0.0
    for term in terms:
        weight = rarity[term]
        if weight < COMMON:
            continue
        if long and term in lead:
            weight *= LEAD
        if last[-1] == term[0] and len(term) == 2:
            weight *= SAME_PHRASE
        last = term
        found[term] = weight
        total += weight * weight
        if len(found) >= TAKEN:
            break
    norm = 1.0 / (sqrt(total) or 1.0)
    return {term: weight * norm for term, weight in found.items()}


def likeness(weights: dict[str, float], cluster: Cluster) -> float:
    """The cosine of a voice and a cluster; 0 if they share a single phrase."""
    total, phrases, last = 0.0, 0, " "
    terms = cluster.terms
    for term, weight in weights.items():
        said = terms.get(term)
        if said is not None:
            total += weight * said
            phrases += last[-1] != term[0] or len(term) != 2
            last = term
    return total / cluster.length if phrases >= PHRASES else 0.0


def lead_of(text: str) -> str:
    """The first sentence of a text, in lower case: what it is about.

    >>> lead_of("Lost luggage at Gate 5. I waited for two hours and nobody came to help")
    'lost luggage at gate 5'
    """
    end = _END.search(text, 12, 64)
    return text[: end.start() if end else 64].lower()
