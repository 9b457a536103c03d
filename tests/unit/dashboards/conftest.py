"""A town and a client of its console, for every test that asks for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from dashboards.console.app import make_app
from tests.browser.house import parts_of
from tests.browser.town import Town
from tests.unit.dashboards.console_visit import asking


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
async def client(town: Town, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(make_app(parts_of(town, tmp_path))) as one:
        yield one
