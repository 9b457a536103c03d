"""What different people report of one matter is one cluster, with a name of its own phrases, in bounded memory."""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Mapping
from random import Random

import pytest

from contracts.records import Sentiment, Signal, SignalKind
from detectors.brand import BrandDetector
from detectors.cluster_names import name_of, runs
from detectors.clusters import KEPT, LISTED, TAKEN, Cluster, Clusters, lead_of, weighed
from detectors.terms import terms_of
from detectors.usage import Usage
from detectors.voice_settings import ClusterSettings
from tests.unit.detectors.streams import BASE, alive_at, evidence, pane_input
from tests.unit.detectors.test_topics import NOON, WORDS, known

DAY = 17_280
STATION = (
    "地铁三号线松湖站没有通往湖滨公园的出入口，每天绕行两公里",
    "强烈要求三号线松湖站增加湖滨公园方向出入口",
    "为什么松湖站湖滨公园方向不设出入口？三号线开通在即",
)
SMOKE = (
    "青园小区三栋楼下饭店把烟道装在消防通道里，油烟呛人",
    "青园小区消防通道被饭店占了装烟道，油烟直往家里灌",
    "楼下饭店油烟扰民，烟道竟然装进青园小区的消防通道",
)
PARK = ("湖滨公园的路灯坏了半个月没人修", "青园小区的电梯年检过期了")
RARE: Mapping[str, float] = defaultdict(lambda: 6.0)


def gathered(texts: list[str], clusters: Clusters | None = None) -> list[int]:
    """The number of the cluster of each text."""
    memory = Clusters(ClusterSettings(), DAY) if clusters is None else clusters
    found = [memory.add(pane, terms_of(text, ()), text, RARE) for pane, text in enumerate(texts)]
    return [one.id for one in found if one is not None]


def test_reports_of_one_matter_are_one_cluster_whatever_their_order() -> None:
    texts = [*STATION, *SMOKE]
    for seed in range(10):
        order = Random(seed).sample(range(6), 6)
        found = gathered([texts[at] for at in order])
        assert {found[place] for place, at in enumerate(order) if at < 3} != {
            found[place] for place, at in enumerate(order) if at >= 3
        }
        assert len(set(found)) == 2


def test_a_shared_place_alone_is_no_matter() -> None:
    assert len(set(gathered([STATION[0], SMOKE[0], *PARK]))) == 4


def test_a_name_is_made_of_the_phrases_that_its_voices_share() -> None:
    clusters = Clusters(ClusterSettings(), DAY)
    gathered([*STATION, *SMOKE], clusters)
    names = [name_of(one) for one in clusters.largest(2)]
    assert "湖滨公园" in names[0]
    assert "消防通道" in names[1] or "烟道" in names[1]
    english = Cluster(1, 1, "Lost luggage again! United lost luggage in Denver")
    english.terms = {"lost": 3.0, "luggage": 3.0, "denver": 0.5}
    assert name_of(english) == "lost luggage"


def test_what_everybody_says_makes_no_matter() -> None:
    usage = Usage(1000, 336.0)
    for quantum in range(100):
        for _ in range(5):
            usage.add(("parcel", "courier", "late", "again"))
        usage.close(quantum, 0, 1.0)
    clusters = Clusters(ClusterSettings(), DAY)
    assert weighed(("parcel", "courier", "late", "again"), "parcel courier late again", usage.rarity()) == {}
    assert clusters.add(1, ("parcel", "courier", "late", "again"), "parcel courier late again", usage.rarity()) is None
    assert clusters.add(1, ("parcel", "moth", "holes", "coat"), "parcel with a coat, moth holes", usage.rarity())


def test_with_too_few_words_there_is_no_telling() -> None:
    assert gathered(["太差", "", "lost"]) == []


def test_matters_fade_and_the_smallest_are_forgotten() -> None:
    clusters = Clusters(ClusterSettings(most=10, half_life_days=1.0), DAY)
    gathered(list(SMOKE), clusters)
    old = clusters.largest(1)[0]
    assert clusters.size(old, DAY) == pytest.approx(1.5, abs=0.01)
    for number in range(40):
        words = tuple(f"w{number}x{place}" for place in range(5))
        clusters.add(5 * DAY + number, words, " ".join(words), RARE)
    assert clusters.find(old.id) is None
    assert len(clusters.largest(100)) <= 10


