"""``/v1/silences``: nobody is told of a brand's changes for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator

from alerts.rest.giving import Given, Key, give
from alerts.rest.paging import Cursor, Limit, Page, page_of
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Here, Silencer, Viewer
from alerts.spans import Span
from contracts.records import CommandKind, Tier
from contracts.records.incident import rfc3339
from contracts.series import DIMENSIONS
from contracts.view import SilenceCard

router = APIRouter(prefix="/silences", tags=["silences"])
EXAMPLE: dict[str, JsonValue] = {"brand": "Delta", "for": "2h", "comment": "campaign mails go out", "upto": "orange"}


class NewSilence(BaseModel):
    """A silence to begin."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})

    brand: Annotated[str, Field(min_length=1, max_length=200)]
    comment: Annotated[str, Field(min_length=1, max_length=500, description="Why; it stands in the ledger.")]
    last: Annotated[Span | None, Field(alias="for", description="How long: 30m, 2h, 1d.")] = None
    until: AwareDatetime | None = Field(default=None, description="Or its end, in the brand's event time.")
    upto: Tier = Field(default=Tier.RED, description="The highest tier it holds back.")
    where: Annotated[
        dict[str, Annotated[str, Field(min_length=1, max_length=200)]],
        Field(max_length=4, description=f"Only this part of the brand: values of {', '.join(DIMENSIONS)}."),
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_end(self) -> NewSilence:
        if (self.last is None) == (self.until is None):
            raise ValueError("say either how long it lasts (for) or when it ends (until)")
        strange = sorted(set(self.where) - set(DIMENSIONS))
        if strange:
            raise ValueError(f"{', '.join(strange)} is no part of a brand; known: {', '.join(DIMENSIONS)}")
        return self


@router.get("", summary="Silences in force")
async def silences(
    who: Viewer,
    here: Here,
    brand: Annotated[str | None, Query(max_length=200)] = None,
    idle: Annotated[bool, Query(description="Only those that match nothing.")] = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[SilenceCard]:
    """With author, comment, end, and how many changes each kept from being told; by brand, then by end."""
    cards = [one for one in await here.view.silences(brand) if not (idle and one.silence.matched)]
    return page_of(cards, lambda one: (one.brand, one.silence.until.timestamp(), one.silence.id), limit, cursor)


@router.post("", status_code=202, summary="Begin a silence")
async def begin(who: Silencer, here: Here, body: NewSilence, key: Key = None) -> Given:
    """The command's id is the silence's. 422 when it ends in the past of its brand, or too far ahead."""
    deciding = await here.books.deciding()
    now = deciding.now_of(body.brand)
    if now is None:
        raise Problem(422, f"nothing has been heard of a brand {body.brand}", "body.brand", "is it spelled so?")
    longest = deciding.rules_of(body.brand).timing.longest_silence
    until = body.until if body.until is not None else now + (body.last or timedelta(0))
    _ends_well(until, now, longest)
    args: dict[str, JsonValue] = {"until": rfc3339(until), "upto": body.upto.value, "where": dict(body.where)}
    return await give(here, key, who, CommandKind.SILENCE, body.brand, args, body.comment, body)


@router.delete("/{silence}", status_code=202, summary="End a silence", responses=dict(examples(404)))
async def end(
    who: Silencer,
    here: Here,
    silence: Annotated[str, Path(max_length=100)],
    comment: Annotated[str, Query(max_length=500)] = "",
    key: Key = None,
) -> Given:
    """What it kept back and is still true is told at once."""
    found = next((one for one in await here.view.silences() if one.silence.id == silence), None)
    if found is None:
        raise Problem(404, f"no silence in force has the id {silence}", "path.silence", "GET /v1/silences lists them")
    return await give(here, key, who, CommandKind.UNSILENCE, found.brand, {"silence": silence}, comment)


def _ends_well(until: datetime, now: datetime, longest: timedelta) -> None:
    if until <= now:
        raise Problem(422, f"it would have ended already: it is {rfc3339(now)} for this brand", "body.until", "later")
    if until > now + longest:
        latest = rfc3339(now + longest)
        raise Problem(422, f"a silence lasts at most {longest}", "body.until", f"end it by {latest} and renew it then")
