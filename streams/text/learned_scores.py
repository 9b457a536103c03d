"""How much each label is favoured by a frozen classifier, for many texts at once.

Where it sits: under :class:`~streams.text.learned.LearnedModel`. All sums are of whole numbers, so that a text
has the same scores alone and among others, to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from streams.text.category_features import BITS, hashed_features
from streams.text.sheet import Sheet

_WEIGHT_STEPS, _OFTEN_STEPS = 1 << 20, 1 << 10
"""In how many steps a weight of 1 and a feature that stands once are counted."""
_MOST_OFTEN = 1_000
_OFTEN = np.rint(_OFTEN_STEPS * (1.0 + np.log(np.arange(1, _MOST_OFTEN + 1)))).astype(np.int64)
"""What a feature counts by how often it stands in a text."""


class LearnedScorer:
    """Scores by weights of hashed features: a row of ``weights`` for each of ``places``, a column a label, the last
    column being how rare the feature is, squared.
    """

    def __init__(self, labels: Sequence[str], places: Mapping[int, int], weights: npt.NDArray[np.float32]) -> None:
        self._labels = labels
        self._rows = np.full(1 << BITS, -1, dtype=np.int32)
        self._rows[list(places)] = list(places.values())
        self._weights = np.rint(weights.astype(np.float64) * _WEIGHT_STEPS).astype(np.int64)

    def scores(self, normals: Sheet) -> list[dict[str, float]]:
        """The scores of each of some normalised texts; all 0 for one without a known feature."""
        many = len(normals.starts)
        sums = np.zeros((many, len(self._labels) + 1), dtype=np.int64)
        keys, owners = hashed_features(normals)
        rows = self._rows[keys]
        told, counts = np.unique(owners[rows >= 0] << BITS | rows[rows >= 0], return_counts=True)
        if len(told):
            often = _OFTEN[np.minimum(counts, _MOST_OFTEN) - 1]
            values = self._weights[told & (1 << BITS) - 1] * often[:, None]
            values[:, -1] *= often
            owners = told >> BITS
            first = np.flatnonzero(np.diff(owners, prepend=-1))
            sums[owners[first]] = np.add.reduceat(values, first)
        norms = np.sqrt(sums[:, -1:] / (_WEIGHT_STEPS * _OFTEN_STEPS**2))
        norms[norms == 0] = 1.0
        scores = sums[:, :-1] / (_WEIGHT_STEPS * _OFTEN_STEPS) / norms
        return [dict(zip(self._labels, row, strict=True)) for row in scores.tolist()]
