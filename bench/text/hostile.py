"""Hostile texts: the time of masking and reading grows with the length and no faster.

    python -m bench.text hostile [--size 1000000] [--only mask]

Each text repeats one short unit; the units are worst cases of the patterns. Every step handles it at a quarter of the
size and at the whole: a linear one takes four times as long, a quadratic one sixteen times. Processor time counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from time import process_time

from streams.text.case_words import CaseReader
from streams.text.category_features import features
from streams.text.language import language
from streams.text.mask import Masker
from streams.text.normal import normalise
from streams.text.reader import LexiconReader
from streams.text.signature import signature

UNITS = (
    "1",
    "1 ",
    "a",
    "@",
    "a@",
    "a.",
    "[",
    "[电话#",
    "[a[",
    "【",
    "[[电话#",
    "#a#",
    "+1",
    "(",
    "www.",
    "http://a 1234567 ",
    "00 4420 ",
    "我叫",
    "姓名：",
    "李",
    "本人李",
    "路1号",
    "一",
    "1号",
    "路1号一室",
    "微信",
    "微信:a",
    "QQ1",
    "订单号1-",
    "订单号",
    "order number A1-",
    "order ",
    "my name is A ",
    "Mr A",
    "1 A ",
    "12 North Aaaa ",
    "京A",
    "护照 E1",
    "\ud800",
    "😡",
    "先生",
    "李李李先",
    "路",
    "号",
    "passport 123 ",
    "1" * 20 + " ",
    "plate A",
    "中文",
)
"""What hostile texts repeat."""
MOST_GROWTH = 8.0
"""Times as long for four times the length; noise of a busy machine lies below."""
_TOO_SHORT = 0.05
"""Seconds below which a growth says nothing."""


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when anything grows faster than its text."""
    parser = argparse.ArgumentParser(prog="python -m bench.text hostile")
    parser.add_argument("--size", type=int, default=1_000_000, help="characters of each text")
    steps = _steps()
    parser.add_argument("--only", choices=sorted(steps))
    asked = parser.parse_args(words)
    good = True
    for name, step in steps.items():
        if asked.only in (None, name):
            good = _measure(name, step, asked.size) and good
    return 0 if good else 1


def _steps() -> dict[str, Callable[[str], object]]:
    masker, reader = Masker(b"bench: a key of its own"), LexiconReader()
    return {
        "mask": masker.mask,
        "mask many": lambda text: masker.mask_many([text]),
        "normalise": normalise,
        "language": language,
        "signature": signature,
        "features": features,
        "case words": CaseReader().read,
        "read": reader.read,
    }


def _measure(name: str, step: Callable[[str], object], size: int) -> bool:
    found: list[tuple[float, float, str]] = []
    for unit in UNITS:
        short, long = (_seconds(step, unit * (length // len(unit))) for length in (size // 4, size))
        found.append((long, long / max(short, 1e-9), unit))
    slowest = max(found)
    steepest = max((one for one in found if one[0] >= _TOO_SHORT), key=lambda one: one[1], default=slowest)
    print(
        f"{name:10} {size:,} characters: slowest {slowest[0]:6.2f} s for {slowest[2]!r}; "
        f"steepest {steepest[1]:4.1f} times for {steepest[2]!r}"
    )
    return steepest[1] <= MOST_GROWTH or steepest[0] < _TOO_SHORT


def _seconds(step: Callable[[str], object], text: str) -> float:
    start = process_time()
    step(text)
    return process_time() - start
