"""Reading: negation, intensifiers, contrast, courtesy, emoji, heat, category and stage in both languages."""

from __future__ import annotations

import pytest

from contracts.errors import InvalidSettings
from contracts.records import Emotion, Sentiment, Stage
from streams.text.mask import Kind
from streams.text.normal import normalise
from streams.text.reader import LexiconReader, thirty_word_reader
from streams.text.settings import ReaderSettings
from streams.text.words import Group, Lexicon

READER = LexiconReader()


def polarity(text: str) -> float:
    return READER.read(text).polarity


def test_wide_letters_and_curly_quotes_change_nothing_of_the_marks_beside_them() -> None:
    plain = "wifi不错，但是太慢了！'真的'"
    assert normalise("ＷＩＦＩ不错，但是太慢了！‘真的’") == normalise(plain) == plain
    assert READER.read("ＷＩＦＩ不错，但是太慢了！").polarity == READER.read("wifi不错，但是太慢了！").polarity


@pytest.mark.parametrize(
    "plain, denied",
    [
        ("味道好", "味道不好"),
        ("我很满意", "我一点都不满意"),
        ("the crew was helpful", "the crew was not helpful"),
        ("I would recommend this app", "I would never recommend this app"),
        ("it is a good product", "it isn't a very good product"),
    ],
)
def test_a_negation_turns_praise_into_blame(plain: str, denied: str) -> None:
    assert polarity(plain) > 0 > polarity(denied)


@pytest.mark.parametrize("text", ["质量不差", "没有问题", "not bad", "no problem", "never disappoints"])
def test_denied_blame_is_mild_praise(text: str) -> None:
    assert polarity(text) > 0


def test_a_negation_does_not_reach_into_the_next_clause() -> None:
    assert polarity("没有。好吃") > polarity("没有好吃")
    assert polarity("Not today. Great crew") > polarity("Not a great crew")


@pytest.mark.parametrize(
    "weak, strong", [("有点差", "非常差"), ("慢", "非常慢"), ("slightly rude", "extremely rude"), ("late", "so late")]
)
def test_an_intensifier_strengthens_and_a_softener_weakens(weak: str, strong: str) -> None:
    assert polarity(strong) < polarity(weak) < 0


def test_what_follows_a_contrast_is_what_is_meant() -> None:
    assert polarity("味道很好，但是有点慢") < polarity("有点慢，但是味道很好")
    assert polarity("味道不错，但是客服太差") < 0 < polarity("有点慢，但是味道很好")
    assert polarity("great food but terrible service") < 0
    assert polarity("terrible weather but great service") > polarity("great service but terrible weather")


def test_a_concession_counts_for_less() -> None:
    assert polarity("虽然慢，味道好") > polarity("慢，味道好")


@pytest.mark.parametrize("text", ["麻烦您帮我查一下", "您好，麻烦请问一下", "打扰了", "please call me, good morning"])
def test_courtesies_are_no_blame(text: str) -> None:
    assert READER.read(text).sentiment is not Sentiment.NEGATIVE


@pytest.mark.parametrize(
    "text, sign", [("好吧😡😡", -1), ("收到[怒]", -1), ("ok 😍", 1), ("到了[赞]", 1), ("flight :(", -1)]
)
def test_emoji_and_marks_speak(text: str, sign: int) -> None:
    assert polarity(text) * sign > 0


def test_masks_say_nothing() -> None:
    for kind in Kind:
        reading = READER.read(f"[{kind}#3f9a1c]")
        assert (reading.keywords, reading.polarity, reading.category) == ((), 0, "other")


def test_words_hold_at_boundaries_only() -> None:
    assert READER.read("badge hateful").keywords == () == READER.read("badge").keywords
    assert READER.read("badge hateful").sentiment is READER.read("badge").sentiment is Sentiment.NEUTRAL


def test_traditional_and_full_width_are_read_as_simplified_and_half_width() -> None:
    assert polarity("質量問題，客服態度惡劣") == polarity("质量问题，客服态度恶劣") < 0
    assert polarity("ＴＥＲＲＩＢＬＥ service") == polarity("terrible service")


def test_threats_are_hotter_than_complaints_and_praise_is_cool() -> None:
    calm = READER.read("物流有点慢").heat
    angry = READER.read("垃圾客服！！！气死我了！！！").heat
    threat = READER.read("再不退款我就起诉你们，找媒体曝光，12315见！！！").heat
    assert calm < 0.2 < angry < threat
    assert READER.read("太棒了！！！！！！ AMAZING CREW").heat == 0
    assert READER.read("THE WORST airline EVER, my lawyer will sue you").heat > 0.5


