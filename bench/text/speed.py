"""Speed: texts a second of one core, part by part and together, on texts of 60 characters on average.

    python -m bench.text speed [--texts 4000] [--rounds 5] [--data FOLDER]

Half the texts are Chinese and half English, of 40 to 80 characters: real ones where the folder of real texts is there,
else put together from the sample of categories. Each part handles all of them; the quickest of the rounds counts, and
processor time is measured, so that a busy machine disturbs less. "Together" is what intake and counting ask of every
text: mask, then read (language, sentiment, heat, keywords, category, stage, signature); "all else" adds a learned
category classifier and a grade.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from random import Random
from time import process_time

from bench.text._data import NoData, folder, rows
from streams.text.category_guard import shipped_sample
from streams.text.category_model import CategoryLearner
from streams.text.category_reader import CategoryReader
from streams.text.grade import Facts, Grader, GradeSettings
from streams.text.language import language
from streams.text.mask import Masker
from streams.text.normal import normalise
from streams.text.reader import LexiconReader
from streams.text.signature import signature

BOUND, BOUND_ALL = 20_000, 5_000
"""Texts a second: together, and with all else."""


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.text speed")
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data")
    asked = parser.parse_args(words)
    texts, told = _texts(asked.texts, asked.data)
    length = sum(map(len, texts)) / len(texts)
    print(
        f"{len(texts):,} {told}, {length:.0f} characters on average; processor time, quickest of {asked.rounds} rounds"
    )
    rates = {}
    for name, work in _parts().items():
        seconds = min(_timed(work, texts) for _ in range(asked.rounds))
        rates[name] = len(texts) / seconds
        print(f"  {name:10} {seconds / len(texts) * 1e6:7.1f} µs a text, {rates[name]:>9,.0f} texts a second")
    good = rates["together"] >= BOUND and rates["all else"] >= BOUND_ALL
    print(f"bounds: together {BOUND:,}, all else {BOUND_ALL:,}: {'kept' if good else 'missed'}")
    return 0 if good else 1


def _timed(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    start = process_time()
    work(texts)
    return process_time() - start


def _parts() -> dict[str, Callable[[Sequence[str]], object]]:
    masker, reader, grader = Masker(b"bench: a key of its own"), LexiconReader(), Grader(GradeSettings())
    learner = CategoryLearner()
    for text, category in shipped_sample():
        learner.learn_one(text, category)
    model = learner.freeze()
    corrected = CategoryReader(reader, model)

    def together(texts: Sequence[str]) -> None:
        for text in texts:
            reader.read(masker.mask(text))

    def all_else(texts: Sequence[str]) -> None:
        for text in texts:
            masked = masker.mask(text)
            reading = corrected.read(masked)
            grader.grade(Facts(reading.category, reading.heat, None, 100, 1, grader.authority(masked)))

    return {
        "language": lambda texts: [language(text) for text in texts],
        "normal": lambda texts: [normalise(text) for text in texts],
        "mask": lambda texts: [masker.mask(text) for text in texts],
        "signature": lambda texts: [signature(text) for text in texts],
        "read": lambda texts: [reader.read(text) for text in texts],
        "together": together,
        "classifier": lambda texts: [model.scores(text) for text in texts],
        "all else": all_else,
    }


def _texts(count: int, given: str | None) -> tuple[list[str], str]:
    """Texts, half and half, and what they are."""
    try:
        data = folder(given)
    except NoData:
        return _simulated(count), "made-up texts"
    chinese = [row["review"] for row in rows(data / "reviews_zh" / "online_shopping_7_cats.csv")]
    english = [row["text"] for row in rows(data / "airline_2015.csv")]
    chance, found = Random(1), []
    for texts in (chinese, english):
        fitting = sorted({text for text in texts if 40 <= len(text) <= 80})
        found += chance.sample(fitting, min(count // 2, len(fitting)))
    chance.shuffle(found)
    return found, "real texts"


def _simulated(count: int) -> list[str]:
    texts = [text for text, _ in shipped_sample()]
    chance = Random(1)
    return [" ".join(chance.choice(texts) for _ in range(chance.randint(2, 4)))[:80] for _ in range(count)]
