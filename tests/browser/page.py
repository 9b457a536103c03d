"""A page as a person sees it: what is on it, what can be pressed, and what the browser complained of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.house import PASSWORD

T = TypeVar("T")
PATIENCE = 120.0
"""Seconds after which something that should come counts as missing; it says nothing of how fast it should be."""


def open_chromium(profile: Path) -> Chrome:
    """A browser without a window, with a log of its console and its requests."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        "--hide-scrollbars",
        "--window-size=1400,1000",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options, Service("/usr/bin/chromedriver"))
    browser.set_page_load_timeout(PATIENCE)
    return browser


class Page:
    """One person's browser."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self.url = url
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        browser.delete_all_cookies()

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """By the form."""
        self.go("/sign-in")
        self.one("input[name=name]").send_keys(name)
        self.one("input[name=password]").send_keys(password)
        self.one("button.main").click()
        self.wait(lambda: urlsplit(self.browser.current_url).path == "/")
        self.ready()

    def go(self, place: str) -> None:
        """Open a page of the console, once the page before has heard all that it asked for."""
        self.quiet()
        self.browser.get(self.url + place)
        self.ready()

    def quiet(self) -> None:
        """Wait until nothing is under way."""
        self.wait(lambda: not self.all(".htmx-request"))

    def ready(self) -> None:
        """Wait until the page's script has run."""
        self.wait(lambda: self.script("return document.documentElement.dataset.ready === 'yes'"))

    def live(self) -> None:
        """Wait until the page hears of changes."""
        self.wait(lambda: self.script("return document.documentElement.dataset.live === 'yes'"))

    def one(self, css: str) -> WebElement:
        """The first element that fits, as soon as it is there."""
        return self.wait(lambda: next(iter(self.all(css)), None))

    def all(self, css: str) -> list[WebElement]:
        """All elements that fit now."""
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str = "main") -> str:
        """What is written there now; nothing while it is not there."""
        found = self.script("const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", css)
        return str(found)

    def press(self, css: str) -> None:
        """Scroll to it and press it."""
        element = self.one(css)
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        self.wait(element.is_displayed)
        element.click()

    def reads(self, words: str, css: str = "main") -> None:
        """Wait until these words stand there."""
        self.wait(lambda: words in self.text(css), f"{words!r} in {css}")

    def wait(self, what: Callable[[], T | None], name: str = "") -> T:
        """What it gives, as soon as it gives something."""
        wait = WebDriverWait(self.browser, PATIENCE, poll_frequency=0.05)
        found = wait.until(lambda _: what(), name)
        assert found is not None
        return found

    def script(self, words: str, *values: object) -> Any:
        """What a script gives."""
        return self.browser.execute_script(words, *values)

    def axe(self, libraries: Path) -> list[str]:
        """Serious and critical violations that axe-core finds on the page as it is."""
        self.script((libraries / "axe.js").read_text("utf-8") + "; window.axe = axe;")
        found = self.browser.execute_async_script(
            "const done = arguments[0]; axe.run(document).then((r) => done(r.violations"
            ".filter((v) => ['serious', 'critical'].includes(v.impact))"
            ".map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary).join(' | '))))"
        )
        return [str(one) for one in found]

    def listen(self) -> None:
        """Take down what the browser complained of, and whom it asked."""
        for entry in self.browser.get_log("browser"):  # type: ignore[no-untyped-call]
            if entry["level"] == "SEVERE":
                self.complaints.append(str(entry["message"]))
        for entry in self.browser.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked = urlsplit(message["params"]["request"]["url"])
                if asked.scheme not in ("data", "chrome", "about", "blob"):
                    self.hosts.add(asked.netloc)

    def leave(self) -> None:
        """Let go of the server."""
        self.quiet()
        self.listen()
        self.browser.get("about:blank")

    def clean(self) -> None:
        """Nothing went wrong, and nobody else was asked."""
        assert not self.complaints, self.complaints
        assert self.hosts <= {urlsplit(self.url).netloc}, self.hosts
