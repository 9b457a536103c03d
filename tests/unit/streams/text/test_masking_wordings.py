"""Masking in the wordings of people and in disguise, and what looks alike and stays. All values are made up."""

from __future__ import annotations

import pytest

from streams.text.mask import Kind, Masker

MASKER = Masker(b"a key of 16 byte")


def found(text: str) -> list[tuple[Kind, str]]:
    return [(span.kind, text[span.start : span.end]) for span in MASKER.mask_spans(text)[1]]


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("客户赵敏反映", Kind.NAME, "赵敏"),
        ("业主李建国反映楼上漏水", Kind.NAME, "李建国"),
        ("投诉人王丽来电反映", Kind.NAME, "王丽"),
        ("当事人李建国称", Kind.NAME, "李建国"),
        ("联系人任慧电话没人接", Kind.NAME, "任慧"),
        ("姓名高圆圆，电话没人接", Kind.NAME, "高圆圆"),
        ("收件人诸葛亮", Kind.NAME, "诸葛亮"),
        ("我叫谢霆锋我要投诉", Kind.NAME, "谢霆锋"),
        ("我叫马冬梅家住朝阳", Kind.NAME, "马冬梅"),
        ("我叫李不凡，", Kind.NAME, "李不凡"),
        ("姓名：ZHANG SAN", Kind.NAME, "ZHANG SAN"),
        ("乘机人：WANG XIAOMING", Kind.NAME, "WANG XIAOMING"),
        ("姓名：买买提·阿不都", Kind.NAME, "买买提·阿不都"),
        ("收件人：阿依古丽", Kind.NAME, "阿依古丽"),
        ("This is Jane Roe calling about my bag", Kind.NAME, "Jane Roe"),
        ("this is Mary Jones, order 12", Kind.NAME, "Mary Jones"),
        ("passenger name SMITH/JOHN", Kind.NAME, "SMITH/JOHN"),
        ("customer name Jane Roe", Kind.NAME, "Jane Roe"),
        ("Name - Jane Roe", Kind.NAME, "Jane Roe"),
        ("Dr. Wilson was late", Kind.NAME, "Wilson"),
        ("Signed, Jane Roe", Kind.NAME, "Jane Roe"),
        ("The name is John Smith", Kind.NAME, "John Smith"),
        ("This is Sarah from Delta", Kind.NAME, "Sarah"),
        ("Passenger Name: Doe/Jane", Kind.NAME, "Doe/Jane"),
        ("业主方伟来电反映", Kind.NAME, "方伟"),
    ],
)
def test_names_are_masked(text: str, kind: Kind, value: str) -> None:
    assert found(text) == [(kind, value)]
    assert MASKER.mask(MASKER.mask(text)) == MASKER.mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "客户满意，顾客至上，业主群里说，客户方面称，客户解释称",
        "姓名和电话，姓名、电话，联系人方式，收件人不在，申请人应当",
        "姓名：客服，联系人：同上，户名：某某公司，投诉人:日期",
        "我叫不到车，我叫外卖我要投诉，我叫单车我要骑，我叫张都没来",
        "患者高烧，患者：黄疸，患者胡言乱语",
        "乘客高铁上，业主张贴通知，业主孙子入学",
        "Passenger Name Record is lost; name - see below",
        "This is United Airlines, this is New York, This is Poor Service",
        "Dr. Pepper, 5 Dr. Martens, Main Dr. Apt",
        "Signed, A Loyal Customer",
        "the doctor signed Delta paperwork",
        "This is Great, This is Delta from Boston, the name is Grand Plaza",
        "患者：高血压",
        "the hotel name is Grand Plaza",
        "Brand name: Nike",
        "company name: Acme",
        "product name is Super Cleaner",
        "This is Great Service here",
        "Sincerely, Disappointed",
        "Best regards, Former Customer",
        "Regards, Ex Customer",
    ],
)
def test_what_only_looks_like_names_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("快递SF1234567890123没到", Kind.ORDER, "SF1234567890123"),
        ("中通快递75512345678901一直没到", Kind.ORDER, "75512345678901"),
        ("圆通YT2211234567890没到", Kind.ORDER, "YT2211234567890"),
        ("京东快递JD0012345678901", Kind.ORDER, "JD0012345678901"),
        ("PNR X7KQ2L", Kind.ORDER, "X7KQ2L"),
        ("我身份证320106198802143621被你们泄露", Kind.ID_CARD, "320106198802143621"),
        ("银行卡号6222021001123456780", Kind.BANK_CARD, "6222021001123456780"),
        ("银行账号：1234567890123", Kind.BANK_CARD, "1234567890123"),
        ("回乡证H1234567801", Kind.PASSPORT, "H1234567801"),
        ("台胞证12345678", Kind.PASSPORT, "12345678"),
        ("香港身份证A123456(3)", Kind.ID_CARD, "A123456(3)"),
        ("驾驶证号110105194912310021", Kind.ID_CARD, "110105194912310021"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", Kind.BANK_CARD, "GB29 NWBK 6016 1331 9268 19"),
        ("passport C01X00T47", Kind.PASSPORT, "C01X00T47"),
        ("VXzhang1988", Kind.WECHAT, "zhang1988"),
        ("加vzhang1988", Kind.WECHAT, "zhang1988"),
        ("+Vzhang1988", Kind.WECHAT, "zhang1988"),
        ("v：zhang1988", Kind.WECHAT, "zhang1988"),
        ("➕V zhang1988", Kind.WECHAT, "zhang1988"),
        ("微x zhang1988", Kind.WECHAT, "zhang1988"),
        ("加卫星zhang1988", Kind.WECHAT, "zhang1988"),
        ("徽信zhang1988", Kind.WECHAT, "zhang1988"),
        ("加Q12345678", Kind.QQ, "12345678"),
        ("加q：12345678", Kind.QQ, "12345678"),
        ("加我qq聊 12345678", Kind.QQ, "12345678"),
        ("josé@example.com", Kind.EMAIL, "josé@example.com"),
        ("zhang.san@公司.cn", Kind.EMAIL, "zhang.san@公司.cn"),
        ("john [at] gmail [dot] com", Kind.EMAIL, "john [at] gmail [dot] com"),
        ("o'brien@example.ie", Kind.EMAIL, "o'brien@example.ie"),
        ("plate number AB12 CDE", Kind.PLATE, "AB12 CDE"),
    ],
)
def test_codes_and_accounts_are_masked(text: str, kind: Kind, value: str) -> None:
    assert found(text) == [(kind, value)]
    assert MASKER.mask(MASKER.mask(text)) == MASKER.mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "快递3天没到，顺丰20190105下单，快递员打了我",
        "booking ABCDEF12 of 2 rooms",
        "身份证19900101过期，银行95588，账户20150216233605扣款",
        "passport CONTROL desk",
        "IBAN is asked for",
        "加v8发动机，v: version2，加vip1234，5G+V2X",
        "QQ20190105更新",
        "plate number 12 fries, plates 1234567",
        "see you [at] 5.30, look (at) this",
        "http://t.co/VxAb12cd34",
        "wechat: please fix this",
        "微信：iphone打不开",
        "微信：android闪退",
        "微信android14闪退",
        "微信windows11版",
        "case 100000",
        "record 1000000",
        "record 250000 sales",
        "claim 100000 dollars",
        "transaction 2000000",
        "护照 20231115 到期",
        "护照2000000本",
    ],
)
def test_what_only_looks_like_codes_and_accounts_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("忠孝东路四段100号", Kind.ADDRESS, "忠孝东路四段100号"),
        ("台北市大安區忠孝東路四段100號5樓", Kind.ADDRESS, "台北市大安區忠孝東路四段100號5樓"),
        ("幸福小区5-3-201", Kind.ADDRESS, "幸福小区5-3-201"),
        ("花园小区7-2-501", Kind.ADDRESS, "花园小区7-2-501"),
        ("恒大绿洲15#2-301", Kind.ADDRESS, "恒大绿洲15#2-301"),
        ("壹号院7#楼2单元1802", Kind.ADDRESS, "壹号院7#楼2单元1802"),
        ("万科城B区12栋801", Kind.ADDRESS, "万科城B区12栋801"),
        ("滨江一号3栋2单元1101", Kind.ADDRESS, "滨江一号3栋2单元1101"),
        ("中海国际社区3期8栋1单元902", Kind.ADDRESS, "中海国际社区3期8栋1单元902"),
        ("我在2栋1单元1101住", Kind.ADDRESS, "2栋1单元1101"),
        ("龙湖天街A座1204", Kind.ADDRESS, "龙湖天街A座1204"),
        ("东四十条胡同甲22号", Kind.ADDRESS, "东四十条胡同甲22号"),
        ("科技园南区R2-B栋4楼", Kind.ADDRESS, "科技园南区R2-B栋4楼"),
        ("幸福小区5号楼3门201", Kind.ADDRESS, "幸福小区5号楼3门201"),
        ("七区10号楼4门302", Kind.ADDRESS, "七区10号楼4门302"),
        ("天府三街199号太平洋保险金融大厦A座1701", Kind.ADDRESS, "天府三街199号太平洋保险金融大厦A座1701"),
        ("123 Main st.", Kind.ADDRESS, "123 Main st."),
        ("apt 5c, 123 main st", Kind.ADDRESS, "apt 5c, 123 main st"),
        ("Flat 4, 12 Church Lane", Kind.ADDRESS, "Flat 4, 12 Church Lane"),
        ("Unit 12, 45 George Street, Sydney NSW 2000", Kind.ADDRESS, "Unit 12, 45 George Street, Sydney NSW 2000"),
    ],
)
def test_addresses_are_masked(text: str, kind: Kind, value: str) -> None:
    assert found(text) == [(kind, value)]
    assert MASKER.mask(MASKER.mask(text)) == MASKER.mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "3期8栋没交房，二期12栋停水，坐在B座12排",
        "2019-12-31小区停电，公园 10-12-2019 开放，价格5-3-201",
        "1#机组故障，路灯2#坏了",
        "山语城3期3组团",
        "广州塔200元",
        "祥符街道8号停电",
        "20 min st, in 20 hours st louis, 30 people st louis",
        "Flat 5 was bad, Unit 12 leaks",
        "2 star road, 24 hour road service",
        "小区12栋没电",
        "我们小区5号楼停水三天",
        "24 Hour Service Close",
        "3 Hour Drive",
        "256 GB Flash Drive",
        "5 Star Place",
        "20 Dollars Way too much",
        "2008 Wall Street crash",
    ],
)
def test_what_only_looks_like_addresses_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("139/0013/9000", Kind.PHONE, "139/0013/9000"),
        ("139_0013_9000", Kind.PHONE, "139_0013_9000"),
        ("139,0013,9000", Kind.PHONE, "139,0013,9000"),
        ("139~0013~9000", Kind.PHONE, "139~0013~9000"),
        ("139*0013*9000", Kind.PHONE, "139*0013*9000"),
        ("139\u00ad0013\u00ad9000", Kind.PHONE, "139\u00ad0013\u00ad9000"),
        (
            "1\ufe0f\u20e33\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e33\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e3",
            Kind.PHONE,
            "1\ufe0f\u20e33\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e33\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e30",
        ),
        ("139📞0013📞9000", Kind.PHONE, "139📞0013📞9000"),
        ("一三八一二三四五六七八", Kind.PHONE, "一三八一二三四五六七八"),
        ("我电话幺三八〇〇一三八〇〇〇", Kind.PHONE, "幺三八〇〇一三八〇〇〇"),
        ("壹叁捌零零壹叁捌零零零", Kind.PHONE, "壹叁捌零零壹叁捌零零零"),
        ("①③⑧①②③④⑤⑥⑦⑧", Kind.PHONE, "①③⑧①②③④⑤⑥⑦⑧"),
        ("我手机139001390003天没信号", Kind.PHONE, "13900139000"),
        ("139001390002次", Kind.PHONE, "13900139000"),
        ("我的电话139 00 13 90 00", Kind.PHONE, "139 00 13 90 00"),
        ("電話９１２３４５６７", Kind.PHONE, "９１２３４５６７"),
        ("請致電９１２３４５６７", Kind.PHONE, "９１２３４５６７"),
        ("打66668888找我", Kind.PHONE, "66668888"),
        ("call 0161 496 0000", Kind.PHONE, "0161 496 0000"),
        ("call me 06 12 34 56 78", Kind.PHONE, "06 12 34 56 78"),
    ],
)
def test_phones_and_cards_are_masked(text: str, kind: Kind, value: str) -> None:
    assert found(text) == [(kind, value)]
    assert MASKER.mask(MASKER.mask(text)) == MASKER.mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "价格139/1299/5999，尺寸180*2000*1500，价格139,1299,5999",
        "一八年，一三五七九，一九九八年一月",
        "打20000000次，打20190105次，打12345没用",
        "电话400-820-8820，电话0731-12345",
        "价格139 49 59 69 79",
        "+1 800 433 7300, +44 800 123 4567",
        "A+ 12345678, GMT+1 20231115",
        "call 911 or 2019",
        "商品编码4901234567894",
        "价格 599 699 7999",
        "套餐 200 300 4000",
        "价格 399 499 5999 三档",
        "尺寸 200-300-4000",
        "I paid 300 400 5000",
        "666 666 6666",
        "商品条码6901234567892",
        "条形码6921168509256",
        "售楼小姐把我拉黑了",
        "房东太太说好了不涨",
        "UTC+8 20231115",
        "UTC+8 2023-11-15 10:00",
        "10086+12345678",
        "+86 400 820 8820",
        "+86-400-820-8820",
        "+86 800 810 1234",
    ],
)
def test_what_only_looks_like_phones_and_cards_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "spelling", ["幺三九〇〇一三九〇〇〇", "139_0013_9000", "①③⑨⓪⓪①③⑨⓪⓪⓪", "139\u00ad0013\u00ad9000", "139📞0013📞9000"]
)
def test_a_number_in_disguise_has_the_mask_of_the_plain_one(spelling: str) -> None:
    assert MASKER.mask(f"请打{spelling}") == MASKER.mask("请打13900139000")


def test_an_address_spelled_out_has_the_mask_of_the_plain_one() -> None:
    assert MASKER.mask("john [at] gmail [dot] com") == MASKER.mask("john@gmail.com")


@pytest.mark.parametrize(
    "unit",
    ["123-", "(1", "客户赵敏", "姓名：阿", "姓名高圆", "1#", "小区5-3-201", "一三", "①", "快递SF1",
     "1_", "139_0013_", "139 00 ",
     "身份证1", "账号1-", "IBAN GB29 A", "加V", "a [at] b", "A. ", "Flat 5, ",
     "apt 1 1 aa ", "Signed, A ", "老小区1栋"],
)  # fmt: skip
def test_hostile_wordings_settle(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    once = MASKER.mask(text)
    assert MASKER.mask(once) == once
