"""The shipped model: its file, its features, how it judges, explains, leaves names out and is trained."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from random import Random
from zlib import crc32

import numpy as np
import pytest

from contracts.errors import InvalidFile, InvalidSettings
from contracts.records import Sentiment
from streams.text.model import training
from streams.text.model.grams import buckets, grams, hashed_words, said
from streams.text.model.sentiment import CUES, SentimentModel
from streams.text.model.table import GramTable
from streams.text.model.training import Labelled
from streams.text.model.weights import FILE, MAX_BYTES, Weights, pack, shipped, unpack
from streams.text.reader import LexiconReader
from streams.text.sheet import lay
from streams.text.words import Lexicon

READER = LexiconReader()
NOTHING = (0.0, 0.0, 0.0)
SMALL = Weights({"好": 1.0, "不好": -2.0}, 0.0, {7: (1.0, 0.0, -1.0)}, (NOTHING,) * len(CUES), NOTHING)


def test_the_shipped_file_is_small_and_packs_to_itself() -> None:
    content = files("streams.text.model").joinpath(FILE).read_bytes()
    assert len(content) <= MAX_BYTES
    assert pack(unpack(content)) == content
    assert len(shipped().cues) == len(CUES) and len(shipped().version) == 8


def test_no_word_can_be_read_back_from_the_file() -> None:
    plain = gzip.decompress(files("streams.text.model").joinpath(FILE).read_bytes())
    assert max(map(len, shipped().grams)) <= 3
    assert b"iphone" not in plain and b"thank" not in plain


def test_a_weight_survives_packing_to_a_hundredth_of_the_largest() -> None:
    again = unpack(pack(SMALL))
    assert again.grams == pytest.approx(SMALL.grams, abs=0.02)
    assert again.words == {7: pytest.approx((1.0, 0.0, -1.0), abs=0.02)}


@pytest.mark.parametrize("spoil", ["cut", "none", "format", "longer", "bucket"])
def test_a_file_that_is_no_model_is_refused_with_a_sentence(spoil: str) -> None:
    content = pack(SMALL)
    plain = gzip.decompress(content)
    header, _, body = plain.partition(b"\n")
    told = json.loads(header)
    broken = {
        "cut": content[:-9],
        "none": b"no gzip at all",
        "format": gzip.compress(json.dumps(told | {"format": 99}).encode() + b"\n" + body, mtime=0),
        "longer": gzip.compress(plain + b"x", mtime=0),
        "bucket": gzip.compress(plain.replace((7).to_bytes(4, "little"), (1 << 30).to_bytes(4, "little")), mtime=0),
    }[spoil]
    with pytest.raises(InvalidSettings, match="fenghuo train text"):
        unpack(broken)


def test_links_names_and_masks_say_nothing_and_keep_their_place() -> None:
    text = "@united 好 http://t.co/bad [电话#3f9a1c] [怒]"
    assert said(text) == " " * 8 + "好" + " " * 29 + "[怒]"
    assert len(said(text)) == len(text)
    assert buckets(said("@bad http://bad.com")) == []


def test_grams_and_words_are_where_they_stand() -> None:
    assert grams("不好吃") == ("不好吃", ["不好", "好吃"], ["不好吃"])
    assert grams("") == ("", [], [])


WORDS = re.compile(r"[a-z0-9']+|[!?]+|[^\sa-z0-9]")


@pytest.mark.parametrize(
    "text",
    ["so late!! isn't it? 😡é", "a", "", " ", "!?x 1", "y" * 47 + " " + "z" * 49 + " " + "w" * 500 + " end", "—\x00—"],
)
def test_the_buckets_of_words_are_their_crc32_as_zlib_makes_it(text: str) -> None:
    words = WORDS.findall(text)
    told = [*words, *map(" ".join, pairwise(words))]
    assert buckets(text) == [crc32(one.encode()) % (1 << 16) for one in told]
    found, owners = hashed_words(lay(["before", text, "after"]))
    assert sorted(found[owners == 1].tolist()) == sorted(buckets(text))


def test_the_table_of_ngrams_answers_as_a_dictionary_does() -> None:
    chance = Random(7)
    letters = [chr(chance.randint(0x4E00, 0x4F00)) for _ in range(60)] + ["😡", " "]
    grams_ = sorted({"".join(chance.choices(letters, k=chance.randint(1, 3))) for _ in range(3_000)})
    weights = {gram: chance.randint(-127, 127) for gram in grams_}
    table = GramTable(grams_, np.fromiter(weights.values(), dtype=np.int8))
    sheet = lay(["".join(chance.choices([*letters, "x"], k=500)), "", "甲"])
    found, known = table.look_up(sheet.codes)
    for place in range(len(sheet.codes) - 3):
        for size in (1, 2, 3):
            gram = sheet.whole[place : place + size]
            assert (found[size - 1, place], known[size - 1, place]) == (weights.get(gram, 0), gram in weights)


def judged(model: SentimentModel, text: str, lexical: float = 0.0) -> float:
    return model.chinese(model.hear(lay([text])), [lexical])[0]


def test_where_the_ngrams_know_nothing_the_lexicon_decides() -> None:
    model = SentimentModel(SMALL)
    known, unknown = judged(model, "不好不好不好", 0.2), judged(model, "春夏秋冬春夏秋冬", 0.2)
    assert known < 0 < unknown


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("等了两个小时，菜都凉了", -1),
        ("送得飞快，还多送了一份汤", 1),
        ("今天终于搬进新家啦，好开心[哈哈]", 1),
        ("又失眠了，心好累，想哭[泪]", -1),
        ("still waiting on the phone, two hours and counting", -1),
        ("you guys are awesome, made my day", 1),
    ],
)
def test_praise_and_blame_are_told_apart(text: str, sign: int) -> None:
    assert READER.read(text).polarity * sign > 0


@pytest.mark.parametrize("text", ["今天周三", "is there a bus to the airport?", "12345", "", "   ", "これは本です"])
def test_what_says_nothing_is_neutral(text: str) -> None:
    assert READER.read(text).sentiment is Sentiment.NEUTRAL


def test_a_name_does_not_weigh() -> None:
    plain, named = LexiconReader(), LexiconReader(names=["快鹿外卖", "Awful Airways"])
    assert named.read("快鹿外卖").polarity < plain.read("快鹿外卖").polarity
    assert "awful" in plain.read("Awful Airways").keywords and named.read("Awful Airways").keywords == ()
    assert named.read("awful airline").keywords == plain.read("awful airline").keywords
    assert named.read("快鹿外卖的客服三天不回复我的消息").signature != ""
    assert named.version != plain.version == LexiconReader(names=[" "]).version


def test_an_explanation_shows_the_places_that_count() -> None:
    told = READER.explain("味道不错，但是客服太差")
    assert told.polarity == READER.read("味道不错，但是客服太差").polarity
    weights = {span.text: span.weight for span in told.spans}
    assert min(weights, key=weights.__getitem__) == "太差" and weights["不错"] > 0
    assert all(told.text[span.start : span.end] == span.text for span in told.spans)
    english = {span.text: span.weight for span in READER.explain("great crew, horrible food").spans}
    assert english["great"] > 0 > english["horrible"]


def test_a_very_long_text_is_explained_by_its_beginning() -> None:
    told = READER.explain("太差" * 3_000)
    assert 0 < len(told.spans) <= 200 or told.spans == ()
    assert told.polarity < 0


@pytest.mark.parametrize("unit", ["好", "a", "[", "! ", "@", "http://", "#", "a ", "不坏", "没有问题", "\ud800", "😡"])
def test_a_long_text_of_anything_is_read(unit: str) -> None:
    assert -1 <= READER.read(unit * (200_000 // len(unit))).polarity <= 1


def test_a_megabyte_of_one_character_is_read() -> None:
    assert READER.read("好" * 1_000_000).polarity > 0


def test_another_model_is_another_version() -> None:
    assert LexiconReader(weights=unpack(pack(SMALL))).version != READER.version


def _toy(texts: Sequence[str], labels: Sequence[int]) -> Labelled:
    return Labelled(list(texts) * 3, list(labels) * 3, [1.0] * (3 * len(texts)))


def test_training_learns_and_gives_the_same_bytes_twice() -> None:
    pytest.importorskip("sklearn", reason="training needs the extra `train`")
    reviews = _toy(["饭菜香", "饭菜馊", "很香", "很馊"], [1, 0, 1, 0])
    tweets = _toy(["zorp flight", "the flight", "blip flight"], [0, 1, 2])
    empty = Lexicon.of([])
    once = training.train(reviews, tweets, empty)
    assert pack(once) == pack(training.train(reviews, tweets, empty))
    assert once.grams["香"] > 0 > once.grams["馊"]
    model = SentimentModel(once)
    cues = (0.0,) * len(CUES)
    values = model.english(model.words(lay(["zorp flight", "the flight", "blip flight"])), [cues] * 3)
    assert [one.index(max(one)) for one in values] == [0, 1, 2]


def test_a_brand_in_the_tweets_is_not_learned() -> None:
    pytest.importorskip("sklearn", reason="training needs the extra `train`")
    tweets = _toy(["iphone zorp", "flight", "iphone zorp #iphone"], [0, 1, 0]), _toy(["blip", "flight"], [2, 1])
    both = Labelled(*([*one, *two] for one, two in zip(*(vars_of(part) for part in tweets), strict=True)))
    learned = training.train(_toy(["香", "馊"], [1, 0]), both, Lexicon.of([])).words
    assert set(buckets("zorp")) <= set(learned) and not set(buckets("iphone")) & set(learned)


def vars_of(labelled: Labelled) -> tuple[Sequence[str], Sequence[int], Sequence[float]]:
    return labelled.texts, labelled.labels, labelled.weights


def test_missing_training_texts_are_named(tmp_path: object) -> None:
    with pytest.raises(InvalidFile, match="waimai"):
        training.chinese_reviews(files("streams.text").joinpath("nowhere"))  # type: ignore[arg-type]
