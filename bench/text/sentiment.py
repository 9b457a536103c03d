"""How well praise and blame are told apart: reviews, posts, tweets, and learning from corrections.

    python -m bench.text sentiment                     all of it, some minutes
    python -m bench.text sentiment posts tweets        only these

``reviews`` trains the model anew for each of five folds, at the size it is shipped, and reads the fold left out;
``posts`` reads three sets of posts made by hand: ``posts_zh.csv`` by the writers of the lexicon, the others by writers
who knew neither it nor the posts of the training; ``goods`` leaves out one kind of goods at a time, which tells what
carries over to texts of another kind; ``tweets`` reads the airline tweets, of which the model has seen none;
``learning`` reads them in the order of time and is told the right answer after each, and then learns from so many
corrections, of tweets that were read wrongly alone, drawn from the first half. Chinese counts by the sign of the
polarity, English by the three classes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from bench.text._data import NoData, folder, rows
from bench.text._folds import FOLDS, folds
from streams.text.model import training
from streams.text.model.training import CLASSES, SHOPPING, TAKEAWAY, Labelled
from streams.text.model.weights import Weights, pack, unpack
from streams.text.reader import LexiconReader
from streams.text.sentiment_learning import SentimentLearner

POSTS = ("posts_zh.csv", "posts_zh_a.csv", "posts_zh_b.csv")
AIRLINES = "airline_2015.csv"
CORRECTIONS = (0, 10, 100, 300, 1000)
SEEDS = 3
"""Orders in which the texts to be corrected are drawn."""


def main(words: Sequence[str]) -> int:
    """Measure the parts asked for; 1 when the texts are missing."""
    parts: dict[str, Callable[[Path], None]] = {
        "posts": _posts, "tweets": _tweets, "learning": _learning, "reviews": _reviews, "goods": _goods
    }  # fmt: skip
    parser = argparse.ArgumentParser(prog="python -m bench.text sentiment")
    parser.add_argument("parts", nargs="*", choices=[[], *parts])
    parser.add_argument("--data", help="folder of the real texts")
    asked = parser.parse_args(words)
    try:
        data = folder(asked.data)
    except NoData as error:
        print(f"bench.text: {error}")
        return 1
    for part in asked.parts or parts:
        parts[part](data)
    return 0


def macro_f1(truth: Sequence[str], told: Sequence[str], classes: Sequence[str] = CLASSES) -> float:
    """The mean over ``classes`` of 2·hits / (said + there).

    >>> round(macro_f1(["a", "a", "b"], ["a", "b", "b"], ("a", "b")), 3)
    0.667
    """
    hits = {one: sum(a == b == one for a, b in zip(truth, told, strict=True)) for one in classes}
    return sum(2 * hits[one] / max(truth.count(one) + told.count(one), 1) for one in map(str, classes)) / len(classes)


def _reviews(data: Path) -> None:
    texts = training.chinese_reviews(data)
    takeaways = len(rows(data / TAKEAWAY))
    fold = folds(texts.texts[:takeaways]) + folds(texts.texts[takeaways:])
    scores: list[tuple[float, float]] = []
    for out in range(FOLDS):
        reader = LexiconReader(weights=_trained(_without(texts, [one == out for one in fold]), data))
        held = [[place for place in part if fold[place] == out] for part in _parts(takeaways, len(fold))]
        one, two = (_accuracy(reader, texts, places) for places in held)
        print(f"reviews, fold {out}: takeaways {one:.4f}, shopping {two:.4f}", flush=True)
        scores.append((one, two))
    one, two = (sum(part) / FOLDS for part in zip(*scores, strict=True))
    print(f"reviews, mean: takeaways {one:.4f}, shopping {two:.4f}")


def _goods(data: Path) -> None:
    texts = training.chinese_reviews(data)
    takeaways = len(rows(data / TAKEAWAY))
    kinds = ["takeaway"] * takeaways + [row["cat"] for row in rows(data / SHOPPING)]
    scores = []
    for kind in sorted(set(kinds)):
        reader = LexiconReader(weights=_trained(_without(texts, [one == kind for one in kinds]), data))
        held = [place for place, one in enumerate(kinds) if one == kind]
        both = [_accuracy(reader, texts, [place for place in held if texts.labels[place] == label]) for label in (0, 1)]
        scores.append(sum(both) / 2)
        print(f"goods, without {kind}: {scores[-1]:.4f} (mean of both classes)", flush=True)
    print(f"goods, mean: {sum(scores) / len(scores):.4f}")


def _posts(data: Path) -> None:
    reader = LexiconReader()
    for name in POSTS:
        found = rows(Path(__file__).with_name(name))
        told = [(reader.read(row["text"]), row["label"] in ("1", "positive")) for row in found]
        right = sum((one.polarity > 0) == good for one, good in told) / len(told)
        neutral = sum(one.sentiment.value == "neutral" for one, _ in told) / len(told)
        sure = [(one, good) for one, good in told if one.sentiment.value != "neutral"]
        agreed = sum((one.sentiment.value == "positive") == good for one, good in sure) / len(sure)
        print(f"{name}: {right:.4f} of {len(told)}; {neutral:.3f} neutral, of the others {agreed:.4f}")


def _tweets(data: Path) -> None:
    reader = LexiconReader()
    found = rows(data / AIRLINES)
    told = [reader.read(row["text"], "en").sentiment.value for row in found]
    print(f"tweets at airlines, as shipped: macro-F1 {macro_f1([row['sentiment'] for row in found], told):.4f}")


def _learning(data: Path) -> None:
    found = sorted(rows(data / AIRLINES), key=lambda row: (row["ts"], row["id"]))
    reader = LexiconReader()
    learner, told = SentimentLearner(reader), []
    for row in found:
        told.append(learner.predict_one(row["text"]))
        learner.learn_one(row["text"], row["sentiment"])
    half = len(found) // 2
    truth = [row["sentiment"] for row in found]
    print(f"tweets at airlines, learning: macro-F1 {macro_f1(truth[half:], told[half:]):.4f} in the second half, "
          f"{macro_f1(truth, told):.4f} in all", flush=True)  # fmt: skip
    scores = [_corrected(reader, found, seed) for seed in range(SEEDS)]
    for place, many in enumerate(CORRECTIONS):
        score = sum(one[place] for one in scores) / SEEDS
        print(f"tweets at airlines, {many} corrected: macro-F1 {score:.4f} in the second half", flush=True)


def _corrected(reader: LexiconReader, found: Sequence[Mapping[str, str]], seed: int) -> list[float]:
    """Macro-F1 over the second half after each of :data:`CORRECTIONS`, all of texts that were read wrongly."""
    half = len(found) // 2
    chance, learner, scores = Random(seed), SentimentLearner(reader), []
    drawn = iter(chance.sample(found[:half], half))
    truth = [row["sentiment"] for row in found[half:]]
    for many in CORRECTIONS:
        while learner.learned < many:
            row = next(drawn)
            if learner.predict_one(row["text"]) != row["sentiment"]:
                learner.learn_one(row["text"], row["sentiment"])
        readings = reader.corrected(learner.freeze()).read_many([row["text"] for row in found[half:]])
        scores.append(macro_f1(truth, [one.sentiment.value for one in readings]))
    return scores


def _trained(chinese: Labelled, data: Path) -> Weights:
    """A model as it would be shipped, rounded to bytes too."""
    return unpack(pack(training.train(training.together(chinese, training.posts()), training.brand_tweets(data))))


def _without(texts: Labelled, out: Sequence[bool]) -> Labelled:
    kept = [place for place, left in enumerate(out) if not left]
    return Labelled(
        [texts.texts[place] for place in kept],
        [texts.labels[place] for place in kept],
        [texts.weights[place] for place in kept],
    )


def _parts(first: int, whole: int) -> tuple[range, range]:
    return range(first), range(first, whole)


def _accuracy(reader: LexiconReader, texts: Labelled, places: Sequence[int]) -> float:
    right = sum((reader.read(texts.texts[place]).polarity > 0) == texts.labels[place] for place in places)
    return right / len(places)
