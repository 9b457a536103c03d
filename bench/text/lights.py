"""Case lights on conversations made up for this: precision and recall of red, by the halves seen and held out.

    python -m bench.text lights [--show]

Each conversation of ``conversations.yaml`` goes through mask, reader, words of complaints and lights, ten minutes
between messages; its light is the highest that was turned on. Those under ``seen`` were looked at while the cues were
written, those under ``held`` were not; both are of one hand, so strangers' conversations will be harder.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from contracts.records import Evidence
from detectors.lights import RED, Light, Lights
from detectors.voice_settings import LightSettings
from streams.text.case_words import CaseReader
from streams.text.mask import Masker
from streams.text.reader import LexiconReader

FILE = Path(__file__).parent / "conversations.yaml"
PANE_SECONDS = 60
NAMES = ("none", "yellow", "red")
BOUND = 0.9
_AUTHORS = {"c": None, "a": "agent"}


def conversations(path: Path = FILE) -> dict[str, list[dict[str, Any]]]:
    """By half, each with ``name``, ``light`` and ``says``."""
    given: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return given


class Watcher:
    """Reads messages and turns on lights as the pipeline does."""

    def __init__(self) -> None:
        self._mask = Masker(b"bench: a key of its own")
        self._reader = LexiconReader()
        self._words = CaseReader()

    def lights(self, name: str, says: Sequence[str]) -> list[Light]:
        """All lights of one conversation, in order."""
        lights = Lights(LightSettings(), PANE_SECONDS)
        found = (lights.hear(pane, one) for pane, one in self._evidence(name, says))
        return [one for one in found if one is not None]

    def _evidence(self, name: str, says: Sequence[str]) -> Iterator[tuple[int, Evidence]]:
        pane = 1_000
        for number, line in enumerate(says):
            who, _, words = line.partition(": ")
            if who == "h":
                pane += int(float(words) * 60)
                continue
            pane += 10
            text = self._mask.mask(words)
            reading = self._reader.read(text).model_dump(include=set(Evidence.model_fields) - {"schema_version"})
            yield (
                pane,
                Evidence(
                    **reading,
                    id=f"{name}-{number}",
                    ts=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=pane),
                    source="bench",
                    channel="chat",
                    author_class=_AUTHORS[who],
                    case_id=name,
                    reach=1,
                    text=text,
                    case_words=self._words.read(text),
                ),
            )


def light_of(lights: Sequence[Light]) -> str:
    """The highest."""
    return "none" if not lights else "red" if max(one.score for one in lights) >= RED else "yellow"


def rates(pairs: Sequence[tuple[str, str]], light: str) -> tuple[float, float]:
    """Precision and recall of one light in pairs of (wanted, found)."""
    right = sum(wanted == found == light for wanted, found in pairs)
    told, meant = sum(found == light for _, found in pairs), sum(wanted == light for wanted, _ in pairs)
    return right / told if told else 0.0, right / meant if meant else 0.0


def main(words: Sequence[str]) -> int:
    """Measure and print; 1 when red misses its bound in a half."""
    parser = argparse.ArgumentParser(prog="python -m bench.text lights")
    parser.add_argument("--show", action="store_true", help="the conversations whose light is another")
    asked = parser.parse_args(words)
    watcher, good = Watcher(), True
    for half, given in conversations().items():
        found = [(one, watcher.lights(one["name"], one["says"])) for one in given]
        pairs = [(str(one["light"]), light_of(lights)) for one, lights in found]
        table = Counter(pairs)
        print(f"{half}: {len(given)} conversations, {sum(a == b for a, b in pairs)} as wanted")
        for wanted in NAMES:
            print(f"  {wanted:7}", *(f"{name} {table[wanted, name]:3}" for name in NAMES))
        for light in ("red", "yellow"):
            precision, recall = rates(pairs, light)
            good = good and (light != "red" or min(precision, recall) >= BOUND)
            print(f"  {light}: precision {precision:.3f}, recall {recall:.3f}")
        for (one, lights), (wanted, got) in zip(found, pairs, strict=True):
            if asked.show and wanted != got:
                print(f"    {one['name']}: {got}, not {wanted}", [(light.why.value, light.phrases) for light in lights])
    return 0 if good else 1
