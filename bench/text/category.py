"""Category: learned online from labels in random order, against a batch model on the same labels.

    python -m bench.text category [--seeds 5] [--data FOLDER]

Six groups of reasons of the airline tweets and seven departments of the citizen messages. Of each set 30 % are held
out; the rest is learned label by label, without keywords, and macro-F1 on the held-out part is printed after 100, 300
and all labels. The baseline is TF-IDF (words and pairs, or characters and pairs; sublinear) with scikit-learn's
LinearSVC as it comes, and the same with balanced classes; both are trained anew on exactly the same labels.
"""

from __future__ import annotations

import argparse
import re
import sys
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import mean, stdev
from time import perf_counter

from bench.text._data import NoData, folder, rows
from streams.text.category_model import CategoryLearner

GROUPS = {
    "Customer Service Issue": "service",
    "Flight Attendant Complaints": "service",
    "Late Flight": "late",
    "longlines": "late",
    "Cancelled Flight": "cancelled",
    "Lost Luggage": "luggage",
    "Damaged Luggage": "luggage",
    "Bad Flight": "bad flight",
    "Flight Booking Problems": "booking",
}
"""Reasons of the tweets to six groups; "Can't Tell" is left out."""
Labelled = list[tuple[str, str]]
Score = tuple[float, float, float]
"""Online, batch, balanced batch."""
POINTS = (100, 300)


def tweets(data: Path) -> Labelled:
    """Tweets with a group of reasons."""
    found = rows(data / "airline_2015.csv")
    return [(row["text"], GROUPS[row["category"]]) for row in found if row["category"] in GROUPS]


def messages(data: Path) -> Labelled:
    """Messages of citizens, subject and text, with their department."""
    found = rows(data / "citizen_messages_classes.csv")
    return [(row["留言主题"] + "。" + re.sub(r"\s+", "", row["留言详情"]), row["一级分类"]) for row in found]


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when a mean falls more than 0.02 below the baseline."""
    parser = argparse.ArgumentParser(prog="python -m bench.text category")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data")
    parser.add_argument("--only", choices=("tweets", "messages"))
    asked = parser.parse_args(words)
    try:
        data = folder(asked.data)
    except NoData as error:
        print(f"category: {error}", file=sys.stderr)
        return 2
    if find_spec("sklearn") is None:
        print("category: the baseline needs scikit-learn; install it with the project's extra 'train'", file=sys.stderr)
        return 2
    good = True
    for name, load, characters in (("messages", messages, True), ("tweets", tweets, False)):
        if asked.only in (None, name):
            good = _measure(name, load(data), asked.seeds, characters=characters) and good
    return 0 if good else 1


def _measure(name: str, labelled: Labelled, seeds: int, *, characters: bool) -> bool:
    found: dict[int, list[Score]] = {}
    start = perf_counter()
    for seed in range(seeds):
        for point, score in _one_order(labelled, seed, characters=characters).items():
            found.setdefault(point, []).append(score)
    print(
        f"{name}: {len(labelled):,} labels, {seeds} orders, {perf_counter() - start:.0f} s; macro-F1 on 30 % held out"
    )
    good = True
    for point, scores in found.items():
        online, batch, balanced = ([score[at] for score in scores] for at in range(3))
        spread = stdev(online) if seeds > 1 else 0.0
        print(
            f"  after {point:5}: online {mean(online):.3f} (±{spread:.3f}), TF-IDF linear {mean(batch):.3f}, "
            f"the same balanced {mean(balanced):.3f}"
        )
        good = good and mean(online) >= mean(batch) - 0.02
    return good


def _one_order(labelled: Labelled, seed: int, *, characters: bool) -> dict[int, Score]:
    mixed = list(labelled)
    Random(seed).shuffle(mixed)
    held = len(mixed) * 3 // 10
    test, train = mixed[:held], mixed[held:]
    learner, found = CategoryLearner(), {}
    for number, (text, category) in enumerate(train, 1):
        learner.learn_one(text, category)
        if number in POINTS or number == len(train):
            batch = [_batch(train[:number], test, weights, characters=characters) for weights in (None, "balanced")]
            found[number] = (_online(learner, test), *batch)
    return {point: (score[0], score[1], score[2]) for point, score in found.items()}


def _online(learner: CategoryLearner, test: Labelled) -> float:
    model = learner.freeze()
    told = []
    for text, _ in test:
        scores = model.scores(text)
        told.append(max(scores, key=lambda name: scores[name]))
    return _macro([label for _, label in test], told)


def _batch(train: Labelled, test: Labelled, weights: str | None, *, characters: bool) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    kind = {"analyzer": "char"} if characters else {}
    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), **kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LinearSVC(class_weight=weights).fit(
            vectors.fit_transform([text for text, _ in train]), [label for _, label in train]
        )
    told = model.predict(vectors.transform([text for text, _ in test]))
    return _macro([label for _, label in test], list(told))


def _macro(true: Sequence[str], told: Sequence[str]) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(true, told, average="macro"))
