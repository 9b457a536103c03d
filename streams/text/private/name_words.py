"""Surnames, and words that begin like a name and are none: what :mod:`streams.text.private.chinese_names` goes by."""

from __future__ import annotations

DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|宇文|长孙|端木|独孤|南宫|申屠|太史|澹台"
PLAIN = (
    "王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹"
    "薛闫段侯龙史陶黎贺顾郝龚邵万钱严覃武戴莫孔汤康樊葛邢齐乔伍庞颜倪庄聂鲁岳翟殷詹欧耿兰焦俞柳祝柯纪梅童凌霍裴阮涂苗盛翁冉骆靳柴蒙鲍"
    "喻祁蒲滕饶牟艾尤穆卓缪芦麦褚娄戚岑卜冼瞿桂佟臧闵邬卞姬栾隋刁寇桑甄虞巩佘晏黄蓝谷荆谌蔺楚傅萧武毕阎匡鞠宫饶柏隆"
)
"""Surnames that are hardly ever something else at this place."""
DOUBTFUL = (
    "马高谢于任方白雷石金毛安易牛文向温施申关左甘包尚章路游辛管华房屈解时农古吉简车项连党费冷席卫宗应官全边商沙荣花仲敖封"
    "宁舒单季成曲仝伊邝仇明厉水支计池满国从和师和查麻强帅权海米钮符景郎巫晋耿郁胥储燕冀奚皮楼盘豆"
)
"""Surnames that are ordinary words too."""
GIVEN = "[^\\W\\d_a-zA-Z的了是在我你他她它这那有不没也就很都被要吗呢吧啊哦呀么什怎哪谁您们与]"
AFTER = (
    "电话|手机|身份|联系|地址|住址|性别|年龄|先生|女士|小姐|订单|购买|预订|投诉|反映|反应|今年|现住|现在|来自|毕业|户籍|籍贯|工号|护照|微信"
    "|邮箱|出生|申请|要求|希望|家住|编号|账号|帐号|银行|乘坐|请|男|女|于|因|向|从|到|对|把|被|给|想|住|已|曾|说|昨|特|再|此|和|以及|电|号|乘|购|来|拨打|收|称|致电|反馈|咨询|表示|报修|报警|举报|求助"
)
WORDS = (
    "方便|高兴|高度|高级|高中|高三|马上|成功|成都|安全|安排|安徽|安装|石家庄|金额|文化|白天|白白|于是|向来|时间|时候|连续|任何|单独|单位|单身|明天|明确|明白"
    "|全部|全家|全程|国家|国内|计划|从来|从未|从此|从小|和平|强烈|海外|海南|关于|关注|路过|左右|解决|简单|包括|包装|车主|车辆|车牌|车位|项目|冷静|花了|花费|管理"
    "|章丘|应该|应聘|舒服|师傅|师范|权益|支付|支持|满意|满心|查询|麻烦|官方|水平|成年|成为|常住|江苏|江西|湖南|吴江|康复|万分|万般|严重|严肃|何时|何处|孔雀|龙岗"
    "|温州|宁波|宁愿|宁夏|尚未|施工|申请|申诉|毛病|牛奶|雷锋|古城|游客|易怒|甘愿|武汉|唐山|郑州|徐州|苏州|苏宁|广州|温馨|许多|许久|谢谢|梅州|柳州|黄山|黄金|蓝色|田间|程序|余额|余生"
    "|颜值|颜色|顾客|顾虑|江湖|林业|周末|周围|周一|周二|周三|周四|周五|周六|周日|周边|钱包|程度|焦急|焦虑|凌晨|苗条|余地|童鞋|童装|范围|江边|陆地|雷同|沈阳|胡说|胡乱|许诺"
    "|蓝牙|黄色|黄牛|谷物|温度|温和|涂抹|盛大|戴着|戴上|成长|林林|史无|叶子|杨梅|石头|金牌|毕竟|毕业|武装|柏油|宫里|顾家|包邮|包装|包裹|游戏|党委|安检|卫生|水电|水果|水军|池子|官网|卡友|高中|高校|高铁"
    "|陆续|段时|史上|夏天|秦皇|江阴|莫名|康师|童年|庄严|盛情|桂林|麦当|乔迁|谷歌|楚天|时尚|成熟|高贵|文明|白领|强势|明星|商务|荣誉|党员|费用|国际|米其|陈述|张贴|余款|黄疸|高血|白血|白内|水肿|方式|单号|高烧|甘油|石膏|钱款|单据|全称|任意|汤圆|牛肉|花生|康乃|卫浴|孙子|孙女|花钱|方面|解释|当然|海报|许可|查找|查看"
)
"""Words that begin with a surname."""

