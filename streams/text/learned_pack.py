"""A learned classifier small enough for a message of the log, and back.

Only the features with the largest weights are kept, in half precision. What is judged is what is published: trimming
comes before the guard looks at a version.
"""

from __future__ import annotations

from base64 import b85decode, b85encode
from zlib import compress, decompress

import numpy as np
import orjson

from contracts.errors import InvalidSnapshot
from streams.text.learn import Learner
from streams.text.learned import LearnedModel

MOST_FEATURES = 6_000


class SmallLearner:
    """Implements :class:`streams.text.learn.Learner` over another one: its frozen models are trimmed."""

    def __init__(self, learner: Learner[LearnedModel], most: int = MOST_FEATURES) -> None:
        self._learner = learner
        self._most = most

    def learn_one(self, text: str, label: str, /) -> None:
        """Learn that ``text`` is ``label``."""
        self._learner.learn_one(text, label)

    def freeze(self) -> LearnedModel:
        """What was learned so far, trimmed."""
        return trimmed(self._learner.freeze(), self._most)


def trimmed(model: LearnedModel, most: int) -> LearnedModel:
    """The same model with its ``most`` weightiest features, in half precision."""
    strength = np.abs(model.weights[:, :-1]).max(axis=1, initial=0.0)
    order = sorted(model.places, key=lambda key: (-float(strength[model.places[key]]), key))[:most]
    keys = sorted(order)
    rows = model.weights[[model.places[key] for key in keys]].astype(np.float16).astype(np.float32)
    places = {key: row for row, key in enumerate(keys)}
    return LearnedModel(model.labels, places, rows, model.learned, model.trust, model.version)


def pack(model: LearnedModel) -> str:
    """A trimmed model as text, some twenty bytes a feature at most.

    >>> from streams.text.category_model import CategoryLearner
    >>> learner = SmallLearner(CategoryLearner())
    >>> learner.learn_one("快递丢了", "logistics")
    >>> unpack(pack(learner.freeze())).scores("快递") == learner.freeze().scores("快递")
    True
    """
    keys = np.fromiter(model.places, dtype=np.uint32, count=len(model.places))
    head = orjson.dumps([model.labels, model.learned, model.trust, model.version, len(keys)])
    body = keys.tobytes() + model.weights.astype(np.float16).tobytes()
    return b85encode(compress(head + b"\n" + body, 6)).decode("ascii")


def unpack(packed: str) -> LearnedModel:
    """The reverse of :func:`pack`; raises :class:`~contracts.errors.InvalidSnapshot`."""
    try:
        head, _, body = decompress(b85decode(packed)).partition(b"\n")
        labels, learned, trust, version, count = orjson.loads(head)
        keys = np.frombuffer(body[: 4 * count], dtype=np.uint32).tolist()
        weights = np.frombuffer(body[4 * count :], dtype=np.float16).reshape(count, len(labels) + 1)
    except Exception as error:
        raise InvalidSnapshot(f"a model in the log cannot be read ({type(error).__name__})") from error
    places = {key: row for row, key in enumerate(keys)}
    return LearnedModel(tuple(labels), places, weights.astype(np.float32), learned, trust, version)
