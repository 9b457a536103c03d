"""The masking benchmark: what it plants is there, what it calls a leak is one, and the bounds hold on a small run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.text._planted import CHECKED, KINDS, planted
from bench.text._sentences import HELD_OUT, SEEN
from bench.text.mask import MASKER, leaked


@pytest.mark.parametrize("held_out", [True, False])
def test_every_kind_and_language_is_planted_and_raw_texts_leak(held_out: bool) -> None:
    texts = planted(440, 3, held_out=held_out)
    assert {(one.kind, one.language) for one in texts} == set(HELD_OUT if held_out else SEEN)
    assert {kind for kind, _ in HELD_OUT} == set(KINDS)
    assert all(one.value in one.text and leaked(one, one.text) for one in texts)
    assert not any(leaked(one, one.text.replace(one.value, "[电话#000000]")) for one in texts)


def test_the_same_seed_plants_the_same() -> None:
    assert planted(50, 7, held_out=True) == planted(50, 7, held_out=True) != planted(50, 8, held_out=True)


@pytest.mark.parametrize("held_out", [True, False])
def test_recall_keeps_its_bounds(held_out: bool) -> None:
    texts = planted(2200, 11, held_out=held_out)
    for checked, bound in ((True, 0.995), (False, 0.98)):
        chosen = [one for one in texts if (one.kind in CHECKED) is checked]
        missed = [one.text for one in chosen if leaked(one, MASKER.mask(one.text))]
        assert 1 - len(missed) / len(chosen) >= bound, missed


@pytest.mark.parametrize("cue", ["order ", "order number: ", "订单号", "单号 ", "订单 ", "ticket ", "案件编号："])
def test_a_number_with_a_form_of_its_own_is_masked_whole_after_the_cue_of_another(cue: str) -> None:
    values = [one for one in planted(1100, 5, held_out=True) if one.kind in ("phone", "id_card", "bank_card")]
    texts = [replace(one, form=cue + "{}", text=cue + one.value) for one in values]
    assert [one.text for one in texts if leaked(one, MASKER.mask(one.text))] == []
