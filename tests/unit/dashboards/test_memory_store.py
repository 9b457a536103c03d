"""The store in memory passes the suite of all stores."""

from __future__ import annotations

import pytest

from dashboards.store.memory import MemoryStore
from tests.unit.dashboards.store_suite import Store, StoreSuite


class TestMemoryStore(StoreSuite):
    """The twin that the other tests of Fenghuo use."""

    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()
