"""Learning put together: who learns what, and who reads with what was learned. Apart from Faust, so a replay has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.codec import encode_mixed
from contracts.errors import InvalidSettings
from contracts.panes import Panes
from contracts.ports import Reader
from contracts.records import Command, Task
from streams.lessons import LearnCore, School
from streams.text.category_guard import CategoryJudge, shipped_sample
from streams.text.category_model import CategoryLearner
from streams.text.category_reader import CategoryReader
from streams.text.learn import GuardedLearning
from streams.text.learned_pack import SmallLearner, pack, unpack
from streams.text.reader import LexiconReader
from streams.text.sentiment_guard import SentimentJudge
from streams.text.sentiment_learning import LABELS, SentimentLearner
from streams.text.taxonomy import Taxonomy
from streams.text.words import Lexicon, shipped
from streams.versions import Made


def made_of(reader: Reader, taxonomy: Taxonomy) -> Made:
    """Readers of packed models around ``reader``."""
    lexicon = taxonomy.lexicon()

    def made(models: Mapping[Task, str]) -> Reader:
        found = {task: unpack(packed) for task, packed in models.items()}
        judging = reader
        if isinstance(reader, LexiconReader) and Task.SENTIMENT in found:
            judging = reader.corrected(found[Task.SENTIMENT])
        return CategoryReader(judging, found[Task.CATEGORY], lexicon) if Task.CATEGORY in found else judging

    return made


def learn_core(partitions: int, panes: Panes, taxonomy: Taxonomy, reader: Reader) -> LearnCore:
    """What learns, on top of ``reader``; equal settings, equal learning. Only a lexicon's reader learns sentiment."""
    lexicon = taxonomy.lexicon() or shipped()
    categories = GuardedLearning(SmallLearner(CategoryLearner()), CategoryJudge(lexicon, _sample(lexicon)))
    schools = {Task.CATEGORY: School(categories, pack, frozenset(lexicon.categories))}
    if isinstance(reader, LexiconReader):
        learner = SmallLearner(SentimentLearner(reader))
        schools[Task.SENTIMENT] = School(GuardedLearning(learner, SentimentJudge(reader)), pack, frozenset(LABELS))
    return LearnCore(partitions, panes, schools, basis=f"{lexicon.version} {reader.version}")


def taught(reader: Reader, lessons: Iterable[Command], panes: Panes, taxonomy: Taxonomy) -> Reader:
    """The reader that holds once all ``lessons`` are learned, one after the other; the guard is as when they came."""
    core = learn_core(1, panes, taxonomy, reader)
    for lesson in lessons:
        core.take(encode_mixed([lesson]))
    models = {task: packed for task in Task if (packed := core.model(task)) is not None}
    return made_of(reader, taxonomy)(models)


def check_label(task: Task, label: str, taxonomy: Taxonomy) -> None:
    """Raise InvalidSettings for a label that the task does not know."""
    categories = task is Task.CATEGORY
    known = sorted((taxonomy.lexicon() or shipped()).categories) if categories else list(LABELS)
    if label not in known:
        raise InvalidSettings(f"option {task.value}", f"{label!r} is no {task.value}; choose {', '.join(known)}")


def _sample(lexicon: Lexicon) -> list[tuple[str, str]]:
    """The shipped sample, as far as its categories stand in the taxonomy; all of it where none does."""
    known = [one for one in shipped_sample() if one[1] in lexicon.categories]
    return known or list(shipped_sample())
