"""A plain question is neutral; a reproach dressed as one is heard."""

from __future__ import annotations

import pytest

from contracts.records import Sentiment
from streams.text.normal import normalise
from streams.text.questions import plain_question
from streams.text.reader import LexiconReader

READER = LexiconReader()
PLAIN = (
    "请问几点开门？ 请问怎么申请退货？ 怎么联系客服 请问投诉电话是多少 什么时候发货？ 有没有L码？ "
    "能退吗 请问行李额度多少 可以用支付宝付款吗 支持花呗吗 "
    "请问充电宝可以带上飞机吗 订单什么时候发货 发票可以开公司抬头吗 怎么修改收货地址 你好，请问周末上班吗 請問幾點開門"
).split()
PLAIN_EN = (
    "What is your refund policy?",
    "How do I file a complaint?",
    "Can I bring two bags?",
    "@united what time does check-in open?",
    "Is there a flight to Denver tomorrow?",
)
REPROACH = (
    "你们还有人管吗 这也叫服务吗 什么时候才能退款 要脸吗 怎么这么贵 这是人吃的吗 退款怎么还没到账 "
    "钱呢？ 有这么做生意的吗 我的钱什么时候退 不知道好在哪里 "
    "请问你们是不是不想做生意了 火腿饼，没看到火腿在哪？ 请问你们良心在哪"
).split()
REPROACH_EN = (
    "Do you guys ever answer the phone?",
    "Where is my bag?",
    "How can you lose a bag?",
    "What is wrong with you?",
    "Why is my flight late again?",
)


@pytest.mark.parametrize("text", [*PLAIN, *PLAIN_EN])
def test_a_plain_question_is_neutral(text: str) -> None:
    assert plain_question(normalise(text))
    assert READER.read(text).sentiment is Sentiment.NEUTRAL


@pytest.mark.parametrize("text", [*REPROACH, *REPROACH_EN])
def test_a_reproach_is_no_plain_question(text: str) -> None:
    assert not plain_question(normalise(text))


def test_a_question_at_the_end_of_a_story_is_judged_by_the_story() -> None:
    story = "等了两个小时菜都凉了，打电话没人接，最后送来的还少了一份，请问你们的客服电话是多少"
    assert not plain_question(normalise(story))
    assert READER.read(story).sentiment is Sentiment.NEGATIVE
