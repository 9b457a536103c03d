"""Long lists page by page: ``limit`` items after ``cursor``, which says where the last page ended.

A cursor is the place of the last item in the list's order, not a number of items: what comes and goes meanwhile makes
neither gaps nor repeats among the items that stay.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import orjson
from fastapi import Query
from pydantic import BaseModel, Field

from alerts.rest.problems import Problem

T = TypeVar("T")
Place = tuple[float | str, ...]
"""Where an item stands: numbers and texts, compared one by one."""


class Page(BaseModel, Generic[T]):
    """Some items of a list."""

    items: list[T]
    next: str | None = Field(default=None, description="Send it as `cursor` for the next page; none: it was the last.")


Limit = Annotated[int, Query(ge=1, le=500, description="At most so many items.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]


def page_of(items: Sequence[T], place: Callable[[T], Place], limit: int, cursor: str | None) -> Page[T]:
    """The page of ``items``, in the order of their places.

    >>> first = page_of([3, 1, 2], lambda one: (one,), 2, None)
    >>> first.items, page_of([3, 1, 2], lambda one: (one,), 2, first.next).items
    ([1, 2], [3])
    """
    ordered = sorted(items, key=place)
    if cursor is not None:
        after = _read(cursor)
        try:
            ordered = [one for one in ordered if place(one) > after]
        except TypeError:
            raise Problem(422, "this cursor is of another list", "query.cursor", "leave it out to begin anew") from None
    shown = ordered[:limit]
    more = len(ordered) > limit
    return Page(items=shown, next=_written(place(shown[-1])) if more else None)


def _written(place: Place) -> str:
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def _read(cursor: str) -> Place:
    try:
        found = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        found = None
    if not isinstance(found, list) or not found or not all(isinstance(one, float | int | str) for one in found):
        raise Problem(422, "this is no cursor that a page gave", "query.cursor", "leave it out to begin anew")
    return tuple(found)
