"""Cases: whose clock runs out first, who complains again and again, and the story of one case with its lights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from contracts.desk import OpenCase
from contracts.records import CaseRow, IncidentEvent, SignalKind
from dashboards.casebook import KnowsCases
from dashboards.console.present import present
from dashboards.console.visit import Gone, Visit, asked, visit

router = APIRouter()
LOOK_BACK = timedelta(days=60)
"""How far back the story of a case is told."""
REPEATS = timedelta(days=30)
MOST_ROWS = 300
MOST_TEXTS = 200
_NEVER = datetime.max.replace(tzinfo=UTC)
PERSONAL = (SignalKind.REPEAT, SignalKind.CASE_LIGHT)
STEPS = {
    "opened": ("立案", "opened"),
    "assigned": ("已分派", "assigned"),
    "replied": ("已回复", "replied"),
    "waiting": ("等客户", "waiting for the customer"),
    "resolved": ("已解决", "resolved"),
    "reopened": ("重新立案", "reopened"),
    "rated": ("客户评价", "rated"),
}


@router.get("/cases")
async def cases(
    seen: Annotated[Visit, Depends(visit)],
    brand: Annotated[str, Query(max_length=200)] = "",
    late: str = "",
) -> Response:
    """Open cases by their next deadline, and those who complain again and again."""
    known = seen.parts.casework
    found = [] if known is None else list(await known.open(brand or None))
    now = await present(seen)
    events = await asked(seen.parts.store.incidents, now - REPEATS, now + timedelta(minutes=1))
    shown = [one for one in found if one.overdue or not late]
    return seen.page(
        "cases.html",
        kept=known is not None,
        cases=sorted(shown, key=_by_deadline)[:MOST_ROWS],
        all=len(found),
        overdue=sum(one.overdue for one in found),
        brands=sorted({one.brand for one in found} | ({brand} if brand else set())),
        brand=brand,
        late=bool(late),
        now=now,
        signals=personal(events, brand),
        here="cases",
    )


@router.get("/cases/{case}")
async def case(
    case: str,
    seen: Annotated[Visit, Depends(visit)],
    brand: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """One case: its steps, its clocks, what was said, its lights."""
    now = await present(seen)
    store, start, end = seen.parts.store, now - LOOK_BACK, now + timedelta(minutes=1)
    rows = await asked(story_of, store, brand, case, start, end)
    known = seen.parts.casework
    open_ones = [] if known is None else [one for one in await known.open(brand or None) if one.case == case]
    texts = seen.parts.texts
    said = () if texts is None else await texts.behind(brand, start, end, {"case_id": case}, MOST_TEXTS)
    if not rows and not open_ones and not said:
        raise Gone(("没有这个案件，或者它早于保存期。", "This case is not known, or older than what is kept."))
    events = await asked(store.incidents, start, end)
    lights = [one for one in personal(events, brand) if case in one.detail.labels.values()]
    return seen.page(
        "case.html", case=case, brand=brand, rows=rows, open=open_ones[0] if open_ones else None, said=said,
        lights=lights, steps=STEPS, now=now, here="cases",
    )  # fmt: skip


def story_of(store: object, brand: str, case: str, start: datetime, end: datetime) -> list[CaseRow]:
    """The steps of a case, by time; none of a store that keeps no cases."""
    if not isinstance(store, KnowsCases):
        return []
    return [one for one in store.cases(brand, start, end) if one.case_id == case]


def personal(events: list[IncidentEvent], brand: str) -> list[IncidentEvent]:
    """What was noticed of one person or conversation, the latest first, each once an incident and person."""
    found: dict[tuple[str, str, str], IncidentEvent] = {}
    for one in events:
        if one.kind in PERSONAL and brand in ("", one.brand):
            who = one.detail.labels.get("who", one.detail.labels.get("case", ""))
            found[(one.incident, one.kind, who)] = one
    return sorted(found.values(), key=lambda one: (-one.at.timestamp(), one.incident))


def _by_deadline(one: OpenCase) -> tuple[datetime, str, str]:
    return (one.next_due or _NEVER, one.brand, one.case)
