"""Streams that were used to set nothing: the allowance must hold on each of them."""

from __future__ import annotations

from bench.detection.generate import World

CALM = (
    World("calm, 5 a step", 5.0, phi=0.0, daily=0.0, weekly=0.0),
    World("calm, 0.2 a step", 0.2, phi=0.0, daily=0.0, weekly=0.0),
)
"""Nothing but chance: must stay silent whatever is allowed."""

ORDINARY = (
    World("season, 5", 5.0, phi=0.1),
    World("season, 40", 40.0, phi=0.1),
    World("strong season, 20", 20.0, phi=0.1, daily=1.6, weekly=0.7),
    World("over-dispersed, 5", 5.0, phi=0.8),
    World("over-dispersed, 60", 60.0, phi=0.5),
    World("heavy tails, 3", 3.0, tail=0.01),
    World("heavy tails, 30", 30.0, tail=0.003),
    World("growth 10 % a week, 4", 4.0, drift=1.1),
    World("decline 8 % a week, 40", 40.0, drift=0.92),
    World("level ×2, 5", 5.0, shift=2.0),
    World("level ×0.4, 20", 20.0, shift=0.4),
    World("level ×4, 2", 2.0, shift=4.0),
    World("holidays, 10", 10.0, holidays=4),
    World("sparse, 0.05", 0.05),
    World("sparse, 0.3, lumpy", 0.3, phi=1.0, tail=0.005),
    World("hour-long waves, 5", 5.0, slow=0.4, slow_hours=1.0),
    World("hour-long waves, 50", 50.0, slow=0.4, slow_hours=1.0),
    World("six-hour waves, 20", 20.0, slow=0.5, slow_hours=6.0),
    World("day-long waves, 8", 8.0, slow=0.4, slow_hours=24.0),
    World("bursts twice a week, 5", 5.0, bursts=2.0),
    World("bursts daily, 10", 10.0, bursts=7.0),
    World("bursts twice a day, 3", 3.0, bursts=14.0),
    World("bursts twice a day, 30", 30.0, slow=0.3, bursts=14.0, burst_factor=6.0),
    World("everything, 10", 10.0, phi=0.3, slow=0.3, slow_hours=2.0, tail=0.002, drift=1.02, holidays=5, bursts=3.0),
)
