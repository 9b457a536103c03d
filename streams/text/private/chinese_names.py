"""Chinese names of persons after the usual cues: 姓名, 联系人, 客户, 本人, 我叫, 先生, 女士.

A Chinese name is a surname of the list and one or two more characters. Behind the label of a form (姓名：) it needs
no more; behind a weak cue (本人, 我叫) or without a separator the surname must be one that is hardly ever an ordinary
word, and the name must end where a clause or a known word begins. Behind a label and a colon stand names in Latin
letters and of other peoples as well. No name without a cue is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.kinds import GONE, Finder, Form, Found, Kind
from streams.text.private.name_words import AFTER, DOUBLE, DOUBTFUL, GIVEN, PLAIN, TIME, WORDS

_TITLE = "先生|女士|小姐(?!姐)|太太(?!太)"
_SURE_NAME = f"(?!{WORDS})(?:{DOUBLE}|[{PLAIN}]){GIVEN}(?:(?!{AFTER}){GIVEN})?"
_ANY_NAME = f"(?!{WORDS})(?:{DOUBLE}|[{PLAIN}{DOUBTFUL}]){GIVEN}(?:(?!{AFTER}){GIVEN})?"
_CLOSE_NAME = f"(?!{WORDS})(?:{DOUBLE}|[{PLAIN}])(?:(?!{AFTER}){GIVEN}){{1,2}}"
_CLOSE_DOUBTFUL = (
    f"(?!{WORDS}|[和从应全连边支计满国查师强帅管权向时成])[{DOUBTFUL}](?:(?!{AFTER}|{TIME}|[本近某该]){GIVEN}){{1,2}}"
)
"""Right behind the cue, without a separator: the given name may not begin as the next word does."""
_NEGATED = f"[{PLAIN}][不有在也][^\\W\\d_a-zA-Z]"
"""李不凡: only where the clause ends right behind."""
_LABEL = (
    "姓名|名字|联系人|收件人|收货人|寄件人|投诉人|举报人|反映人|当事人|户主|户名|持卡人|开户人|乘机人|申请人|经办人|开户名|真名|实名"
    "|全名|投保人|被保险人|订票人|入住人|签收人|发件人"
)
"""Labels of forms; who stands behind them is a person."""
_ROLE = "业主|乘客|旅客|车主|客户|顾客|患者"
_PERSON = f"(?:{_LABEL}|{_ROLE})(?:姓名|名字)?"
_BETWEEN = r"(?:\s?[:;/|-]\s?|[是为叫]|\s){1,3}"
_STOPS = r"$|[\s,，。;；、!！:()（）|/.]"
_FIELDS = "电话|手机|身份|联系|地址|住址|性别|年龄|订单|护照|微信|邮箱|家住|住在|今年"
_CLOSED = rf"(?={_STOPS}|[0-9]|{_FIELDS})"
_SAYS = (
    rf"(?={_STOPS}|[0-9]|{_FIELDS}|反映|反应|来电|称|致电|反馈|投诉|表示|咨询|要求|希望|申请|报修|报警|举报|求助|说)"
)
_SAYING = "(?=反映|来电|称|致电|反馈|投诉|表示)"
_ENDS = rf"(?=$|[^\w{GONE}]|[0-9a-zA-Z]|{AFTER}|是|在)"
_STRONG = re.compile(rf"{_PERSON}{_BETWEEN}(?:{_TITLE})?(?P<name>{_ANY_NAME})")
_CLOSE = re.compile(
    rf"(?:{_PERSON}(?P<name>{_CLOSE_NAME}){_SAYS}|(?:{_LABEL})(?P<label>{_CLOSE_DOUBTFUL})(?:{_CLOSED}|{_SAYING})"
    rf"|(?:{_ROLE})(?P<role>{_CLOSE_DOUBTFUL}){_SAYING})"
)
_NOBODY = (
    "客服|物业|业委|行政|前台|热线|同上|同前|见下|如下|本人|自己|保密|匿名|未知|不详|不明|不填|没有|暂无|默认|空白|错误|某某|谢谢|你好|您好|已经|一直|无人|请问"
    "|请联|收到|显示|姓名|日期|电话|时间|地址|单位|身份|联系|签字|签名|盖章|[在没未不无已请是有如见可也都就]|.{1,2}(?:先生|女士|小姐)"
)
"""What stands behind a label where nobody is named."""
_LATIN = "[A-Z][A-Za-z]{1,14}"
_OTHER = re.compile(
    rf"(?:{_LABEL})(?:姓名|名字)?(?:\s?:\s?)"
    rf"(?:(?P<latin>{_LATIN}[ ,/]{{1,2}}{_LATIN}(?: {_LATIN})?)(?![A-Za-z{GONE}])"
    rf"|(?P<other>(?!{_NOBODY})[一-龥]{{1,6}}[·•‧・][一-龥]{{1,7}}"
    rf"|(?!{_NOBODY})[一-龥]{{1,3}}[^\W\d_a-zA-Z员家司店部局服院校厂处组会所人方者商心台理])(?={_STOPS}|[0-9]|{_FIELDS}))"
)
_DOTTED = re.compile(rf"(?:本人|我叫|我是|名叫|{_PERSON})[:, ]?(?P<name>[一-龥]{{1,6}}[·•‧・][一-龥]{{1,5}}){_ENDS}")
_SELF = "姓名|真名|全名|本人|我叫|我是|我名叫|名叫|我的名字叫|在下"
_WEAK = re.compile(rf"(?:{_SELF})[:, ]?(?:名叫|姓名|叫|是)?[: ]?(?P<name>{_SURE_NAME}){_ENDS}")
_WEAK_NEGATED = re.compile(
    rf"(?:姓名|真名|全名|本人|我叫|名叫)[:, ]?(?:是)?(?P<name>(?!{WORDS}){_NEGATED})(?={_STOPS})"
)
_WEAK_DOUBTFUL = re.compile(
    rf"(?:本人|我叫|我名叫|名叫)[:, ]?(?P<name>(?!{WORDS})[{DOUBTFUL}](?:(?!{TIME}){GIVEN}){{1,2}})"
    r"(?=$|[,，。;；、!！:()（]|\s|家住|住在|今年|电话|手机|身份证|[男女][,，])"
)
_BEFORE_I = re.compile(
    rf"(?:我叫|我名叫|名叫)(?P<name>(?!{WORDS})[{PLAIN}{DOUBTFUL}](?:(?!{TIME}){GIVEN}){{2}})(?=我[要想在的家是有们就被]|您好|你好)"
)
_BEFORE_TITLE = re.compile(
    rf"(?P<name>(?!{WORDS})(?:{DOUBLE}|[{PLAIN}{DOUBTFUL}])(?:(?!老){GIVEN}(?:(?!{_TITLE}|老){GIVEN})?)?)"
    rf"(?={_TITLE})"
)
_AFTER_TITLE = re.compile(rf"(?:先生|女士)[: ](?P<name>{_ANY_NAME}){_ENDS}")
_NEVER_ALONE = frozenset("和从全边官商水池党时国车解连成应项强帅麻查满支计")
"""我和先生: these are surnames only with a name behind."""
_TRADES = frozenset(("售楼", "房东", "股东", "看房"))
"""售楼小姐, 房东太太: no name, though a surname stands in it."""
_SURE_FIRST = frozenset(PLAIN)


def _finder(*patterns: re.Pattern[str]) -> Finder:
    """Finds the names that one of the patterns has in its last group."""

    def find(plain: str) -> Iterator[Found]:
        for pattern in patterns:
            for found in pattern.finditer(plain):
                group = found.lastgroup or 0
                yield *found.span(group), Kind.NAME, found[group].lower()

    return find


def titled_names(plain: str) -> Iterator[Found]:
    """Names before and behind 先生 and 女士.

    >>> [found[3] for found in titled_names("请找李女士，我和先生感谢王伟先生")]
    ['李', '王伟']
    """
    for found in _AFTER_TITLE.finditer(plain):
        yield *found.span("name"), Kind.NAME, found["name"]
    for found in _BEFORE_TITLE.finditer(plain):
        start, end = _without_verb(plain, *found.span("name"))
        name, wider = plain[start:end], plain[max(start - 1, 0) : end]
        if name not in _NEVER_ALONE and not _TRADES & {name, wider}:
            yield start, end, Kind.NAME, name


def _without_verb(plain: str, start: int, end: int) -> tuple[int, int]:
    """谢王伟 before 先生 is 王伟: a doubtful surname is left out when a sure one follows."""
    if plain[start] not in _SURE_FIRST and end - start > 1 and plain[start + 1] in _SURE_FIRST:
        return start + 1, end
    return start, end


CHINESE_NAMES = (
    Form(_finder(_STRONG, _CLOSE, _OTHER, _DOTTED), tuple(f"{_LABEL}|{_ROLE}".split("|")), digits=0),
    Form(_finder(_WEAK, _WEAK_NEGATED, _WEAK_DOUBTFUL, _BEFORE_I, _DOTTED), tuple(_SELF.split("|")), digits=0),
    Form(titled_names, ("先生", "女士", "小姐", "太太"), digits=0),
)
"""The forms: behind labels and roles, behind what one says of oneself, and with a title."""
