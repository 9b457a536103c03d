"""Clusters: the largest matters of the citizens' messages, and how well known matters are told apart.

    python -m bench.text clusters [--into docs/clusters.md] [--seeds 5] [--data FOLDER]

Messages: those of half a year go through the clusters of the detecting stage in the order of time, as they would come;
the ten largest, by the ids of their messages and the clusters' names. Whether each is one matter is for people to say,
who read the texts. Matters: voices about twenty known matters among as many voices about nothing in particular, made of
the simulator's words; adjusted Rand index of the clusters over the voices of the matters, against k-means of TF-IDF
(characters and pairs, cosine, ten starts) that sees them all at once and is told how many there are. Speed: of the
clusters alone, with the terms given.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import process_time

from bench.text._data import NoData, folder, rows
from bench.text._matters import Said, matters
from detectors.cluster_names import name_of
from detectors.clusters import Cluster, Clusters
from detectors.terms import terms_of
from detectors.usage import PARTS, Usage
from detectors.voice_settings import ClusterSettings, TopicSettings

PANE = 5
HOUR = 3600
SNIPPET = 280
LARGEST = 10
BEGIN, END = "<!-- clusters -->", "<!-- /clusters -->"
Placed = list[tuple[str, Cluster | None]]


def main(words: Sequence[str]) -> int:
    """Measure, print, and write the largest clusters into a page if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.text clusters")
    parser.add_argument("--into", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data")
    asked = parser.parse_args(words)
    told = ""
    try:
        found = rows(folder(asked.data) / "citizen_messages_2019h1.csv")
    except NoData as error:
        print(f"clusters: {error}", file=sys.stderr)
        return 2
    said = sorted((datetime.fromisoformat(row["ts"]).timestamp(), row["id"], row["text"]) for row in found)
    told = table(placed([(when, name, text) for when, name, text in said]))
    print(told)
    if asked.into is not None:
        page = asked.into.read_text(encoding="utf-8")
        head, rest = page.split(BEGIN)[0], page.split(END)[1]
        asked.into.write_text(f"{head}{BEGIN}\n{told}{END}{rest}", encoding="utf-8")
    if find_spec("sklearn") is None:
        print("clusters: the comparison needs scikit-learn, the project's extra 'train'", file=sys.stderr)
        return 2
    compare(asked.seeds)
    return 0


def placed(said: Sequence[Said]) -> Placed:
    """The cluster of each text, by the settings that the detectors have; an hour's terms count when it is over."""
    topics = TopicSettings()
    usage = Usage(topics.vocabulary, topics.half_life_days * 24)
    clusters = Clusters(ClusterSettings(), 86_400 / PANE)
    found: Placed = []
    quantum = None
    for when, name, text in said:
        hour = int(when // HOUR)
        if quantum is not None and hour != quantum:
            usage.close(quantum, quantum * PARTS // 24 % PARTS, 1.0)
        quantum = hour
        terms = terms_of(text[:SNIPPET], ())
        found.append((name, clusters.add(int(when // PANE), terms, text[:SNIPPET], usage.rarity())))
        usage.add(terms)
    return found


def table(found: Placed) -> str:
    """The largest clusters as a table: name, number of messages, and their ids."""
    members: dict[int, list[str]] = {}
    kept: dict[int, Cluster] = {}
    for name, cluster in found:
        if cluster is not None:
            members.setdefault(cluster.id, []).append(name)
            kept[cluster.id] = cluster
    several = [number for number in members if len(members[number]) > 1]
    lines = [
        f"{len(found):,} messages, {len(several)} clusters of more than one voice, which hold "
        f"{sum(len(members[one]) for one in several)} messages.",
        "",
        "| | cluster | voices | messages |",
        "| ---: | --- | ---: | --- |",
    ]
    order = sorted(several, key=lambda number: (-len(members[number]), number))[:LARGEST]
    for place, number in enumerate(order, 1):
        ids = " ".join(members[number])
        lines.append(f"| {place} | {name_of(kept[number])} | {len(members[number])} | {ids} |")
    return "\n".join(lines) + "\n"


def compare(seeds: int) -> None:
    """Adjusted Rand index by language, mean over the seeds, and microseconds a voice."""
    from sklearn.metrics import adjusted_rand_score

    for lang in ("zh", "en"):
        ours, theirs, spent, count = [], [], 0.0, 0
        for seed in range(seeds):
            said, truth = matters(lang, Random(seed))
            start = process_time()
            found = placed(said)
            spent, count = spent + process_time() - start, count + len(said)
            about = [place for place, matter in enumerate(truth) if matter >= 0]
            true = [truth[place] for place in about]
            ours.append(adjusted_rand_score(true, list(_numbers([found[place][1] for place in about]))))
            theirs.append(adjusted_rand_score(true, _k_means([said[place][2] for place in about], len(set(true)))))
        print(
            f"known matters, {lang}: adjusted Rand index {sum(ours) / seeds:.3f} ({min(ours):.3f} to {max(ours):.3f}), "
            f"k-means told their number {sum(theirs) / seeds:.3f} ({min(theirs):.3f} to {max(theirs):.3f}); "
            f"{spent / count * 1e6:.0f} µs a voice with its terms"
        )


def _numbers(found: Sequence[Cluster | None]) -> Iterator[int]:
    """A number for each; those in no cluster stand alone."""
    for place, one in enumerate(found):
        yield -1 - place if one is None else one.id


def _k_means(texts: Sequence[str], count: int) -> list[int]:
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    analyzer = {"analyzer": "char"} if any(not one.isascii() for one in texts) else {}
    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), **analyzer).fit_transform(texts)
    return list(KMeans(count, n_init=10, random_state=0).fit_predict(vectors))
