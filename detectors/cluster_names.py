"""Readable names of clusters, made of their own phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping

from detectors.clusters import Cluster
from detectors.terms import GLUE

_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_WORD = re.compile(r"[a-z0-9'’]+")
_STRONG = 0.3
"""Terms of at least this share of the strongest one's weight make the name."""
_LONGEST = 14
_HEADS = "区道市县省镇司"
"""What a name does not begin with: the end of a word that was cut off."""


def name_of(cluster: Cluster, phrases: int = 2) -> str:
    """A name of the cluster's own phrases: runs of its first text whose terms most of its voices say.

    >>> cluster = Cluster(1, 1, "My battery exploded while charging")
    >>> cluster.terms = {"battery": 2.0, "exploded": 2.0, "charging": 0.3}
    >>> name_of(cluster)
    'battery exploded'
    """
    strongest = max(cluster.terms.values(), default=0.0)
    strong = {term: weight for term, weight in cluster.terms.items() if weight >= _STRONG * strongest}
    found: dict[str, float] = {}
    for run in runs(cluster.lead.lower(), strong):
        found[_cut(run)] = sum(strong.get(term, 0.0) for term in _parts(run))
    chosen: list[str] = []
    for run in sorted(found, key=lambda one: -found[one]):
        if not any(run in one or one in run for one in chosen):
            chosen.append(run)
    best = chosen[:phrases] or sorted(strong, key=lambda term: -strong[term])[:phrases]
    return ("，" if any(not one.isascii() for one in best) else ", ").join(best)


def runs(text: str, strong: Mapping[str, float]) -> list[str]:
    """Stretches of a text in which every word, or every pair of characters, is among ``strong``.

    A single character that only holds a sentence together may stand within one (国家中心).

    >>> runs("我的电池突然爆炸了 battery gone", {"电池": 1, "爆炸": 1, "battery": 1})
    ['电池', '爆炸', 'battery']
    """
    found: list[str] = []
    for part in _HAN.findall(text):
        spans: list[list[int]] = []
        for at in range(len(part) - 1):
            if part[at : at + 2] not in strong:
                continue
            joins = spans and (at < spans[-1][1] or (at == spans[-1][1] + 1 and ord(part[at - 1]) in GLUE))
            if joins:
                spans[-1][1] = at + 2
            else:
                spans.append([at, at + 2])
        found += [part[begin:end] for begin, end in spans]
    words: list[str] = []
    for word in [*_WORD.findall(text), ""]:
        if word in strong:
            words.append(word)
        elif words:
            found.append(" ".join(words))
            words = []
    return found


def _parts(run: str) -> set[str]:
    """The terms a run is made of."""
    return set(run.split()) if run.isascii() else {run[at : at + 2] for at in range(len(run) - 1)}


def _cut(run: str) -> str:
    """A run without the remnant of a word before it, and not too long to read."""
    if run.isascii():
        return run
    return (run[1:] if len(run) > 3 and run[0] in _HEADS else run)[:_LONGEST]