def test_a_denied_threat_is_no_threat() -> None:
    assert READER.read("我不会起诉").heat < READER.read("我会起诉").heat


@pytest.mark.parametrize(
    "text, category",
    [
        ("客服态度恶劣，爱理不理", "attitude"),
        ("屏幕坏了，质量太差", "quality"),
        ("一直不给退款，售后推脱", "after-sale"),
        ("快递三天没送到", "logistics"),
        ("价格太贵，还乱收费", "price"),
        ("我的个人信息被泄露", "privacy-leak"),
        ("充电时起火爆炸", "safety"),
        ("卖假货的骗子", "fraud"),
        ("霸王条款侵犯消费者权益", "rights"),
        ("补贴政策什么时候落实，如何办理手续", "policy"),
        ("my luggage is lost and the flight delayed", "logistics"),
        ("they charged me a hidden fee twice", "price"),
        ("someone leaked my personal data", "privacy-leak"),
        ("今天天气", "other"),
    ],
)
def test_the_category_is_what_the_words_point_to(text: str, category: str) -> None:
    assert READER.read(text).category == category


def test_stage_and_emotion() -> None:
    assert READER.read("退货之后一直不退款").stage is Stage.AFTER_SALE
    assert READER.read("骑手超时，送错了").stage is Stage.DELIVERY
    assert READER.read("想买，先咨询一下活动").stage is Stage.PRE_SALE
    assert READER.read("嗯").stage is Stage.UNKNOWN
    assert READER.read("气死我了").emotion is Emotion.ANGER
    assert READER.read("太失望了").emotion is Emotion.DISAPPOINTMENT
    assert READER.read("很担心有危险").emotion is Emotion.ANXIETY
    assert READER.read("thank you so much for the help").emotion is Emotion.GRATITUDE
    assert READER.read("嗯").emotion is Emotion.NONE


def test_keywords_are_the_telling_words_each_once() -> None:
    keywords = READER.read("投诉！客服态度恶劣，投诉，延误，退款，行李，航班，起诉").keywords
    assert len(keywords) == 5 == len(set(keywords))
    assert {"起诉", "投诉"} <= set(keywords)
    assert READER.read("起诉！投诉！行李").keywords == ("投诉", "起诉", "行李")


def test_an_empty_text_reads_as_nothing() -> None:
    empty = READER.read("")
    assert (empty.sentiment, empty.polarity, empty.heat, empty.signature) == (Sentiment.NEUTRAL, 0, 0, "")


def test_the_given_language_is_believed_only_if_it_is_one_of_ours() -> None:
    assert READER.read("hello", "zh").lang == "zh"
    assert READER.read("hello", "en-GB").lang == "en"


def test_the_version_changes_with_lexicon_and_settings_and_with_nothing_else() -> None:
    lexicon = Lexicon.of([Group(weight=0.5, terms="好")])
    other = Lexicon.of([Group(weight=0.6, terms="好")])
    versions = {
        LexiconReader(lexicon).version,
        LexiconReader(other).version,
        LexiconReader(lexicon, ReaderSettings(question=0.5)).version,
    }
    assert len(versions) == 3 and all(one.startswith("lexicon-2+") for one in versions)
    assert LexiconReader(lexicon).version == LexiconReader(lexicon).version
    assert READER.read("x").model == READER.version


@pytest.mark.parametrize(
    "groups",
    [
        [Group(weight=0.5, terms="好"), Group(weight=-0.5, terms="好")],
        [Group(role="contrast", terms="但"), Group(role="shield", terms="但")],
    ],
)
def test_a_lexicon_that_contradicts_itself_is_refused(groups: list[Group]) -> None:
    with pytest.raises(InvalidSettings, match="two"):
        Lexicon.of(groups)


def test_a_long_text_of_anything_is_read() -> None:
    for unit in ("不", "a", "!", "非常", "[", "not good ", "@", "不好但是", "😡", "\ud800"):
        assert -1 <= polarity(unit * (100_000 // len(unit))) <= 1


def test_the_thirty_word_reader_knows_good_from_bad() -> None:
    reader = thirty_word_reader()
    assert reader.read("态度差，退款慢").sentiment is Sentiment.NEGATIVE
    assert reader.read("thanks, great").sentiment is Sentiment.POSITIVE
    assert reader.read("").sentiment is Sentiment.NEUTRAL
