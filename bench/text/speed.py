"""Speed: texts a second of one core, part by part and together, on texts of 60 characters on average.

    python -m bench.text speed [--texts 4000] [--rounds 5] [--batch 500] [--data FOLDER]

Half the texts are Chinese and half English, of 40 to 80 characters: real ones where the folder of real texts is there,
else put together from the sample of categories. Each part handles all of them, so many a call as a message of the log
carries at most; the quickest of the rounds counts, and processor time is measured, so that a busy machine disturbs
less. "Together" is what intake and counting ask of every text: mask, then read (language, sentiment, heat, keywords,
category, stage, signature); "all else" adds a learned category classifier, the words of a case and a grade.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from random import Random
from time import process_time

from bench.text._data import NoData, folder, rows
from contracts.records import Facts
from fenghuo.collecting import collect_rarely
from streams.text.case_words import CaseReader
from streams.text.category_guard import shipped_sample
from streams.text.category_model import CategoryLearner
from streams.text.category_reader import CategoryReader
from streams.text.dress import dress
from streams.text.grade import Grader, GradeSettings
from streams.text.language import languages
from streams.text.mask import Masker
from streams.text.normal import normalised
from streams.text.reader import LexiconReader
from streams.text.sheet import Flags, Sheet
from streams.text.signature import signatures

BOUND, BOUND_ALL = 20_000, 5_000
"""Texts a second: together, and with all else."""


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.text speed")
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=500, help="texts in one call")
    parser.add_argument("--data")
    asked = parser.parse_args(words)
    texts, told = _texts(asked.texts, asked.data)
    length = sum(map(len, texts)) / len(texts)
    print(
        f"{len(texts):,} {told}, {length:.0f} characters on average; processor time, quickest of {asked.rounds} rounds"
    )
    batches = [texts[first : first + asked.batch] for first in range(0, len(texts), asked.batch)]
    parts, rates = _parts(), {}
    collect_rarely()
    for name, work in parts.items():
        seconds = min(_timed(work, batches) for _ in range(asked.rounds))
        rates[name] = len(texts) / seconds
        print(f"  {name:10} {seconds / len(texts) * 1e6:7.1f} µs a text, {rates[name]:>9,.0f} texts a second")
    good = rates["together"] >= BOUND and rates["all else"] >= BOUND_ALL
    print(f"bounds: together {BOUND:,}, all else {BOUND_ALL:,}: {'kept' if good else 'missed'}")
    return 0 if good else 1


def _timed(work: Callable[[Sequence[str]], object], batches: Sequence[Sequence[str]]) -> float:
    start = process_time()
    for texts in batches:
        work(texts)
    return process_time() - start


def _parts() -> dict[str, Callable[[Sequence[str]], object]]:
    masker, reader = Masker(b"bench: a key of its own"), LexiconReader()
    grader, words = Grader(GradeSettings()), CaseReader()
    learner = CategoryLearner()
    for text, category in shipped_sample():
        learner.learn_one(text, category)
    model = learner.freeze()
    corrected = CategoryReader(reader, model)

    def all_else(texts: Sequence[str]) -> None:
        masked = masker.mask_many(texts)
        for text, reading in zip(masked, corrected.read_many(masked), strict=True):
            grader.grade(Facts(reading.category, reading.heat, None, 100, 1, words.read(text).authority))

    return {
        "normal": normalised,
        "language": lambda texts: languages(*_undressed(texts)),
        "signature": lambda texts: signatures(*_undressed(texts)),
        "mask": masker.mask_many,
        "read": reader.read_many,
        "together": lambda texts: reader.read_many(masker.mask_many(texts)),
        "alone": lambda texts: [reader.read(masker.mask(text)) for text in texts],
        "classifier": lambda texts: model.scores_of(normalised(texts)),
        "all else": all_else,
    }


def _undressed(texts: Sequence[str]) -> tuple[Sheet, Flags]:
    normals = normalised(texts)
    return normals, dress(normals).every


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
