"""Everyday wordings in both languages: threats, courtesies, what is over, sayings, irony, facts, bare names."""

from __future__ import annotations

import pytest

from contracts.errors import InvalidSettings
from contracts.records import Sentiment
from streams.text.case_words import CaseReader
from streams.text.reader import LexiconReader
from streams.text.scan import Scanner
from streams.text.words import Group, Lexicon, Tone, shipped, spelled_out

READER = LexiconReader()
CASES = CaseReader()

THREATS = (
    "I will sue you", "I'm suing you", "See you in court", "I am taking legal action", "My lawyer will be in touch",
    "I'll report you to the BBB and dispute the charge", "expect a call from my solicitor", "法院见", "律师函已经发出",
    "我要报警", "我要去信访", "等着被曝光吧", "我要发微博曝光你们", "把你们告上法庭", "315见", "12315见", "我要打12345",
    "不退钱我就发抖音让大家看看", "我已经联系了电视台记者", "I'm going to the newspapers with this",
)  # fmt: skip
INSULTS = ("操你妈的，什么垃圾公司", "去你妈的", "傻X客服", "SB公司", "cnm", "滚远点", "fuck you and your service")
PEACEFUL = (
    "价格12345元", "order 12345 arrived", "room 12315", "¥12345", "老板让我打12345块钱",
    "My lawyer friend loves this place",
    "I'm a lawyer and need a quiet seat", "sue was very helpful", "I saw you on CNN", "police station parking is full",
    "我在派出所上班，想订餐", "派出所对面那家店还开着吗", "我在央视看到了你们的广告", "我们律师事务所想订一百份午餐",
    "你好，报警器怎么安装", "让大家看看我的新手机", "滚筒洗衣机", "摇滚乐",
)  # fmt: skip
COMPLAINTS = (
    "I was charged twice, please fix, thanks!", "sorry to bother you, but my order never arrived. Thanks!",
    "Package never arrived, please advise. Thanks", "My bag is lost, please help. Thank you!",
    "你好，我的退款一个月没到账，麻烦处理一下，谢谢", "快递三天没动静了，请帮忙催一下，谢谢！",
)  # fmt: skip
OVER = (
    "they fixed it within an hour", "it was fixed in an hour", "the issue was resolved in ten minutes",
    "They refunded me right away", "客服解决了我的问题，谢谢", "问题已经解决，感谢客服", "很快就帮我处理好了",
)  # fmt: skip
NOT_OVER = (
    "It still hasn't been fixed",
    "nothing was fixed",
    "问题解决了吗？",
    "客服没有帮我解决问题",
    "马上给我退款！",
)
SAID_IN_PRAISE = (
    "I have never had a better experience",
    "can't recommend it enough", "couldn't ask for more", "can't go wrong",
    "damn good burger", "hell yes", "没白来", "再也不用担心迟到了", "快递一点也不慢", "绝对不会后悔", "美死了",
    "香死了",
)  # fmt: skip
SAID_IN_BLAME = (
    "Although the staff were friendly, the food made me sick", "I got sick after eating here", "couldn't be worse",
    "I can't recommend this place", "damn slow burger", "再也不用这家了", "没有比这更差的了", "白来一趟", "累死了",
    "一点也不满意",
)  # fmt: skip
SCORN = (
    "太棒了，第三次送错了", "好极了，航班又取消了", "恭喜你们成功失去一个老客户", "🙂🙂🙂真行", "真有你们的",
    "Way to go, you cancelled my flight on Christmas", "I love how you charge me twice", "Great, you lost my bag",
    "Great, another delay", "I just love it when my flight gets cancelled", "Thanks for wasting my day",
)  # fmt: skip
MEANT = (
    "太棒了，第二天就到了", "好极了，下次还来", "Great flight, no delays", "Great! My refund finally arrived",
    "I love how friendly the staff are", "Great crew, thank you", "谢谢客服，很满意", "Thanks for the quick help!",
)  # fmt: skip
FACTS = (
    "got food poisoning from your restaurant", "smoke came out of the charger", "there was a hair in my soup",
    "The box arrived empty", "You charged my card twice", "The screen cracked on day one", "meh", "ugh", "fml",
    "the zipper came off after one wash", "充电宝冒烟了", "踩雷了", "避雷！！！", "一言难尽", "气到发抖", "收到空盒子",
)  # fmt: skip


