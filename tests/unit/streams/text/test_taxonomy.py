"""The taxonomy can be added to and replaced, and tells what overlaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import InvalidSettings
from contracts.records import Stage
from fenghuo.settings import load_config, problems
from streams.text import taxonomy
from streams.text.reader import LexiconReader
from streams.text.taxonomy import CategoryTerms, StageTerms, Taxonomy

CONFIG = Path(__file__).resolve().parents[4] / "config"
HYGIENE = CategoryTerms(category="hygiene", points=3, terms="蟑螂, dirty kitchen")


def test_own_categories_are_added_to_the_shipped_ones() -> None:
    reader = LexiconReader(Taxonomy(categories=(HYGIENE,)).lexicon())
    assert reader.read("饭里有蟑螂，客服不理").category == "hygiene"
    assert reader.read("快递三天没送到").category == "logistics"


def test_a_taxonomy_can_replace_the_shipped_one_and_leaves_sentiment_alone() -> None:
    stage = StageTerms(stage="delivery", terms="驿站")
    reader = LexiconReader(Taxonomy(base="none", categories=(HYGIENE,), stages=(stage,)).lexicon())
    reading = reader.read("快递三天没送到，太差了")
    assert (reading.category, reading.stage, reading.sentiment.value) == ("other", Stage.UNKNOWN, "negative")
    assert reader.read("放在驿站了").stage is Stage.DELIVERY


def test_the_version_changes_with_the_taxonomy() -> None:
    assert LexiconReader(Taxonomy(categories=(HYGIENE,)).lexicon()).version != LexiconReader().version
    assert LexiconReader(Taxonomy().lexicon()).version == LexiconReader().version


def test_the_shipped_taxonomy_and_settings_are_good() -> None:
    assert taxonomy.problems(Taxonomy()) == []
    assert [one for one in problems(load_config(CONFIG)) if "taxonomy" in one] == []


@pytest.mark.parametrize(
    "given, words",
    [
        (
            Taxonomy(categories=(CategoryTerms(category="hygiene", points=2, terms="假货"),)),
            "points to fraud and hygiene",
        ),
        (Taxonomy(categories=(HYGIENE, HYGIENE)), "stands twice for hygiene"),
        (Taxonomy(categories=(CategoryTerms(category="other", terms="嗯嗯"),)), "is kept"),
        (Taxonomy(categories=(CategoryTerms(category="x1", terms="a"),)), "so short"),
        (Taxonomy(base="none"), "there is no category"),
    ],
)
def test_check_tells_what_overlaps(given: Taxonomy, words: str) -> None:
    assert any(words in one for one in taxonomy.problems(given))


def test_a_term_that_is_a_word_of_grammar_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="two roles"):
        Taxonomy(categories=(CategoryTerms(category="x1", terms="但是"),)).lexicon()
