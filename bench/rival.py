"""The work of the counting core done with bytewax, for a ratio within one run: parse, validate, repeats, read, count.

An optional extra (``pip install bytewax==0.21.1``); nothing else of Fenghuo knows it. Two ways:

* one by one, as bytewax's operators invite: each mention goes through a stateful step for repeats and a stateful
  count for each of its series;
* in arrays: one stateful step does all of it for a whole array, and bytewax only moves the arrays.

Both do less than Fenghuo's core: no evidence, no lateness by source, no positions that survive a kill, nothing stored.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from contracts.panes import micros
from contracts.ports import Reader
from contracts.records import Batch, Mention
from contracts.records.reading import Sentiment

PANE = 5_000_000

Counted = tuple[tuple[str, int], int, bool]


def available() -> bool:
    """Whether bytewax is installed."""
    return importlib.util.find_spec("bytewax.dataflow") is not None if importlib.util.find_spec("bytewax") else False


def one_by_one(payloads: Sequence[bytes], reader: Reader) -> list[Any]:
    """Run all of it, a mention at a time; what was counted."""

    def fresh(known: set[str] | None, mention: Mention) -> tuple[set[str], Iterable[Mention]]:
        known = set() if known is None else known
        if mention.id in known:
            return known, ()
        known.add(mention.id)
        return known, (mention,)

    def cells(mention: Mention) -> Iterator[tuple[str, tuple[int, bool]]]:
        reading = reader.read(mention.text, mention.lang)
        pane = micros(mention.ts) // PANE
        for series in _series(mention, reading.category):
            yield series, (pane, reading.sentiment is Sentiment.NEGATIVE)

    def count(state: dict[int, list[int]] | None, item: tuple[int, bool]) -> tuple[dict[int, list[int]], Iterable[Any]]:
        state = {} if state is None else state
        _bump(state, *item)
        return state, _ripe(state, item[0])

    def build(flow: Any, op: Any, given: Any) -> Any:
        mentions = op.flat_map("validate", given, lambda payload: Batch.model_validate_json(payload).mentions)
        keyed = op.key_on("shard", mentions, lambda one: one.id[-1])
        new = op.stateful_flat_map("repeats", keyed, fresh)
        told = op.flat_map("read", new, lambda item: cells(item[1]))
        return op.stateful_flat_map("count", told, count)

    return _run(payloads, build)


def in_arrays(payloads: Sequence[bytes], reader: Reader) -> list[Any]:
    """Run all of it, an array at a time; what was counted."""
    known: set[str] = set()

    def take(state: dict[Any, list[int]] | None, payload: bytes) -> tuple[dict[Any, list[int]], Iterable[Any]]:
        state = {} if state is None else state
        pane = 0
        for mention in Batch.model_validate_json(payload).mentions:
            if mention.id in known:
                continue
            known.add(mention.id)
            reading = reader.read(mention.text, mention.lang)
            pane = micros(mention.ts) // PANE
            negative = reading.sentiment is Sentiment.NEGATIVE
            for series in _series(mention, reading.category):
                _bump(state, (pane, series), negative)
        ripe = [key for key in state if key[0] < pane - 1]
        return state, [(key, state.pop(key)) for key in ripe]

    def build(flow: Any, op: Any, given: Any) -> Any:
        return op.stateful_flat_map("count", op.key_on("one", given, lambda _: "all"), take)

    return _run(payloads, build)


def _run(payloads: Sequence[bytes], build: Callable[[Any, Any, Any], Any]) -> list[Any]:
    import bytewax.operators as op
    from bytewax.dataflow import Dataflow
    from bytewax.testing import TestingSink, TestingSource, run_main

    counted: list[Any] = []
    flow = Dataflow("rival")
    given = op.input("in", flow, TestingSource(payloads, batch_size=16))
    op.output("out", build(flow, op, given), TestingSink(counted))
    run_main(flow)
    return counted


def _series(mention: Mention, category: str) -> tuple[str, ...]:
    brand = f"brand={mention.brand}"
    shared = (brand, f"{brand},channel={mention.channel}", f"{brand},category={category}")
    return (*shared, f"{brand},region={mention.region}") if mention.region else shared


def _bump(state: dict[Any, list[int]], key: Any, negative: bool) -> None:
    row = state.get(key)
    if row is None:
        state[key] = [1, int(negative)]
    else:
        row[0] += 1
        row[1] += negative


def _ripe(state: dict[int, list[int]], pane: int) -> list[Any]:
    if len(state) < 3:
        return []
    return [(old, state.pop(old)) for old in [one for one in state if one < pane - 1]]
