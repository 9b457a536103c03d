"""``/v1/cases``: cases that are not resolved, with their clocks; what runs out first comes first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from alerts.cases.cards import CaseCard, card_of
from alerts.rest.office import Office
from alerts.rest.paging import Cursor, Limit, Page, page_of
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Here, Viewer

router = APIRouter(prefix="/cases", tags=["cases"])
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@router.get("", summary="Open cases")
async def cases(
    who: Viewer,
    here: Here,
    brand: Annotated[str | None, Query(max_length=200)] = None,
    department: Annotated[str | None, Query(max_length=200)] = None,
    grade: Annotated[str | None, Query(max_length=200)] = None,
    overdue: Annotated[bool, Query(description="Only those that missed a deadline.")] = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[CaseCard]:
    """By their next deadline; those whose clocks stand still last."""
    found = [
        one
        for one in await _cards(here, brand)
        if department in (None, one.department) and grade in (None, one.grade) and (one.overdue or not overdue)
    ]
    return page_of(found, lambda one: ((one.next_due or _NEVER).timestamp(), one.brand, one.case), limit, cursor)


@router.get("/{brand}/{case}", summary="One open case", responses=dict(examples(404)))
async def case(
    who: Viewer,
    here: Here,
    brand: Annotated[str, Path(max_length=200)],
    case: Annotated[str, Path(max_length=200, description="The case's pseudonym.")],
) -> CaseCard:
    """All its clocks."""
    found = next((one for one in await _cards(here, brand) if one.case == case), None)
    if found is None:
        raise Problem(404, f"{brand} has no open case {case}", "path.case", "GET /v1/cases lists open ones")
    return found


async def _cards(here: Office, brand: str | None) -> list[CaseCard]:
    deciding = await here.books.deciding()
    return [
        card_of(case, settings, deciding.now_of(case.brand) or case.heard)
        for case, settings in deciding.cases()
        if brand in (None, case.brand)
    ]