def test_memory_is_bounded_with_a_hundred_thousand_new_terms() -> None:
    clusters = Clusters(ClusterSettings(most=200), DAY)
    for number in range(5000):
        words = (*(f"n{number}x{place}" for place in range(20)), "parcel", "courier", f"c{number % 7}")
        clusters.add(number, words, " ".join(words), RARE)
    assert len(clusters.largest(1000)) <= 200
    assert len(clusters) <= 200 * 2 * KEPT
    assert all(len(listed) <= LISTED for listed in clusters._index.values())
    assert sum(len(listed) for listed in clusters._index.values()) == len(clusters)
    assert len(pickle.dumps(clusters)) < 200 * 3000


def test_a_restored_memory_has_the_same_future() -> None:
    random = Random(1)
    texts = [random.choice((*STATION, *SMOKE, *PARK)) + random.choice(WORDS) for _ in range(200)]
    whole, cut = Clusters(ClusterSettings(most=10), DAY), Clusters(ClusterSettings(most=10), DAY)
    answers = []
    for pane, text in enumerate(texts):
        cut = pickle.loads(pickle.dumps(cut))  # noqa: S301
        pair = [one.add(pane, terms_of(text, ()), text, RARE) for one in (whole, cut)]
        answers.append(tuple(one and one.id for one in pair))
    assert all(first == second for first, second in answers)


@pytest.mark.parametrize("text", ["", "a" * 280, "客" * 280, "\ud800" * 40, "。" * 280, "啊。" * 140])
def test_hostile_texts_do_no_harm(text: str) -> None:
    assert len(lead_of(text)) <= 64
    assert len(weighed(terms_of(text, ()), text, RARE)) <= TAKEN
    gathered([text, text])
    assert runs(text, {}) == []


def test_rarity_after_a_restore_is_the_same() -> None:
    usage = Usage(100, 336.0)
    for quantum in range(50):
        usage.add(("parcel", f"new{quantum}"))
        usage.close(quantum, 0, 1.0)
    before = pickle.dumps(usage)
    asked = [usage.rarity()[term] for term in ("parcel", "new3", "never")]
    assert pickle.dumps(usage) == before
    restored = pickle.loads(before)  # noqa: S301
    assert [restored.rarity()[term] for term in ("parcel", "new3", "never")] == asked
    assert asked[0] < asked[2]


WAYS = (
    "The charger of the tablet melted and burned my desk",
    "Melted charger!! my tablet nearly burned the bedroom",
    "tablet charger burned through the carpet, totally melted",
    "burned fingers from a melted tablet charger tonight",
    "Woke to smoke: charger melted, tablet burned",
    "my kid's tablet charger melted, sofa burned",
    "another melted charger. tablet burned. unbelievable",
    "melted tablet charger, burned the socket",
    "the tablet was charging when its charger melted, burned cable",
)


def heard_by(detector: BrandDetector, texts: tuple[str, ...]) -> list[Signal]:
    """A mention every three minutes, each by somebody else; all signals."""
    signals: list[Signal] = []
    for number, text in enumerate(texts):
        pane = BASE + NOON + 3 * number
        one = evidence(pane, number, text=text, keywords=(), author=f"p{number}", sentiment=Sentiment.NEGATIVE)
        signals += detector.step(pane, pane_input("B", (one,)), alive_at(pane)).signals
    return signals


def test_a_matter_emerges_under_its_name_and_its_share_of_the_excess_is_told() -> None:
    told = [one for one in heard_by(known(), WAYS) if one.kind is SignalKind.TOPIC_EMERGING]
    assert len(told) == 1
    assert "charger" in told[0].labels["topic"]
    parts = [one for one in told[0].contributions if one.dimension == "matter"]
    assert parts and "charger" in parts[0].value
    assert sum(one.excess for one in parts) == pytest.approx(told[0].observed - told[0].expected, abs=1e-6)
