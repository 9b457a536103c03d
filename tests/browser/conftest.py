"""A real Chromium without a window. Without it the tests skip, and say why; on the build machine they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from contracts.errors import Unavailable
from dashboards.console.libraries import fetch
from tests.browser.house import House, parts_of, workbench
from tests.browser.page import Page, open_chromium
from tests.browser.town import Town

LIBRARIES = Path(__file__).parents[2] / "var" / "console"


def missing(what: str) -> None:
    """Fails where everything must be there, skips elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def libraries() -> Path:
    """The console's JavaScript, with what tests load."""
    try:
        return fetch(LIBRARIES, tests=True)
    except Unavailable as error:
        missing(str(error))
        raise


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Chrome]]:
    """Opens browsers, which are closed at the end."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        missing("chromium and chromedriver are needed (Debian: apt-get install chromium chromium-driver)")
    opened: list[Chrome] = []

    def one() -> Chrome:
        opened.append(open_chromium(tmp_path_factory.mktemp("profile")))
        return opened[-1]

    yield one
    for browser in opened:
        browser.quit()


@pytest.fixture
def town() -> Town:
    """A town where nothing has happened."""
    return Town()


@pytest.fixture
def house(town: Town, libraries: Path) -> Iterator[House]:
    """The town's console, served."""
    with House(parts_of(town, libraries, tuning=workbench(town, patience=0.02)), town) as served:
        yield served


@pytest.fixture(scope="session")
def _browsers(chromium: Callable[[], Chrome]) -> list[Chrome]:
    return []


@pytest.fixture
def page(house: House, chromium: Callable[[], Chrome], _browsers: list[Chrome]) -> Iterator[Callable[[str], Page]]:
    """Opens pages of people who are signed in, each in a browser of its own; at the end nothing may have gone wrong."""
    used: list[Page] = []

    def signed_in(name: str) -> Page:
        if len(used) == len(_browsers):
            _browsers.append(chromium())
        one = Page(_browsers[len(used)], house.url)
        used.append(one)
        one.sign_in(name)
        return one

    yield signed_in
    for one in used:
        one.leave()
    for one in used:
        one.clean()
