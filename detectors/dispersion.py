"""How much more than chance a window's count or share varies, estimated online.

A decayed mean of squared residuals beyond chance, each weighted by how much it can tell; the prior counts as a few
windows. River's ``stats.Var`` knows neither the weights nor the fading with time, hence plain floats.
"""

from __future__ import annotations

from math import exp2


class Dispersion:
    """Estimates ``phi`` in variance = chance + phi · scale².

    >>> phi = Dispersion(prior=0.3, windows=6, half_life=1000)
    >>> for step in range(400):
    ...     phi.learn(step, residual=30.0 * (-1) ** step, chance=100.0, scale=100.0, share=1.0)
    >>> round(phi.value, 3)            # 30² = 100 + 0.08 · 100²
    0.08
    """

    __slots__ = ("_half", "_last", "_mass", "_prior", "_prior_mass", "_sum", "value")

    def __init__(self, prior: float, windows: float, half_life: float) -> None:
        self._prior = prior
        self._prior_mass = windows / (2 * prior * prior)
        self._half = half_life
        self._sum = self._mass = 0.0
        self._last = 0
        self.value = prior

    def learn(self, step: int, residual: float, chance: float, scale: float, share: float, lumps: float = 0.0) -> None:
        """Take in a window that ended at ``step``; ``share`` is how much of it is news.

        ``lumps`` is what whole counts add to the fourth moment: their mean, and nothing for shares.
        """
        if scale <= 0:
            return
        square = scale * scale
        variance = chance + self.value * square
        told = share * square * square / (2 * variance * variance + lumps)
        fade = exp2(-(step - self._last) / self._half) if self._mass else 1.0
        self._sum = self._sum * fade + told * (residual * residual - chance) / square
        self._mass = self._mass * fade + told
        self._last = step
        self.value = max(0.0, (self._sum + self._prior * self._prior_mass) / (self._mass + self._prior_mass))
