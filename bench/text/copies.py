"""Copies: whether lightly edited ones are known as such, and independent complaints are not.

    python -m bench.text copies [--pairs 4000] [--flood 10000] [--seed 1]

Texts are the simulator's. Pairs: one half is a text and a light edit of it (slips of the keyboard in up to so many per
cent of its characters, other emoji, added @names and marks), the other half two texts of one brand and one category;
precision, recall and F1 by share of edits. Flood: so many edits of one text among two thousand other texts. Matter: a
hundred complaints by different people about one and the same thing. Speed: of the memory of texts alone, with the
signature given, when it is full.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from time import process_time

from bench.text._edits import edited
from detectors.copies import Copies
from fenghuo.simulator.texts.writer import NEGATIVE, WIDTH, Writer
from fenghuo.simulator.world import BRANDS, CATEGORIES
from streams.text.signature import signature

DAY = 17_280
"""Panes of five seconds."""
SHARES = (0.02, 0.05, 0.08)
KEPT = 10_000


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when something falls short of what the project promises."""
    parser = argparse.ArgumentParser(prog="python -m bench.text copies")
    parser.add_argument("--pairs", type=int, default=4000)
    parser.add_argument("--flood", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    good = True
    for lang in ("zh", "en"):
        for share in SHARES:
            precision, recall = pairs(lang, share, asked.pairs, Random(asked.seed))
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            good = good and f1 >= 0.95
            print(
                f"pairs, {lang}, up to {share:.0%} edited: F1 {f1:.4f}, precision {precision:.4f}, recall {recall:.4f}"
            )
        count = flood(lang, asked.flood, Random(asked.seed))
        good = good and count == 1
        print(f"flood, {lang}: {asked.flood:,} edits of one text are {count} voice{'s' * (count != 1)}")
        count = matter(lang, Random(asked.seed))
        good = good and count == 100
        print(f"matter, {lang}: 100 independent complaints about one thing are {count} voices")
        print(f"speed, {lang}: " + speed(lang, Random(asked.seed)))
    return 0 if good else 1


def pairs(lang: str, share: float, count: int, random: Random) -> tuple[float, float]:
    """Precision and recall over so many pairs."""
    hits = misses = wrong = 0
    for first, second in zip(*[islice(texts(lang, random), 2 * (count // 2))] * 2, strict=True):
        if _copied(first, edited(first, random, share)):
            hits += 1
        else:
            misses += 1
        wrong += _copied(first, second)
    return hits / max(1, hits + wrong), hits / max(1, hits + misses)


def _copied(first: str, second: str) -> bool:
    copies = Copies(KEPT, DAY)
    copies.of("first", signature(first), first, 1, 1)
    return copies.of("second", signature(second), second, 2, 1) is not None


def flood(lang: str, count: int, random: Random) -> int:
    """How many voices a flood is, of which five in six mentions are part."""
    source = texts(lang, random)
    base = next(one for one in source if len(one) >= 40)
    copies = Copies(KEPT, DAY)
    voices = 0
    for number in range(count):
        text = edited(base, random, 0.05)
        voices += copies.of(f"f{number}", signature(text), text, number, 1) is None
        if number % 5 == 0:
            other = next(source)
            copies.of(f"o{number}", signature(other), other, number, 1)
    return voices


def matter(lang: str, random: Random) -> int:
    """How many voices a hundred complaints about one thing are."""
    same = {"zh": "延误", "en": "late"}[lang]
    found = (one for one in texts(lang, random, CATEGORIES.index("logistics")) if same in one)
    copies = Copies(KEPT, DAY)
    return sum(
        copies.of(f"m{number}", signature(one), one, number, 1) is None for number, one in enumerate(islice(found, 100))
    )


def speed(lang: str, random: Random) -> str:
    """Microseconds a mention, with as many texts remembered as may be."""
    known = [(one, signature(one)) for one in islice(texts(lang, random), KEPT)]
    new = [(one, signature(one)) for one in islice(texts(lang, random), 5000)]
    near = [(one, signature(one)) for one in (edited(text, random, 0.05) for text, _ in known[-5000:])]
    told = []
    for what, given in (("a new text", new), ("an edited copy", near), ("an equal copy", known[-2000:])):
        copies = Copies(KEPT, 10**9)
        for number, (text, name) in enumerate(known):
            copies.of(f"k{number}", name, text, number, 1)
        start = process_time()
        for text, name in given:
            copies.of("x", name, text, KEPT, 1)
        told.append(f"{what} {(process_time() - start) / len(given) * 1e6:.1f} µs")
    return ", ".join(told)


def texts(lang: str, random: Random, category: int = 0) -> Iterator[str]:
    """Complaints of one category at one brand, by the simulator."""
    writer = Writer(BRANDS[0].name, BRANDS[0].trade, lang, social=True)
    while True:
        row = [random.getrandbits(32) for _ in range(WIDTH)]
        yield writer.write(row, NEGATIVE, CATEGORIES[category])
