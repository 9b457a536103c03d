"""What holds for every text: masking settles, reading never fails, stays in range and has no memory."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import decode, encode
from contracts.records import Reading
from streams.subjects import Subject, SubjectFinder, Subjects
from streams.text import mask
from streams.text.mask import Masker
from streams.text.normal import normalise, normalised
from streams.text.reader import LexiconReader
from streams.text.scan import Scanner, _settle
from streams.text.words import shipped

MASKER = Masker(b"a key of 16 byte")
READER, OTHER = LexiconReader(), LexiconReader()
NAMED = LexiconReader(names=["快鹿外卖", "delta"])
SCANNER = Scanner(shipped().terms)
FINDER = SubjectFinder(Subjects(subjects=(Subject(name="Delta"), Subject(name="云杉航空", aliases=("云杉",)))))

ANY = st.text(st.characters(), max_size=200)
PIECES = (
    """1 0 13812345678 86 + ( ) - . @ a x X qq.com 4111 1111 11010519491231002 http:// www. # [电话# ] 010 62345678
214 555 1234 １ ٣ ， 电话""".split()
    + [" "]
)
DIGITAL = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
NUMBER = st.sampled_from(["", "86", "1390000", "110105194912310", "41111111", "00"]).flatmap(
    lambda head: st.text("0123456789", max_size=21).map(lambda rest: head + rest)
)
WORDS = st.lists(st.sampled_from([*shipped().terms[::7], " ", "，", "不", "not ", "很", "x"]), max_size=20).map("".join)


CUED = st.lists(
    st.sampled_from(
        """姓名 ： 本人 王小明 李 先生 女士 我叫 my name is John Smith Mr 微信号 abc_123 QQ 123456 护照 E12345678
        订单号 A2019-00017 order number 路 88 号 3号楼 1203室 朝阳区 京A12345 12 Main Street 电话 62345678 單號 ＱＱ
        １２３４５６ [姓名#3f9a1c] ， . 的 快递 SF1234567890123 客户 反映 幺三八〇〇一三八〇〇〇 139 0013 9000 / _ 次
        打 66668888 小区 5-3-201 B区 # 栋 单元 身份证 320106198802143621 银行卡号 加 V zhang1988 Dr. Wilson
        this is ZHANG SAN · Flat 5,
        main st john [at] gmail.com""".split()
        + [" "]
    ),
    max_size=14,
).map("".join)


@given(ANY | DIGITAL)
@settings(max_examples=400, deadline=None)
def test_masking_twice_is_masking_once(text: str) -> None:
    masked = MASKER.mask(text)
    assert MASKER.mask(masked) == masked


@given(ANY | DIGITAL)
@settings(max_examples=200, deadline=None)
def test_masking_keeps_the_rest_and_never_doubles_a_text(text: str) -> None:
    masked, spans = MASKER.mask_spans(text)
    kept = len(text) - sum(span.end - span.start for span in spans)
    assert len(masked) == kept + sum(len(span.mask) for span in spans) <= 2 * len(text)
    assert masked == MASKER.mask(text)


@given(ANY | WORDS)
@settings(max_examples=300, deadline=None)
def test_a_reading_is_in_range_and_survives_the_wire(text: str) -> None:
    reading = READER.read(text)
    assert -1 <= reading.polarity <= 1 and 0 <= reading.heat <= 1
    assert len(reading.keywords) <= 5 and len(reading.signature) in (0, 16)
    assert decode(Reading, encode(reading)) == reading


@given(st.lists(ANY | WORDS, min_size=2, max_size=6))
@settings(max_examples=50, deadline=None)
def test_readings_do_not_depend_on_the_order_of_calls(texts: list[str]) -> None:
    forward = [READER.read(text) for text in texts]
    assert [READER.read(text) for text in reversed(texts)][::-1] == forward
    assert [OTHER.read(text) for text in texts] == forward


@given(st.lists(ANY | WORDS | DIGITAL | CUED, max_size=8), st.sampled_from([None, "zh", "en", "mixed", "x"]))
@settings(max_examples=150, deadline=None)
def test_many_texts_are_read_and_masked_as_each_alone(texts: list[str], lang: str | None) -> None:
    assert NAMED.read_many(texts, [lang] * len(texts)) == [NAMED.read(text, lang) for text in texts]
    assert MASKER.mask_many(texts) == [MASKER.mask(text) for text in texts]


@given(st.lists(ANY | WORDS, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_many_texts_are_normalised_and_scanned_as_each_alone(texts: list[str]) -> None:
    normals = normalised(texts)
    assert normals.texts() == [normalise(text) for text in texts]
    assert SCANNER.hits_of(normals) == [SCANNER.hits(normal) for normal in normals.texts()]


@given(ANY | WORDS)
@settings(max_examples=100, deadline=None)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(CUED)
@settings(max_examples=400, deadline=None)
def test_masking_of_cued_values_settles(text: str) -> None:
    masked = MASKER.mask(text)
    assert MASKER.mask(masked) == masked


@given(ANY | DIGITAL | CUED | NUMBER)
@settings(max_examples=500, deadline=None)
def test_no_finder_that_was_left_out_would_have_found_anything(text: str) -> None:
    plain = mask._plain(text)
    assert mask._found(plain, mask._wanted(plain)) == mask._found(plain, mask.EVERYTHING)


@given(
    st.lists(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    st.text("甲乙丙丁", max_size=40),
)
@settings(max_examples=300, deadline=None)
def test_both_ways_of_scanning_choose_the_same_matches(terms: list[str], text: str) -> None:
    scanner = Scanner(terms)
    kept: list[tuple[int, int, int]] = []
    for hit in scanner._automaton.find_matches_as_indexes(f" {text} ", overlapping=True):
        _settle(kept, hit)
    assert scanner.hits(text) == kept


@given(ANY, st.none() | ANY)
@settings(max_examples=100, deadline=None)
def test_finding_brands_never_fails(text: str, brand: str | None) -> None:
    assert set(FINDER.brands(text, brand)) <= {"Delta", "云杉航空", "other"}
