"""Names of persons after the usual cues: 姓名, 联系人, 本人, 我叫, 先生, 女士, my name is, Mr.

A Chinese name is a surname of the list and one or two more characters; after a weak cue (本人, 我叫) the surname must
be one that is hardly ever an ordinary word, and the name must end where a clause or a known word begins. No name
without a cue is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.kinds import GONE, Form, Found, Kind

_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|宇文|长孙|端木|独孤|南宫|申屠|太史|澹台"
_PLAIN = (
    "王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹"
    "薛闫段侯龙史陶黎贺顾郝龚邵万钱严覃武戴莫孔汤康樊葛邢齐乔伍庞颜倪庄聂鲁岳翟殷詹欧耿兰焦俞柳祝柯纪梅童凌霍裴阮涂苗盛翁冉骆靳柴蒙鲍"
    "喻祁蒲滕饶牟艾尤穆卓缪芦麦褚娄戚岑卜冼瞿桂佟臧闵邬卞姬栾隋刁寇桑甄虞巩佘晏黄蓝谷荆谌蔺楚傅萧武毕阎匡鞠宫饶柏隆"
)
"""Surnames that are hardly ever something else at this place."""
_DOUBTFUL = (
    "马高谢于任方白雷石金毛安易牛文向温施申关左甘包尚章路游辛管华房屈解时农古吉简车项连党费冷席卫宗应官全边商沙荣花仲敖封"
    "宁舒单季成曲仝伊邝仇明厉水支计池满国从和师和查麻强帅权海米钮符景郎巫晋耿郁胥储燕冀奚皮楼盘豆"
)
"""Surnames that are ordinary words too."""
_GIVEN = "[^\\W\\d_a-zA-Z的了是在我你他她它这那有不没也就很都被要吗呢吧啊哦呀么什怎哪谁您们与]"
_AFTER = (
    "电话|手机|身份|联系|地址|住址|性别|年龄|先生|女士|小姐|订单|购买|预订|投诉|反映|反应|今年|现住|现在|来自|毕业|户籍|籍贯|工号|护照|微信"
    "|邮箱|出生|申请|要求|希望|家住|编号|账号|帐号|银行|乘坐|请|男|女|于|因|向|从|到|对|把|被|给|想|住|已|曾|说|昨|特|再|此|和|以及|电|号|乘|购|来|拨打|收"
)
_WORDS = (
    "方便|高兴|高度|高级|高中|高三|马上|成功|成都|安全|安排|安徽|安装|石家庄|金额|文化|白天|白白|于是|向来|时间|时候|连续|任何|单独|单位|单身|明天|明确|明白"
    "|全部|全家|全程|国家|国内|计划|从来|从未|从此|从小|和平|强烈|海外|海南|关于|关注|路过|左右|解决|简单|包括|包装|车主|车辆|车牌|车位|项目|冷静|花了|花费|管理"
    "|章丘|应该|应聘|舒服|师傅|师范|权益|支付|支持|满意|满心|查询|麻烦|官方|水平|成年|成为|常住|江苏|江西|湖南|吴江|康复|万分|万般|严重|严肃|何时|何处|孔雀|龙岗"
    "|温州|宁波|宁愿|宁夏|尚未|施工|申请|申诉|毛病|牛奶|雷锋|古城|游客|易怒|甘愿|武汉|唐山|郑州|徐州|苏州|苏宁|广州|温馨|许多|许久|谢谢|梅州|柳州|黄山|黄金|蓝色|田间|程序|余额|余生"
    "|颜值|颜色|顾客|顾虑|江湖|林业|周末|周围|周一|周二|周三|周四|周五|周六|周日|周边|钱包|程度|焦急|焦虑|凌晨|苗条|余地|童鞋|童装|范围|江边|陆地|雷同|沈阳|胡说|胡乱|许诺"
    "|蓝牙|黄色|黄牛|谷物|温度|温和|涂抹|盛大|戴着|戴上|成长|林林|史无|叶子|杨梅|石头|金牌|毕竟|毕业|武装|柏油|宫里|顾家|包邮|包装|包裹|游戏|党委|安检|卫生|水电|水果|水军|池子|官网|卡友|高中|高校|高铁"
    "|陆续|段时|史上|夏天|秦皇|江阴|莫名|康师|童年|庄严|盛情|桂林|麦当|乔迁|谷歌|楚天|时尚|成熟|高贵|文明|白领|强势|明星|商务|荣誉|党员|费用|国际|米其"
)
"""Words that begin with a surname."""

_TIME = "[昨今前后上下天日月年周时间点号分秒中里外面家人常爱喜易经怎觉得用车门法式便向公方]|明天"
"""Characters of times and of what people do; hardly given names."""
_SURE_NAME = f"(?!{_WORDS})(?:{_DOUBLE}|[{_PLAIN}]){_GIVEN}(?:(?!{_AFTER}){_GIVEN})?"
_ANY_NAME = f"(?!{_WORDS})(?:{_DOUBLE}|[{_PLAIN}{_DOUBTFUL}]){_GIVEN}(?:(?!{_AFTER}){_GIVEN})?"
_TITLE = "先生|女士|小姐(?!姐)|太太(?!太)"
_PERSON = (
    "姓名|名字|联系人|收件人|收货人|寄件人|投诉人|举报人|反映人|当事人|户主|户名|业主|持卡人|开户人|乘客|旅客|车主"
    "|乘机人|申请人|经办人|开户名|真名|实名|全名|客户|顾客|患者|投保人|被保险人|订票人|入住人|签收人|发件人"
)
_STRONG = re.compile(
    rf"(?:{_PERSON})(?:姓名|名字)?(?:\s?[:;/|-]\s?|[是为叫]|\s){{1,3}}(?:{_TITLE})?(?P<name>{_ANY_NAME})"
)
_SELF = "姓名|真名|全名|本人|我叫|我是|我名叫|名叫|我的名字叫|在下"
_ENDS = rf"(?=$|[^\w{GONE}]|[0-9a-zA-Z]|{_AFTER}|是|在)"
_WEAK = re.compile(rf"(?:{_SELF})[:, ]?(?:名叫|姓名|叫|是)?[: ]?(?P<name>{_SURE_NAME}){_ENDS}")
_WEAK_DOUBTFUL = re.compile(
    rf"(?:本人|我叫|我名叫|名叫)[:, ]?(?P<name>(?!{_WORDS})[{_DOUBTFUL}](?:(?!{_TIME}){_GIVEN}){{1,2}})"
    r"(?=$|[,，。;；、!！:()（]|\s)"
)
_BEFORE_TITLE = re.compile(
    rf"(?P<name>(?!{_WORDS})(?:{_DOUBLE}|[{_PLAIN}{_DOUBTFUL}])(?:(?!老){_GIVEN}(?:(?!{_TITLE}|老){_GIVEN})?)?)"
    rf"(?={_TITLE})"
)
_AFTER_TITLE = re.compile(rf"(?:先生|女士)[: ](?P<name>{_ANY_NAME}){_ENDS}")
_NEVER_ALONE = frozenset("和从全边官商水池党时国车解连成应项强帅麻查满支计")
"""我和先生: these are surnames only with a name behind."""
_SURE_FIRST = frozenset(_PLAIN)

_CAPITAL = r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'\u2019.-]{1,20}"
_SIGNED = "(?:kind |best |warm )?regards|sincerely(?: yours)?|yours (?:truly|sincerely)"
_CALLED = (
    "my (?:full |real )?name(?:'s| is)"
    "|(?:full |first |last |passenger |customer |contact |guest |account )?name ?(?::| is(?=[ :][A-Z]))"
    r"|this is(?= [A-Z][a-z]+ [A-Z][a-z]+ (?:speaking|here|from)\b)"
)
_ENGLISH = re.compile(
    rf"(?<![A-Za-z0-9{GONE}])(?:(?i:{_CALLED}|{_SIGNED}))[:, ]{{1,2}}(?:(?:Mr|Mrs|Ms|Miss|Dr)\b\.? )?"
    rf"(?P<name>{_CAPITAL}(?: (?:[A-Z]\.|{_CAPITAL})){{0,2}})"
)
_SMALL = re.compile(
    rf"(?<![a-z0-9{GONE}])my (?:full |real )?name(?:'s| is) (?P<name>[a-z]{{2,15}}(?: [a-z]{{2,15}})?)(?![a-z{GONE}])"
)
_TITLED = re.compile(rf"(?<![A-Za-z0-9{GONE}])(?:Mr|Mrs|Ms)\b\.? ?(?P<name>{_CAPITAL}(?: {_CAPITAL})?)")
_NO_PERSON = frozenset("The Your Customer A An Our Team From This It Please And But".split())
_NOT_NAMES = frozenset(
    "and but not on in the wrong spelled misspelled spelt mis incorrect correct still also so that with at from for i"
    " am is to of being nowhere never listed there missing no they what as now it be because has was".split()
)


def names(plain: str) -> Iterator[Found]:
    """Names after cues.

    >>> [found[3] for found in names("联系人:王小明。请找李女士。My name is John Smith and I wait.")]
    ['王小明', '李', 'john smith']
    """
    yield from chinese_names(plain)
    yield from english_names(plain)


def chinese_names(plain: str) -> Iterator[Found]:
    """Chinese names."""
    for pattern in (_STRONG, _WEAK, _WEAK_DOUBTFUL, _AFTER_TITLE):
        for found in pattern.finditer(plain):
            yield *found.span("name"), Kind.NAME, found["name"]
    for found in _BEFORE_TITLE.finditer(plain):
        start, end = _without_verb(plain, *found.span("name"))
        if plain[start:end] not in _NEVER_ALONE:
            yield start, end, Kind.NAME, plain[start:end]


def english_names(plain: str) -> Iterator[Found]:
    """English names."""
    titled = "Mr" in plain or "Ms" in plain
    for pattern in (_ENGLISH, _TITLED) if titled else (_ENGLISH,):
        for found in pattern.finditer(plain):
            end = found.start("name") + len(found["name"].rstrip(".'\u2019-"))
            if found["name"].partition(" ")[0] in _NO_PERSON:
                continue
            yield found.start("name"), end, Kind.NAME, plain[found.start("name") : end].lower()
    for found in _SMALL.finditer(plain):
        words = found["name"].split(" ")
        if words[0] not in _NOT_NAMES:
            kept = words[0] if len(words) > 1 and words[1] in _NOT_NAMES else found["name"]
            yield found.start("name"), found.start("name") + len(kept), Kind.NAME, kept


def _without_verb(plain: str, start: int, end: int) -> tuple[int, int]:
    """谢王伟 before 先生 is 王伟: a doubtful surname is left out when a sure one follows."""
    if plain[start] not in _SURE_FIRST and end - start > 1 and plain[start + 1] in _SURE_FIRST:
        return start + 1, end
    return start, end


_CUES = f"{_PERSON}|本人|我叫|我是|名叫|在下|先生|女士|小姐|太太"
FORMS = (
    Form(chinese_names, tuple(_CUES.split("|")), digits=0),
    Form(english_names, ("name", "this is", "regards", "sincerely", "yours truly", "mr", "ms"), digits=0),
)
