"""``/v1/feedback``: was a warning true, expected, noise, or is it the new normal; listing and taking back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from alerts.rest.giving import Given, Key, once
from alerts.rest.incidents import Comment, file_of
from alerts.rest.office import Say
from alerts.rest.paging import Cursor, Limit, Page, page_of
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Here, Judge, Viewer
from contracts.records import Command, CommandKind, Verdict, feedback_of

router = APIRouter(prefix="/feedback", tags=["feedback"])


class NewWord(BaseModel):
    """What a warning was worth."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"incident": "b426a466e2af89fc", "verdict": "noise", "comment": "bots"}]},
    )

    incident: Annotated[str, Field(min_length=8, max_length=64)]
    verdict: Verdict
    until: AwareDatetime | None = Field(default=None, description="With `expected`: when it ends; a day, if not given.")
    comment: Comment = ""


class WordCard(BaseModel):
    """One word that the log holds."""

    id: str
    brand: str
    incident: str
    verdict: Verdict | None
    undoes: str
    since: datetime
    """From which bucket on it holds."""
    until: datetime | None
    author: str
    comment: str
    holds: bool


@router.get("", summary="All feedback that the log holds")
async def words(
    who: Viewer,
    here: Here,
    brand: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[WordCard]:
    """By time; that which no longer holds too."""
    cards = [_card(one, holds) for one, holds in await here.books.words() if brand in (None, one.brand)]
    known = [one for one in cards if one is not None]
    return page_of(known, lambda one: (one.since.timestamp(), one.id), limit, cursor)


@router.post("", status_code=202, summary="Say what a warning was worth", responses=dict(examples(404)))
async def say(who: Judge, here: Here, body: NewWord, key: Key = None) -> Given:
    """It holds from the next bucket. 422 where the verdict means nothing for this incident."""
    await file_of(here, body.incident)
    name = once(here, key, who, body.model_dump(mode="json"))
    given = await here.pen.say(Say(name, body.incident, body.verdict, who.name, body.until, body.comment))
    return Given(command=given.id, kind=CommandKind.FEEDBACK, brand=given.brand)


@router.delete("/{word}", status_code=202, summary="Take a word back", responses=dict(examples(404)))
async def unsay(
    who: Judge,
    here: Here,
    word: Annotated[str, Path(max_length=100)],
    comment: Annotated[str, Query(max_length=500)] = "",
    key: Key = None,
) -> Given:
    """From the next bucket on it is as if it had not been said."""
    if word not in {one.id for one, holds in await here.books.words() if holds}:
        raise Problem(404, f"no feedback in force has the id {word}", "path.word", "GET /v1/feedback lists all")
    name = once(here, key, who, ["unsay", word, comment])
    given = await here.pen.unsay(name, word, who.name, comment)
    return Given(command=given.id, kind=CommandKind.FEEDBACK, brand=given.brand)


def _card(command: Command, holds: bool) -> WordCard | None:
    said = feedback_of(command)
    if said is None:
        return None
    return WordCard(
        id=command.id,
        brand=command.brand,
        incident=said.incident,
        verdict=said.verdict,
        undoes=said.undo,
        since=said.begin,
        until=said.until,
        author=command.author,
        comment=command.reason,
        holds=holds,
    )
