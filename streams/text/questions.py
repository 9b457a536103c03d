"""Plain questions: "请问几点开门", "How do I change my booking?". They ask, and neither praise nor blame.

Reviews, which the model was trained with, hardly ever ask, and where they do they complain. So a short text that asks,
and holds no word of waiting, refusal or reproach, is neutral by what it is, whatever its n-grams say. In doubt it is no
plain question: a reproach dressed as one ("这是人吃的吗") must be heard.
"""

from __future__ import annotations

import re

LONGEST = 60
"""Characters; whoever asks in more tells a story, too."""
_LONGEST_ZH = 30
_THING = (
    "可以|支持|需要|提供|包邮|包含|含|接受|能(?:退|换|开|用|寄|带|刷|改|查|订|预订|预约|送)|"
    "有(?:现货|货|优惠|折扣|发票|早餐|车位|停车|wifi|票|位|码|号|活动|赠品|质保|保修)"
)
_DO = "联系|办理|申请|查询|使用|修改|取消|更换|预约|预订|登录|注册|设置|绑定|收费|退货|退款|换货|开票|缴费|充值"
_ASKS_ZH = re.compile(
    rf"^(?:[您你]好.?)?(?:麻烦.?)?(?:请问|想问|问一下|咨询|求问)|几点(?:开|关|营业|上班|下班|出发|到)|什么时候(?:发货|开|上架|补货|有货)|"
    rf"(?:怎么|怎样|如何)(?:{_DO})|^有没有|(?:多少钱|多重|多大|几种颜色|几个颜色|哪里(?:买|有)|在哪(?:里|儿)?)[?？ ]*$|"
    rf"(?:{_THING})[^,，。;；]{{0,12}}吗[?？ ]*$"
)
_ASKING_ZH = re.compile("[吗?？]|请问|想问|问一下|咨询|求问|怎么|怎样|如何|几|多|在哪|哪里|有没有|什么时候")
_REPROACH_ZH = re.compile(
    "[!！]|还|一直|到底|究竟|凭什么|为什么|为啥|才|多久|天了|次了|月了|年了|小时|竟|居然|又|都|不理|没人|不给|不行|不了|没收|没到|没见|没看|不知|"
    "没(?:解决|处理|回|退|发)|我的|你们(?:公司|客服)|不会|不是|就不|谁|骗|坏|差|烂|慢|垃圾|曝光|丢|漏|错|破|脏|臭|死|气|有病|良心|"
    "像话|合理|负责|召唤|脸|搞|有人|王法|意思|埋|恶心|缺德"
)
_ASKS_EN = re.compile(
    r"^(?:@\S+ +)*(?:(?:hi|hello|hey|quick question)[,:! ]+)?"
    r"(?:what(?:'s| is| are) (?:the|your)|what time|which|how (?:do|can) (?:i|we)|"
    r"how (?:much|many) (?:is|are|does|do|bags)|"
    r"how long (?:is|does)|where (?:is|are|can|do) (?:the|your|i|we)|when (?:is|does|do|will) (?:the|your|you)|"
    r"is there|are there|"
    r"can (?:i|we|you tell)|could you tell|do you (?:have|offer|accept|fly|ship|sell|know)|does|"
    r"is it possible|may i)\b"
)
_REPROACH_EN = re.compile(
    r"\b(?:still|not|never|no one|nobody|again|why|cancel\w*|lost|delay\w*|late|broken|hours?|wrong|even|so|"
    r"worst|bad|hell|serious\w*|"
    r"joke|expect|supposed|ever|always|keep|anyone|somebody|someone|refus\w+|charged|missing|stuck|fix|treat|sleep|"
    r"sit|wait\w*|deal with|report your|"
    r"human|real person|my (?:bags?|luggage|money|refund))\b|n't|!|\bwtf\b"
)


def plain_question(text: str) -> bool:
    """Whether a normalised text asks, and does nothing else.

    >>> [plain_question(one) for one in ("请问几点开门?", "可以用支付宝付款吗", "怎么还不发货?", "这是人吃的吗")]
    [True, True, False, False]
    >>> plain_question("how do i change my booking?"), plain_question("why is my flight late again?")
    (True, False)
    """
    if len(text) > LONGEST:
        return False
    if len(text) <= _LONGEST_ZH and _ASKING_ZH.search(text) and _ASKS_ZH.search(text):
        return not _REPROACH_ZH.search(text)
    return "?" in text and bool(_ASKS_EN.search(text)) and not _REPROACH_EN.search(text)
