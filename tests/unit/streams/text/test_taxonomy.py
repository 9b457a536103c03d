"""The taxonomy can be added to and replaced, and tells what overlaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import InvalidSettings
from contracts.records import Stage
from contracts.yamlfile import load_yaml
from fenghuo.settings import load_config
from streams.text import taxonomy
from streams.text.reader import LexiconReader
from streams.text.taxonomy import CategoryTerms, StageTerms, Taxonomy
from streams.text.words import shipped_groups

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


def test_a_replaced_taxonomy_leaves_no_category_of_the_shipped_one_behind() -> None:
    """Whatever file of the lexicon names one."""
    assert Taxonomy(base="none", categories=(HYGIENE,)).lexicon().categories == ("hygiene",)


def test_no_word_of_the_shipped_taxonomy_points_to_two_alike() -> None:
    lists = [one for one in shipped_groups()["categories.yaml"] if one.category]
    own = tuple(CategoryTerms(category=str(one.category), points=one.points, terms=one.terms) for one in lists)
    told = taxonomy.problems(Taxonomy(base="none", categories=own))
    assert [one for one in told if "points to" in one or "stands twice" in one] == []


def test_the_shipped_taxonomy_and_settings_are_good() -> None:
    assert taxonomy.problems(Taxonomy()) == []
    assert taxonomy.problems(load_config(CONFIG).taxonomy) == []


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
        (
            Taxonomy(categories=(CategoryTerms(category="x1", terms="味, 后厨"),)),
            "x1: the term '味' is a single character",
        ),
        (Taxonomy(categories=(CategoryTerms(category="x1", terms="后厨*"),)), "the star at the end of '后厨*'"),
        (Taxonomy(categories=(CategoryTerms(category="x1", terms="蟑*螂"),)), "the star inside '蟑*螂'"),
        (Taxonomy(categories=(CategoryTerms(category="x1", terms="没有"),)), "'没有' only denies"),
        (Taxonomy(stages=(StageTerms(stage="delivery", terms="但是"),)), "'但是' has two roles, CONTRAST and WORD"),
        (Taxonomy(base="none"), "there is no category"),
    ],
)
def test_check_tells_what_overlaps(given: Taxonomy, words: str) -> None:
    assert any(words in one for one in taxonomy.problems(given))


def test_emoji_stems_and_masked_letters_are_good_terms() -> None:
    own = CategoryTerms(category="hygiene", terms="🪳, cockroach*, sh*t on the plate, 后厨脏")
    assert taxonomy.problems(Taxonomy(categories=(own,))) == []
    assert LexiconReader(Taxonomy(categories=(own,)).lexicon()).read("盘子里有🪳").category == "hygiene"


@pytest.mark.parametrize("terms", ['"*"', '"蟑螂, *"', '["**"]', '[" *"]'])
def test_a_star_alone_is_refused_with_its_place(tmp_path: Path, terms: str) -> None:
    file = tmp_path / "taxonomy.yaml"
    file.write_text(f"categories:\n  - category: hygiene\n    terms: {terms}\n")
    with pytest.raises(InvalidSettings, match=r"taxonomy.yaml line 3: categories.0.terms: .* is a star without"):
        load_yaml(file, Taxonomy)


def test_names_are_those_a_text_can_have() -> None:
    assert Taxonomy(base="none", categories=(HYGIENE,)).names() == ("hygiene", "other")
    both = Taxonomy(categories=(HYGIENE,))
    assert both.names() == (*both.lexicon().categories, "other")


def test_a_term_that_is_a_word_of_grammar_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="two roles"):
        Taxonomy(categories=(CategoryTerms(category="x1", terms="但是"),)).lexicon()
