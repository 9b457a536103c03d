"""What follows deciding, put together: plans, case clocks, swaps on duty, the ledger's writer and its keeper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta

from alerts.cases.fellow import CaseFellow
from alerts.duty.swaps import SwapFollower
from alerts.followers import Follower
from alerts.ledger.anchor import AnchoredLedger, HeadFile
from alerts.ledger.chain import Book, LedgerKey
from alerts.ledger.scribe import Scribe
from alerts.ledger.store import SqliteLedger
from alerts.plans.fellow import PlanFellow
from contracts.clock import Clock
from fenghuo.adapters.outside import teller
from fenghuo.settings import Config, Runtime


def ledger_key(runtime: Runtime) -> LedgerKey:
    """The ledger's own key, or one derived from the installation's; raises InvalidSettings when there is neither."""
    own = runtime.ledger.key
    if own is not None:
        return LedgerKey(hashlib.blake2b(own.get_secret_value().encode(), digest_size=32, person=b"ledger").digest())
    return LedgerKey(hashlib.blake2b(runtime.secret_key(), digest_size=32, person=b"ledger").digest())


def followers(config: Config, key: LedgerKey | None) -> Callable[[int], Sequence[Follower]]:
    """The followers of each partition; without a key (a replay) no ledger is written."""

    def of(partition: int) -> Sequence[Follower]:
        return (
            Scribe(
                (PlanFellow(config.plans), CaseFellow(config.cases)),
                None if key is None else Book(f"decide-{partition}", key),
            ),
            SwapFollower(),
        )

    return of


def ledger_store(runtime: Runtime) -> SqliteLedger:
    """The file that keeps the ledger."""
    return SqliteLedger(runtime.ledger.path or runtime.var / "ledger.sqlite")


def head_file(runtime: Runtime) -> HeadFile:
    """The file that keeps its heads."""
    return HeadFile(runtime.ledger.heads or runtime.var / "ledger-heads.ndjson")


def open_ledger(runtime: Runtime, clock: Clock) -> AnchoredLedger:
    """The ledger that a worker's recorder writes."""
    address = runtime.ledger.address
    return AnchoredLedger(
        ledger_store(runtime),
        head_file(runtime),
        ledger_key(runtime),
        tell=None if address is None else teller(address, "FENGHUO_LEDGER", runtime.allow_private),
        every=timedelta(minutes=runtime.ledger.address_minutes).total_seconds(),
        monotonic=clock.monotonic,
    )