TIME = "[昨今前后上下天日月年周时间点号分秒中里外面家人常爱喜易经怎觉得用车门法式便向公方]|明天"
"""Characters of times and of what people do; hardly given names."""

FIRST_NAMES = frozenset(
    "aaron adam adrian ahmed aidan aisha alan albert alex alexander alexandra alexis alfred ali alice alicia"
    " alison allison amanda amber amelia amy ana andrea andrew angel angela anita ann anna anne annette anthony"
    " antonio april arthur ashley audrey austin barbara barry beatrice becky ben benjamin beth betty beverly bill"
    " billy bob bobby bonnie brad bradley brandon brenda brian bridget bruce bryan caitlin cameron carl carla"
    " carlos carmen carol caroline carolyn catherine cathy charlene charles charlie charlotte chelsea cheryl chloe"
    " chris christian christina christine christopher cindy claire clara claudia colin connie connor courtney"
    " craig crystal curtis cynthia daisy dale dan dana daniel danielle danny darren dave david dawn dean deborah"
    " debra denise dennis derek diana diane diego dominic don donald donna doris dorothy doug douglas dylan ed"
    " eddie edith edward edwin eileen elaine eleanor elena elizabeth ella ellen emily emma eric erica erin ethan"
    " eugene eva evan evelyn fatima fernando fiona florence frances francis francisco frank fred frederick gabriel"
    " gail gary gavin gene george gerald gina glenn gloria gordon grace graham greg gregory hannah harold harriet"
    " harry hassan heather hector helen henry holly howard hugh ian irene isaac isabel isabella jack jackie"
    " jackson jacob jacqueline jade jake james jamie jan jane janet janice jasmine jason jay jean jeff jeffrey"
    " jenna jennifer jenny jeremy jerry jesse jessica jill jim jimmy joan joanna joanne joe joel john johnny jon"
    " jonathan jordan jorge jose joseph josh joshua joyce juan judith judy julia julian julie june justin karen"
    " karl kate katherine kathleen kathryn kathy katie kayla keith kelly ken kenneth kerry kevin kim kimberly"
    " kristen kristin kyle lara larry laura lauren laurie lawrence leah lee leo leon leslie lewis liam linda"
    " lindsay lisa liz lois lori louis louise lucas lucy luis luke lydia lynn maggie manuel marc marcus margaret"
    " maria marie marilyn mario marion marjorie mark marlene martha martin marvin mary mateo matt matthew maureen"
    " max megan melanie melissa michael michelle miguel mike mildred miriam mohamed mohammed molly monica nancy"
    " naomi natalie natasha nathan neil nicholas nick nicole nina noah nora norma norman oliver olivia omar oscar"
    " owen pablo pam pamela pat patricia patrick paul paula pauline pedro peggy penny peter phil philip phillip"
    " phyllis priya rachel rahul ralph randy ray raymond rebecca regina renee rhonda ricardo richard rick ricky"
    " rita rob robert roberta robin rodney roger roland ron ronald rosa rosemary ross roy russell ruth ryan sally"
    " sam samantha samuel sandra sandy sanjay sara sarah scott sean seth shane shannon sharon shawn sheila shelly"
    " sherry shirley simon sofia sonia sophia sophie stacy stan stanley stella stephanie stephen steve steven"
    " stuart sue susan suzanne sylvia tamara tammy tanya tara taylor ted teresa terry theodore theresa thomas"
    " tiffany tim timothy tina todd tom tommy toni tony tracy travis trevor tyler valerie vanessa vera veronica"
    " vicki victor victoria vincent virginia vivian walter wanda warren wayne wendy wei william willie xavier"
    " yolanda yvonne zachary zoe".split()
)
"""Usual first names of English-speaking countries, in small letters."""
