"""One request of one person: who asks, in which language, what they may do, and how a page is made for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from contracts.desk import Person, Words
from contracts.errors import Unavailable
from contracts.series import OTHER, series_dims
from contracts.tries import Tries
from dashboards.console import show
from dashboards.console.hub import Hub
from dashboards.console.parts import Parts
from dashboards.console.session import IDLE, Over, Session, Sessions

T = TypeVar("T")
Language = Literal["zh", "en"]
COOKIE = "fenghuo"
LANGUAGE = "fenghuo_language"
TEMPLATES = Path(__file__).parent / "templates"


class SignInNeeded(Exception):
    """Nobody is signed in, or the session is over."""


class Refused(Exception):
    """A person asked for something they may not do, or that cannot be done; says so in words."""

    def __init__(self, status: int, words: Words) -> None:
        self.status = status
        self.words = words
        super().__init__(words[1])


class Gone(Refused):
    """Something that is asked for is not known."""

    def __init__(self, words: Words) -> None:
        super().__init__(404, words)


@dataclass(slots=True)
class Office:
    """What one console process holds beside its parts."""

    parts: Parts
    sessions: Sessions
    tries: Tries
    over: Over
    hub: Hub
    pages: Environment
    board: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The board as last drawn, by language, with the hub's version it was drawn at."""
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the board is drawn."""
    present: tuple[float, datetime] | None = None
    """Event time as last looked up, and when that was."""


def environment() -> Environment:
    """Templates that escape everything and fail for a name that is not there."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(number=show.number, percent=show.percent, tame=show.tame)
    return made


@dataclass(frozen=True, slots=True)
class Visit:
    """One request."""

    office: Office
    request: Request
    language: Language
    person: Person | None = None
    session: Session | None = None

    @property
    def parts(self) -> Parts:
        """What the console is made of."""
        return self.office.parts

    @property
    def name(self) -> str:
        """Who asks; raises SignInNeeded."""
        if self.person is None:
            raise SignInNeeded
        return self.person.name

    @property
    def partial(self) -> bool:
        """Whether a part of a page is asked for by a script."""
        return self.request.headers.get("hx-request") == "true"

    def say(self, zh: str, en: str) -> str:
        """The text in the person's language."""
        return zh if self.language == "zh" else en

    def word(self, table: Mapping[str, Words], value: str) -> str:
        """What a value is called."""
        return self.say(*table[value]) if value in table else value

    def value(self, dimension: str, value: str) -> str:
        """What the value of a dimension is called."""
        if value == OTHER:
            return self.say("其他", OTHER)
        return self.word(self.parts.vocabulary.names.get(dimension, {}), value)

    def series(self, key: str) -> str:
        """A series in words: its brand, then the values of its dimensions; a key that is none as it stands."""
        try:
            dims = series_dims(key)
        except ValueError:
            return key
        brand = dims.pop("brand", "")
        return " · ".join([brand, *(self.value(name, value) for name, value in dims.items())])

    def may(self, action: str) -> bool:
        """Whether the person may do it."""
        return self.person is not None and self.parts.people.may(self.person.role, action)

    def need(self, action: str) -> None:
        """Raises Refused when they may not."""
        if not self.may(action):
            raise Refused(
                403, ("你的角色没有这个权限；请找管理员。", "Your role may not do this; ask an administrator.")
            )

    def time(self, at: datetime | None, *, whole: bool = False) -> Markup:
        """An instant in the site's time, for machines in UTC."""
        if at is None:
            return Markup("–")
        text = show.full(at, self.parts.zone) if whole else show.clock(at, self.parts.zone)
        title = show.full(at, self.parts.zone)
        return Markup(f'<time datetime="{at.isoformat()}" title="{title}">{text}</time>')  # noqa: S704 - digits alone

    def span(self, length: timedelta) -> str:
        """A length of time in words."""
        return show.span(length, self.language)

    def draw(self, template: str, **values: Any) -> str:
        """A template filled in for this person."""
        vocabulary = self.parts.vocabulary
        return self.office.pages.get_template(template).render(
            _=self.say,
            v=self,
            language=self.language,
            token="" if self.session is None else self.office.sessions.token(self.session),
            tier=lambda one: self.word(vocabulary.tiers, one),
            kind=lambda one: self.word(vocabulary.kinds, one),
            event=lambda one: self.word(vocabulary.events, one),
            reason=lambda one: self.word(vocabulary.reasons, one),
            dimension=lambda one: self.word(vocabulary.dimensions, one),
            value_of=self.value,
            label=self.series,
            when=self.time,
            span=self.span,
            **values,
        )

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The answer with this template; a session that is used lives on."""
        answer = HTMLResponse(self.draw(template, **values), status)
        if self.session is not None:
            fresh = self.office.sessions.renewed(self.session, self.parts.clock.now())
            if fresh is not None:
                keep(answer, COOKIE, self.office.sessions.cookie(fresh), self.parts, IDLE)
        return answer

    def done(self, place: str, zh: str, en: str) -> Response:
        """After a form: a line for a script, the page ``place`` for a browser without."""
        if self.partial:
            return HTMLResponse(self.draw("parts/said.html", text=self.say(zh, en), bad=False))
        return RedirectResponse(place, 303)


def keep(answer: Response, name: str, value: str, parts: Parts, age: timedelta) -> None:
    """Put a cookie on an answer that no script can read and no other site sends."""
    answer.set_cookie(
        name, value, max_age=int(age.total_seconds()), httponly=True, secure=parts.secure, samesite="lax", path="/"
    )


def language_of(request: Request) -> Language:
    """Chinese, unless the person switched."""
    return "en" if request.cookies.get(LANGUAGE) == "en" else "zh"


def guest(request: Request) -> Visit:
    """A request of anybody."""
    return Visit(request.app.state.office, request, language_of(request))


async def visit(request: Request) -> Visit:
    """A request of somebody who is signed in; raises SignInNeeded."""
    office: Office = request.app.state.office
    session = office.sessions.read(request.cookies.get(COOKIE, ""), office.parts.clock.now())
    person = None if session is None else office.parts.people.person(session.person)
    if session is None or person is None or await office.over.over(session):
        raise SignInNeeded
    return Visit(office, request, language_of(request), person, session)


async def form(request: Request) -> Visit:
    """A form of somebody who is signed in, from a page of their session; raises SignInNeeded and Refused."""
    made = await visit(request)
    given = request.headers.get("x-form-token") or (await fields(request)).get("token", "")
    if made.session is None or not made.office.sessions.genuine(made.session, given):
        raise Refused(403, ("页面已过期，请刷新后再试。", "This page is too old; reload it and try again."))
    return made


async def fields(request: Request) -> dict[str, str]:
    """The texts of a form, of each name the last."""
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}


async def asked(call: Callable[..., T], *values: object) -> T:
    """A call of the series store in a thread of its own. Raises Unavailable for a file that was taken away."""
    try:
        return await asyncio.to_thread(call, *values)
    except OSError as error:
        raise Unavailable(f"the series store is away ({error.strerror})") from error
