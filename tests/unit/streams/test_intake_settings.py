"""Settings of sources explain what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from contracts.yamlfile import load_yaml
from streams.settings import MAX_SOURCES, Kind, Sources, SourceSettings


def test_the_shipped_file_is_valid_and_knows_the_simulator() -> None:
    shipped = load_yaml(Path(__file__).resolve().parents[3] / "config" / "sources.yaml", Sources)
    kinds = {one.name: one.kind for one in shipped.sources}
    assert kinds.pop("folder") is Kind.FILE
    assert len(kinds) == 8 and all(name.startswith("sim-") for name in kinds)
    assert set(kinds.values()) == {Kind.CLOCKED}
    tokened = shipped.with_token("sim-hotline", "ab" * 32)
    assert tokened.sources[0].token_sha256 == "ab" * 32 and shipped.sources[0].token_sha256 is None


@pytest.mark.parametrize(
    ("kind", "seconds"), [("push", 15), ("polled", 600), ("batch", 0), ("clocked", 15), ("file", 0)]
)
def test_lateness_follows_the_kind_unless_it_is_given(kind: str, seconds: float) -> None:
    assert SourceSettings(name="x", kind=Kind(kind)).lateness == seconds
    assert SourceSettings(name="x", kind=Kind(kind), lateness=5).lateness == 5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "Hot Line"}, "pattern"),
        ({"name": "fenghuo"}, "intake's own marks"),
        ({"tz": "Mars/Olympus"}, "no such time zone"),
        ({"tz": "../../etc/passwd"}, "no such time zone"),
        ({"extra": ["sentiment"]}, "labels are never read"),
        ({"token_sha256": "short"}, "pattern"),
        ({"lateness": float("nan")}, "finite number"),
        ({"surprise": 1}, "Extra inputs"),
    ],
)
def test_a_mistake_is_named(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        SourceSettings.model_validate({"name": "x", **given})


def test_names_and_tokens_are_distinct_and_sources_bounded() -> None:
    token = "ab" * 32
    with pytest.raises(ValidationError, match="a, b have the same token"):
        Sources(sources=(SourceSettings(name="a", token_sha256=token), SourceSettings(name="b", token_sha256=token)))
    with pytest.raises(ValidationError, match="at most 99"):
        Sources(sources=tuple(SourceSettings(name=f"s{n}") for n in range(MAX_SOURCES + 1)))