@pytest.mark.parametrize("text", (*THREATS, *INSULTS))
def test_threats_and_insults_are_blame_and_hot(text: str) -> None:
    reading = READER.read(text)
    assert reading.sentiment is Sentiment.NEGATIVE and reading.heat >= 0.5


@pytest.mark.parametrize("text", PEACEFUL)
def test_who_names_an_authority_or_a_number_threatens_nobody(text: str) -> None:
    words = CASES.read(text)
    assert READER.read(text).heat < 0.1
    assert not words.authority and not [one for one in words.threats if one != "让大家看"]


def test_a_threat_that_is_not_meant_is_cool() -> None:
    assert READER.read("我不想起诉，只想问清楚").heat < 0.2 < READER.read("我要起诉").heat


@pytest.mark.parametrize("text", (*COMPLAINTS, *NOT_OVER, *SAID_IN_BLAME, *SCORN, *FACTS))
def test_what_is_blame_by_its_wording(text: str) -> None:
    assert READER.read(text).polarity < 0


@pytest.mark.parametrize("text", (*OVER, *SAID_IN_PRAISE, *MEANT))
def test_what_is_praise_by_its_wording(text: str) -> None:
    assert READER.read(text).polarity > 0


@pytest.mark.parametrize(
    "text, category",
    [
        ("充电宝冒烟了", "safety"), ("全家上吐下泻", "safety"), ("电梯突然下坠，孩子吓哭了", "safety"),
        ("smoke came out of the charger", "safety"), ("got food poisoning from your restaurant", "safety"),
        ("快递单上手机号没有遮挡，被别人打电话骚扰", "privacy-leak"), ("骑手加我微信骚扰我", "privacy-leak"),
        ("they gave my number to a stranger", "privacy-leak"), ("卖假茅台", "fraud"), ("收了钱就把我拉黑了", "fraud"),
        ("They took my money and blocked me", "fraud"), ("鞋底开胶了", "quality"), ("the sole came off", "quality"),
        ("打电话永远占线", "attitude"), ("我申请退款", "after-sale"), ("我申请退货一个月没有处理", "after-sale"),
        ("要求退一赔三", "after-sale"), ("一直不退款", "after-sale"),
    ],
)  # fmt: skip
def test_the_category_of_matters_told_by_facts(text: str, category: str) -> None:
    assert READER.read(text).category == category


def test_no_word_of_weight_hides_a_return_by_ending_in_its_first_character() -> None:
    """申请退 hid the 退款 in 申请退款."""
    lexicon = shipped()
    scanner = Scanner(lexicon.terms)
    endings = [term for term in lexicon.terms if len(term) > 1 and term[-1] == "退" and term not in ("劝退", "辞退")]
    hidden = [
        f"{term}{what}"
        for term in endings
        for what in "款货钱票"
        if not any(lexicon.meanings[hit[0]].categories for hit in scanner.hits(term + what))
    ]
    assert hidden == []


def test_a_pattern_stands_for_each_of_its_parts() -> None:
    assert spelled_out("a (big |)fee") == ["a big fee", "a fee"]
    assert spelled_out("(一|二)(天|周)") == ["一天", "一周", "二天", "二周"]
    assert spelled_out("(no choice)") == ["(no choice)"]


def test_a_term_keeps_its_tone_when_it_stands_in_several_groups() -> None:
    lexicon = Lexicon.of([Group(weight=0.3, terms="ta"), Group(tone="courtesy", terms="ta")])
    assert (lexicon.meanings[0].weight, lexicon.meanings[0].tone) == (0.3, Tone.COURTESY)
    with pytest.raises(InvalidSettings):
        Lexicon.of([Group(role="shield", terms="ta"), Group(tone="courtesy", terms="ta")])
