"""The file of the shipped model: its weights in one byte each, and what they belong to.

Chinese n-grams of at most three characters stand there as they are; English words only as hashes, from which no text
can be read back. The same weights give the same bytes. :func:`shipped` reads the file that lies beside this module.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from contracts.errors import InvalidSettings
from streams.text.model.grams import BUCKETS, LONGEST

FILE = "sentiment.bin.gz"
FORMAT = 1
MAX_BYTES = 5_000_000
"""Most that the file may weigh."""
MAX_UNPACKED = 64_000_000
_STEPS = 127

Triple = tuple[float, float, float]
"""A weight for negative, neutral and positive."""


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned."""

    grams: Mapping[str, float]
    """Chinese: what an n-gram says for praise (above 0) or blame."""
    gram_bias: float
    words: Mapping[int, Triple]
    """English: by bucket of :func:`~streams.text.model.grams.words`."""
    cues: tuple[Triple, ...]
    """English: one for each of :data:`~streams.text.model.sentiment.CUES`."""
    bias: Triple
    version: str = ""
    """Eight hex digits of the file's hash; empty for weights that were not read from a file."""


def pack(weights: Weights) -> bytes:
    """The file's bytes; weights that are nothing when rounded to a byte are left out.

    >>> weights = Weights({"好": 1.0, "不好": -2.0}, 0.5, {7: (1.0, 0.0, -1.0)}, ((0.5, 0.0, 0.5),), (0.0, 0.1, 0.0))
    >>> again = unpack(pack(weights))
    >>> round(again.grams["不好"], 6), again.bias, again.cues, pack(weights) == pack(weights)
    (-2.0, (0.0, 0.1, 0.0), ((0.5, 0.0, 0.5),), True)
    """
    gram_step, word_step = _step(weights.grams.values()), _step(x for three in weights.words.values() for x in three)
    grams = {gram: _byte(value, gram_step) for gram, value in weights.grams.items()}
    kept = sorted((len(gram), gram) for gram, value in grams.items() if value)
    words = {bucket: bytes(_byte(x, word_step) % 256 for x in three) for bucket, three in weights.words.items()}
    told = sorted(bucket for bucket, three in words.items() if any(three))
    letters = "".join(gram for _, gram in kept).encode()
    header = {
        "format": FORMAT,
        "grams": [sum(length == size for length, _ in kept) for size in range(1, LONGEST + 1)],
        "letters": len(letters),
        "gram_step": gram_step,
        "gram_bias": weights.gram_bias,
        "words": len(told),
        "word_step": word_step,
        "cues": weights.cues,
        "bias": weights.bias,
    }
    body = [
        json.dumps(header).encode() + b"\n",
        letters,
        bytes(grams[gram] % 256 for _, gram in kept),
        b"".join(bucket.to_bytes(4, "little") for bucket in told),
        b"".join(words[bucket] for bucket in told),
    ]
    return gzip.compress(b"".join(body), 9, mtime=0)


def in_steps(values: Iterable[float]) -> tuple[float, npt.NDArray[np.int8]]:
    """A step, and ``values`` in whole numbers of it between −127 and 127: weights as the file keeps them.

    >>> in_steps([0.5, -1.27, 0.001])
    (0.01, array([  50, -127,    0], dtype=int8))
    """
    told = np.fromiter(values, dtype=np.float64)
    step = _step([float(np.abs(told).max(initial=0.0))])
    return step, np.clip(np.rint(told / step), -_STEPS, _STEPS).astype(np.int8)


def unpack(content: bytes, place: str = FILE) -> Weights:
    """The weights of a file; raises :class:`~contracts.errors.InvalidSettings` when it is none."""
    try:
        return _unpacked(content)
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidSettings(
            place, f"is no sentiment model of format {FORMAT} ({error}); train it anew with `fenghuo train text`"
        ) from error


def shipped() -> Weights:
    """The model of the project, read anew each time: as a mapping it takes much room."""
    return unpack(files("streams.text.model").joinpath(FILE).read_bytes())


def _unpacked(content: bytes) -> Weights:
    if len(content) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    plain = _inflated(content)
    head, _, body = plain.partition(b"\n")
    header = json.loads(head)
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']}")
    letters = body[: header["letters"]].decode()
    grams, at = [], 0
    for size, count in enumerate(header["grams"], 1):
        grams += [letters[place : place + size] for place in range(at, at + size * count, size)]
        at += size * count
    rest = memoryview(body)[header["letters"] :]
    count, told = len(grams), header["words"]
    if at != len(letters) or len(rest) != count + 7 * told:
        raise ValueError("its parts have other lengths than its header says")
    values = rest[:count].cast("b")
    places = [int.from_bytes(rest[at : at + 4], "little") for at in range(count, count + 4 * told, 4)]
    if any(place >= BUCKETS for place in places):
        raise ValueError("a bucket is out of range")
    step = header["word_step"]
    triples = rest[count + 4 * told :].cast("b")
    words = {place: _triple([step * one for one in triples[3 * n : 3 * n + 3]]) for n, place in enumerate(places)}
    told_steps = {byte: byte * header["gram_step"] for byte in range(-_STEPS, _STEPS + 1)}
    return Weights(
        grams={gram: told_steps[value] for gram, value in zip(grams, values, strict=True)},
        gram_bias=float(header["gram_bias"]),
        words=words,
        cues=tuple(map(_triple, header["cues"])),
        bias=_triple(header["bias"]),
        version=blake2b(content, digest_size=4).hexdigest(),
    )


def _inflated(content: bytes) -> bytes:
    with gzip.GzipFile(fileobj=BytesIO(content)) as file:
        plain = file.read(MAX_UNPACKED + 1)
    if len(plain) > MAX_UNPACKED:
        raise ValueError(f"unpacks to more than {MAX_UNPACKED} bytes")
    return plain


def _step(values: Iterable[float]) -> float:
    """What one step of a byte stands for, so that the largest value takes all of them; cut to nine digits."""
    largest = max(map(abs, values), default=0.0)
    return round(largest / _STEPS, 9) or 1.0


def _byte(value: float, step: float) -> int:
    return max(-_STEPS, min(_STEPS, round(value / step)))


def _triple(values: Sequence[float]) -> Triple:
    negative, neutral, positive = values
    return float(negative), float(neutral), float(positive)
