"""A text lightly edited by many is one voice; what many say in their own words is many."""

from __future__ import annotations

import pickle
from random import Random

import pytest

from contracts.records import Counts, Sentiment, Signal, SignalKind
from detectors.brand import BrandDetector
from detectors.copies import CROWD, FLOODS, KEYS, LEAST, Copies, edits_allowed, letters_of, runs_of
from detectors.settings import DetectSettings
from detectors.tally import copies_by_series
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, pane_input, trained

TEXT = (
    "转发扩散！我亲身经历，快鹿外卖欺骗消费者，收了钱不办事，客服互相推诿，投诉半个月没有任何结果，看到的都帮忙转一下"
)
EDITS = (
    TEXT + "😡😡",
    "@小鹿 @消费者之声 " + TEXT,
    TEXT.replace("推诿", "推委").replace("收了钱", "收钱"),
    TEXT.replace("，", " ").replace("！", ""),
    TEXT.replace("亲身", "亲生") + " 求扩散",
    "【转】" + TEXT[:-3] + "[怒]",
    TEXT.replace("半个月", "快1个月"),
)
IN_OWN_WORDS = (
    "快鹿外卖的客服推来推去，我投诉了两个星期都没有下文",
    "点了快鹿外卖，钱扣了餐没送到，打电话谁也不管",
    "在快鹿投诉了三次，每次都说会有专人联系，到现在没有",
    "说好的退款呢？快鹿外卖收钱的时候倒是很快",
    "已经半个月了，快鹿的人一个回复都不给，太让人失望",
    "快鹿外卖收了会员费，承诺的服务一样也没有做到",
)


def voices(texts: list[str], copies: Copies | None = None) -> int:
    """How many of the texts, each with a signature of its own, are voices."""
    memory = copies or Copies(1000, 1000)
    return sum(memory.of(f"m{n}", f"s{n}", text, n, 1) is None for n, text in enumerate(texts))


@pytest.mark.parametrize("edit", EDITS)
def test_a_light_edit_is_a_copy_of_the_first(edit: str) -> None:
    copies = Copies(1000, 1000)
    assert copies.of("first", "s1", TEXT, 1, 5) is None
    found = copies.of("second", "s2", edit, 2, 70)
    assert found is not None
    assert (found.id, found.copies, found.reach) == ("first", 1, 70)


def test_what_people_say_in_their_own_words_of_one_matter_is_as_many_voices() -> None:
    assert voices([TEXT, *IN_OWN_WORDS]) == 1 + len(IN_OWN_WORDS)


def test_english_copies_are_known_and_a_new_sentence_is_none() -> None:
    text = "My battery exploded overnight and nobody at the hotline wants to hear of it, please share"
    edit = "@acme my batery explodded overnight, and nobody at the hotline wants to hear about it!! please share 😡"
    own = "Mine exploded overnight too and the hotline keeps telling me to call back tomorrow"
    assert voices([text, edit, own]) == 2


def test_short_texts_are_voices_unless_they_are_equal() -> None:
    copies = Copies(1000, 1000)
    assert copies.of("a", "s1", "客服态度太差了", 1, 1) is None
    assert copies.of("b", "s2", "客服态度真差了", 2, 1) is None
    assert copies.of("c", "s1", "客服态度太差了", 3, 1) is not None
    assert copies.of("d", "", "太差了", 4, 1) is None and copies.of("e", "", "太差了", 5, 1) is None
    assert len(copies) == 2


def test_after_a_day_a_text_is_a_voice_again() -> None:
    copies = Copies(1000, panes=100)
    told = [copies.of(f"m{pane}", f"s{pane % 3}", EDITS[pane % 3], pane, 1) is None for pane in (0, 50, 99, 100, 150)]
    assert told == [True, False, False, True, False]


def test_memory_is_bounded_and_a_flood_forgets_nothing_it_repeats() -> None:
    random = Random(1)
    copies = Copies(200, 10**9)
    letters = [chr(code) for code in range(0x4E00, 0x5E00)]
    flood = 0
    for number in range(5000):
        text = "".join(random.choices(letters, k=60))
        assert copies.of(f"m{number}", f"s{number}", text, number, 1) is None
        flood += copies.of(f"f{number}", f"f{number}", EDITS[number % len(EDITS)], number, 1) is None
    assert flood == 1
    assert len(copies) == 200
    assert len(copies._index) <= 200 * 2 * KEYS
    assert {id(one) for one in copies._index.values()} <= {id(one) for one in copies._known.values()}
    assert len(pickle.dumps(copies)) < 200 * 1000


def test_a_restored_memory_has_the_same_future() -> None:
    random = Random(2)
    texts = [random.choice((*EDITS, *IN_OWN_WORDS)) + random.choice("的了吗呢吧") for _ in range(300)]
    whole = Copies(50, 1000)
    cut = Copies(50, 1000)
    for number, text in enumerate(texts):
        cut = pickle.loads(pickle.dumps(cut))  # noqa: S301
        answers = [one.of(f"m{number}", f"s{number % 97}", text, number, 1) for one in (whole, cut)]
        assert (answers[0] and answers[0].id) == (answers[1] and answers[1].id)


@pytest.mark.parametrize("text", ["", "a" * 280, "客" * 280, "\ud800" * 40, "@" * 280, "[" * 280, "𠮷" * 100, "1" * 99])
def test_hostile_texts_do_no_harm(text: str) -> None:
    copies = Copies(10, 1000)
    assert copies.of("a", "s1", text, 1, 1) is None
    copies.of("b", "s2", text + "啊", 2, 1)
    assert len(runs_of(letters_of(text))) <= max(0, len(letters_of(text)) * 2)


