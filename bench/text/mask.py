"""Masking: recall on generated texts with planted values, and what is masked in real reviews.

    python -m bench.text mask [--texts 20000] [--seed 1] [--data FOLDER] [--show 20] [--seen]

A planted value counts as masked when nothing longer than three of its digits or letters stands in the masked text (of
Chinese names and addresses: no two of its characters beside each other). Reviews that were masked are shown, so that
somebody may judge; the share stands beside.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.text._data import NoData, folder, rows
from bench.text._planted import CHECKED, Planted, planted
from streams.text.mask import Masker

MASKER = Masker(b"bench: a key of its own")
_MASK = re.compile(r"\[[^\[\]#]{2,3}#[0-9a-f]{6}]")
_SIGNS = re.compile(r"[\W_]+")


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.text mask")
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data")
    parser.add_argument("--show", type=int, default=10, help="examples of what went wrong and of masked reviews")
    parser.add_argument("--seen", action="store_true", help="the forms that were looked at while writing the rules")
    asked = parser.parse_args(words)
    good = _recall(planted(asked.texts, asked.seed, held_out=not asked.seen), asked.show)
    try:
        good = _reviews(folder(asked.data), asked.show) and good
    except NoData as error:
        print(f"reviews: {error}")
    return 0 if good else 1


def leaked(one: Planted, masked: str) -> bool:
    """Whether anything of the value is still to be read."""
    rest = _SIGNS.sub("", _MASK.sub("\0", masked).replace("\0", " "))
    before = _SIGNS.sub("", one.form.replace("{}", " "))
    value = _SIGNS.sub("", one.value)
    width = 2 if one.kind in ("name", "address", "labelled", "flat") and not value.isascii() else 4
    pieces = {value[at : at + width] for at in range(max(1, len(value) - width + 1))}
    return any(piece in rest and piece not in before for piece in pieces)


def _recall(texts: Sequence[Planted], show: int) -> bool:
    all_of: Counter[tuple[str, str]] = Counter()
    missed: dict[tuple[str, str], list[Planted]] = defaultdict(list)
    for one in texts:
        key = one.kind, one.language
        all_of[key] += 1
        if leaked(one, MASKER.mask(one.text)):
            missed[key].append(one)
    print(f"{len(texts):,} texts with planted values")
    for key in sorted(all_of):
        print(f"  {key[0]:10} {key[1]}  recall {1 - len(missed[key]) / all_of[key]:.4f} of {all_of[key]}")
    good = True
    for name, bound, chosen in (("with a checksum", 0.995, True), ("the rest", 0.98, False)):
        keys = [key for key in all_of if (key[0] in CHECKED) is chosen]
        recall = 1 - sum(len(missed[key]) for key in keys) / sum(all_of[key] for key in keys)
        good = good and recall >= bound
        print(f"  {name}: recall {recall:.4f} (bound {bound})")
    for key in sorted(missed):
        for one in missed[key][:show]:
            print(f"    missed {key[0]} {key[1]}: {one.text!r} -> {MASKER.mask(one.text)!r}")
    return good


def _reviews(data: Path, show: int) -> bool:
    good = True
    files = (
        ("waimai_10k", data / "reviews_zh" / "waimai_10k.csv", "review"),
        ("online_shopping", data / "reviews_zh" / "online_shopping_7_cats.csv", "review"),
        ("reviews_en", data / "reviews_en.csv", "text"),
    )
    for name, path, column in files:
        texts = [row[column] for row in rows(path)]
        masked = [(text, spans) for text in texts if (spans := MASKER.mask_spans(text)[1])]
        kinds = Counter(span.kind.name for _, spans in masked for span in spans)
        share = len(masked) / len(texts)
        good = good and share <= 0.002
        print(f"{name}: {len(masked)} of {len(texts):,} texts masked, {share:.2%} {dict(kinds)}")
        for text, spans in masked[:show]:
            for span in spans:
                around = text[max(0, span.start - 15) : span.end + 10]
                print(f"    {span.kind.name:9} {text[span.start : span.end]!r} in {around!r}")
    return good
