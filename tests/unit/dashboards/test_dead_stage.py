"""Dead letters on their way into the store: nothing is committed before it is written."""

from __future__ import annotations

from contracts.codec import encode
from contracts.errors import FenghuoError, Unavailable
from contracts.ports import Checkpoint, In
from contracts.records import DeadLetter
from dashboards.dead import DeadStage
from dashboards.vitals import Vital
from tests.unit.dashboards.samples import START


class Kept:
    """Keeps what is drawn, or fails as told."""

    def __init__(self) -> None:
        self.dead: list[str] = []
        self.errors: list[FenghuoError] = []

    def draw(self, vitals: tuple[Vital, ...] = (), dead: tuple[DeadLetter, ...] = ()) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.dead += [one.id for one in dead]


def letter(number: int) -> In:
    one = DeadLetter(id=f"d{number}", at=START, source="desk", place=f"row {number}", reason="no text")
    return In(number, encode(one))


async def test_letters_are_written_then_committed_and_go_on_from_there() -> None:
    store = Kept()
    state = await DeadStage(store).open(0, Checkpoint(3))
    assert await state.checkpoint(0.0) is None
    await state.handle([letter(3), letter(4), In(5, b"{}")])
    assert await state.checkpoint(1.0) == Checkpoint(6)
    assert store.dead == ["d3", "d4"]
    assert await state.checkpoint(9.0) is None


async def test_a_store_that_is_away_keeps_them_waiting() -> None:
    store = Kept()
    store.errors.append(Unavailable("away"))
    state = await DeadStage(store).open(0, None)
    await state.handle([letter(0)])
    assert await state.checkpoint(1.0) is None
    assert await state.checkpoint(1.5) is None, "not at once again"
    assert await state.checkpoint(3.0) == Checkpoint(1)
    assert store.dead == ["d0"]
