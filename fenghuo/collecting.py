"""Garbage collection for processes that make many objects and keep few."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Let Python look for cycles of garbage seldom: hundreds of thousands of objects are made a second, and none of
    our own form cycles. What was imported is never looked at again. About a seventh of counting and of a replay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
