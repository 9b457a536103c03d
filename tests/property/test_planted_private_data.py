"""Whatever the draw, the simulator's planted personal data are valid in form and fictitious."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fenghuo.simulator.private import id_check, luhn_check, private_clause, private_value

DRAW = st.integers(0, 2**32 - 1)


@given(DRAW)
def test_planted_values_have_valid_check_digits(draw: int) -> None:
    kind, value = private_value(draw)
    digits = value.replace(" ", "").replace("-", "")
    if kind == "id_card":
        assert len(digits) == 18
        assert id_check(digits[:17]) == digits[17]
    elif kind == "bank_card":
        assert 16 <= len(digits) <= 19
        assert luhn_check(digits[:-1]) == digits[-1]
        assert sum(d if at % 2 == 0 else d * 2 - 9 * (d > 4) for at, d in enumerate(map(int, digits[::-1]))) % 10 == 0
    elif kind == "phone":
        assert digits.removeprefix("+86").isdigit()
        assert digits[-8:-4] == "0000", "the block that is given to nobody"
    else:
        assert value.partition("@")[2].removeprefix("mail.").startswith("example.")


@given(DRAW)
def test_the_clause_holds_the_value(draw: int) -> None:
    value, clause = private_clause(draw)
    assert value.value in clause