def test_short_texts_may_be_edited_once_and_floods_more() -> None:
    assert edits_allowed(LEAST, 0.2) == 1
    assert edits_allowed(60, 0.2, flood=True) > edits_allowed(60, 0.2)


def through(detector: BrandDetector, pane: int, texts: list[str]) -> tuple[list[Signal], int]:
    """A mention each with an author and a signature of its own, fifty a minute; the signals, and the voices counted."""
    signals: list[Signal] = []
    counted = 0
    for start in range(0, len(texts), 50):
        items = tuple(
            evidence(
                pane, n, text=text, signature=f"x{start + n}", author=f"a{start + n}", sentiment=Sentiment.NEGATIVE
            )
            for n, text in enumerate(texts[start : start + 50])
        )
        found = detector.step(pane, pane_input("B", items), alive_at(pane))
        signals += found.signals
        counted += sum(row.voices for row in found.rows if row.series == "brand=B")
        pane += 1
    counted += sum(row.voices for row in detector.step(pane, None, {}).rows if row.series == "brand=B")
    return signals, counted


def test_a_flood_of_ten_thousand_edited_copies_is_one_voice_and_raises_nothing() -> None:
    detector, pane, _ = trained(days=3.0, rate=2.0)
    random = Random(3)
    edits = []
    for _ in range(10_000):
        text = random.choice(EDITS)
        place = random.randrange(len(text))
        edits.append(text[:place] + random.choice("的了吗😡！") + text[place + random.randrange(2) :])
    signals, counted = through(detector, pane, edits)
    assert counted == 1
    assert {one.kind for one in signals} <= {SignalKind.VOLUME_SILENCE}  # nobody speaks of anything else any more


def test_the_same_number_of_voices_of_their_own_raises_a_warning() -> None:
    detector, pane, _ = trained(days=3.0, rate=2.0)
    random = Random(4)
    letters = [chr(code) for code in range(0x4E00, 0x5E00)]
    texts = ["".join(random.choices(letters, k=40)) for _ in range(2000)]
    signals, counted = through(detector, pane, texts)
    assert counted == len(texts)
    assert any(one.kind.value == "volume.spike" for one in signals)


def test_copies_are_taken_from_every_series_they_stand_in() -> None:
    items = [evidence(BASE, n, channel=("weibo", "web")[n % 2], region=None, reach=3) for n in range(6)]
    found = copies_by_series("B", items, ((), ("channel",), ("channel", "category"), ("region",)), 0.6)
    assert found == {
        "brand=B": Counts(6, reach=18),
        "brand=B,channel=weibo": Counts(3, reach=9),
        "brand=B,channel=web": Counts(3, reach=9),
        "brand=B,category=logistics,channel=weibo": Counts(3, reach=9),
        "brand=B,category=logistics,channel=web": Counts(3, reach=9),
    }


def test_detectors_of_a_brand_know_at_most_so_many_texts() -> None:
    assert DetectSettings().max_signatures == 10_000
    assert PANES.pane_seconds * 1440 == 86_400


def test_one_of_a_crowd_is_asked_for_by_signature_and_against_floods_alone() -> None:
    copies = Copies(1000, 1000)
    assert copies.echo("s0", TEXT, 1, 5) is None
    copies.of("first", "s1", TEXT, 1, 5)
    assert copies.echo("s1", TEXT, 2, 7) is not None
    assert copies.echo("s2", EDITS[0], 2, 7) is None
    for number in range(CROWD):
        copies.of(f"copy{number}", f"c{number}", EDITS[number % len(EDITS)], 2, 1)
    assert [copies.echo(f"e{number}", edit, 3, 1) is not None for number, edit in enumerate(EDITS)] == [True] * 7
    assert [copies.echo(f"o{number}", text, 3, 1) for number, text in enumerate(IN_OWN_WORDS)] == [None] * 6
    assert copies.echo("", TEXT, 3, 1) is None
    assert copies.echo("late", EDITS[0], 1001, 1) is None
    assert (copies.known("s1") or pytest.fail("forgotten")).reach == 7 + CROWD + 7
    assert len(copies) == 1


def test_the_oldest_floods_and_forgotten_ones_are_compared_no_more() -> None:
    copies = Copies(FLOODS + 2, 1000)
    texts = [f"{chr(0x4E00 + 20 * number)}{chr(0x4E01 + 20 * number)}" * 8 for number in range(FLOODS + 1)]
    for number, text in enumerate(texts):
        for again in range(CROWD + 1):
            copies.of(f"{number}-{again}", f"{number}", text, 1, 1)
    asked = [copies.echo(f"e{number}", text + "。", 2, 1) is not None for number, text in enumerate(texts)]
    assert asked == [False] + [True] * FLOODS
    for number in range(3):
        copies.of(f"new{number}", f"n{number}", IN_OWN_WORDS[number], 2, 1)
    assert copies.known("0") is None and copies.known("1") is None
    assert copies.echo("again", texts[1] + "。", 2, 1) is None


def test_a_flood_in_a_crowd_is_one_voice_and_the_others_stay() -> None:
    brand = BrandDetector("acme", PANES, DetectSettings(), keep_rows=True)
    random = Random(1)
    flood = [
        TEXT[:place] + random.choice("的了吗") + TEXT[place:] for place in random.choices(range(len(TEXT)), k=8_000)
    ]
    others = ["".join(random.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏", k=30)) for _ in range(2_000)]
    said = random.sample(flood + others, 10_000)
    items = tuple(evidence(BASE, number, text=text, signature=f"s{text}") for number, text in enumerate(said))
    rows = brand.step(BASE, pane_input("acme", items), {}, {}).rows
    whole = next(row for row in rows if row.series == "brand=acme")
    assert whole.counts.n == 10_000
    assert whole.voices in range(1_990, 2_002)
