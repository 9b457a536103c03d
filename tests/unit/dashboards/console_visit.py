"""Coming in and asking: what the tests of the console's pages share."""

from __future__ import annotations

import re

import httpx
from starlette.types import ASGIApp

from tests.browser.house import PASSWORD


def asking(app: ASGIApp) -> httpx.AsyncClient:
    """A client of the console in this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console")


async def come_in(client: httpx.AsyncClient, name: str = "zhao") -> str:
    """Sign in; the token of the session's forms."""
    answer = await client.post("/sign-in", data={"name": name, "password": PASSWORD, "next": "/"})
    assert answer.status_code == 303, answer.text
    return token_of((await client.get("/plans")).text)


def token_of(page: str) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]
