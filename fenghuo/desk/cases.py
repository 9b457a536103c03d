"""The clocks of open cases for the console, as deciding has them."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.cases.cards import CaseCard, card_of
from contracts.desk import Dial, OpenCase
from fenghuo.desk.books import LiveBooks


class LiveCases:
    """Implements :class:`contracts.desk.Casework`."""

    def __init__(self, books: LiveBooks) -> None:
        self._books = books

    async def open(self, brand: str | None = None) -> Sequence[OpenCase]:
        """All cases that are not resolved; raises Unavailable, Lost."""
        deciding = await self._books.deciding()
        return [
            shown(card_of(case, settings, deciding.now_of(case.brand) or case.heard))
            for case, settings in deciding.cases()
            if brand in (None, case.brand)
        ]


def shown(card: CaseCard) -> OpenCase:
    """A card as pages take it."""
    return OpenCase(
        case=card.case,
        brand=card.brand,
        grade=card.grade,
        since=card.since,
        dials=tuple(Dial(one.name, one.zh, one.en, one.due, one.state.value) for one in card.clocks),
        channel=card.channel,
        department=card.department,
        waiting=card.waiting,
        overdue=card.overdue,
        next_due=card.next_due,
    )
