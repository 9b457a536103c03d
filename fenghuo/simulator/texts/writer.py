"""Makes one text from a row of random numbers: clauses in varied order, mistakes, hashtags, emoji, Weibo marks.

Sits inside `traffic`: one `Writer` for each (brand, channel), one call for each record, so it is the hot part.
A text joins four to seven clauses of lists with about twenty fillers and a number, so that two ordinary texts
are no near-copies.
"""

from __future__ import annotations

from collections.abc import Sequence

from fenghuo.simulator.texts import chinese, english
from fenghuo.simulator.texts.bank import Bank, Words

WIDTH = 14
"""Random 32-bit numbers that one text takes."""

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
SENTIMENTS = ("negative", "neutral", "positive")

EMOJI = (
    ("😡", "😤", "🤬", "💢", "😭", "👎", "🙃", "😠"),
    ("🤔", "📷", "👀", "📝", "🙂", "📌", "⏰", "🗓"),
    ("😊", "👍", "❤️", "🎉", "🥰", "✨", "😄", "🌹"),
)
WEIBO_FACES = (
    ("[怒]", "[衰]", "[失望]", "[骷髅]"),
    ("[思考]", "[并不简单]", "[吃瓜]", "[话筒]"),
    ("[赞]", "[心]", "[鼓掌]", "[哈哈]"),
)

# orders of opening (o), when (w), place (l), claim (c), feeling (f), ask (a); a slash starts a new sentence
_ORDERS = (
    ("o", "w", "c", "/", "f", "a"), ("w", "l", "c", "f", "/", "a"), ("f", "/", "w", "c", "/", "a"),
    ("o", "/", "c", "w", "f"), ("l", "c", "/", "a", "f"), ("a", "/", "w", "l", "c"),
    ("c", "/", "o", "w", "f", "/", "a"), ("o", "l", "c", "/", "f"), ("w", "c", "/", "l", "f", "a"),
    ("f", "a", "/", "o", "c"),
)  # fmt: skip


class Writer:
    """Writes texts about one brand in one language.

    >>> text = Writer("云杉航空", "airline", "zh", social=False).write(list(range(100, 114)), NEGATIVE, "logistics")
    >>> "云杉航空" in text and len(text) > 12
    True
    """

    def __init__(self, brand: str, trade: str, lang: str, *, social: bool) -> None:
        bank = english.BANK if lang == "en" else chinese.BANK
        self._brand = brand
        self._social = social
        self._bank = bank
        self.products = bank.products.get(trade, bank.products["shop"])
        self._subjects = _subjects(brand, self.products, bank)
        self._claims = {name: _split(clauses) for name, clauses in bank.negative.items()}
        self._stops = bank.stops
        self._fillers = bank.fillers + ("",) * (2 * len(bank.fillers))
        self._plans = tuple(tuple(_plan(order, bank, mood) for order in _ORDERS) for mood in _moods(bank))
        self._neutral, self._positive = _split(bank.neutral), _split(bank.positive)

    def write(self, row: Sequence[int], sentiment: int, category: str) -> str:
        """The text for a row of at least `WIDTH` numbers; the brand stands in it but for a slip of the keyboard."""
        parts = [self._fillers[row[10] % len(self._fillers)]]
        for at, pool in self._plans[sentiment][row[0] % len(_ORDERS)]:
            if type(pool) is str:
                parts.append(pool + self._claim(row[at], row[8], row[9], sentiment, category))
            else:
                parts.append(pool[row[at] % len(pool)])
        parts.append(self._stops[row[11] % len(self._stops)])
        text = "".join(parts)
        if row[12] % 12 == 0:
            text = self._mistake(text, row[12] // 12)
        return self._dress(text, row[13], row[11] >> 8, sentiment)

    def _claim(self, pick: int, subject: int, number: int, sentiment: int, category: str) -> str:
        if sentiment == NEGATIVE:
            clauses = self._claims[category]
        else:
            clauses = self._positive if sentiment == POSITIVE else self._neutral
        text = ""
        names = self._subjects
        named = False
        for piece in clauses[pick % len(clauses)]:
            if piece == "{p}":
                text += names[subject % len(names)]
                named = True
            elif piece == "{n}":
                text += str(number % 58 + 2)
            else:
                text += piece
        return text if named else f"{self._brand}{self._bank.glue}{text}"

    def _mistake(self, text: str, draw: int) -> str:
        """One slip of the keyboard: a wrong character, a lost one, or a doubled one."""
        bank = self._bank
        wrong = bank.mistakes[draw % len(bank.mistakes)]
        if wrong[0] in text:
            return text.replace(wrong[0], wrong[1], 1)
        at = draw // 8 % len(text)
        return text[:at] + text[at] + text[at:] if draw & 1 else text[:at] + text[at + 1 :]

    def _dress(self, text: str, draw: int, other: int, sentiment: int) -> str:
        """Emoji for some; on social channels hashtags, faces, mentions and reposts besides."""
        if not self._social:
            return text + EMOJI[sentiment][draw // 8 % 8] if draw % 8 == 0 else text
        style = draw % 10
        tags = self._bank.tags
        if style < 3:
            text = f"#{self._brand}{tags[other % len(tags)]}# {text}"
        elif style == 3:
            text = f"{text} @{self._brand}"
        elif style == 4:
            text = f"{text} //@user{other % 90_000}:{tags[draw // 10 % len(tags)]}"
        if draw // 10 % 3 == 0:
            faces = WEIBO_FACES[sentiment] if draw & 64 else EMOJI[sentiment]
            text += faces[other // 16 % len(faces)] * (1 + (draw >> 9) % 2)
        return text


def _moods(bank: Bank) -> tuple[dict[str, Words], ...]:
    """The word lists by sign, for each sentiment."""
    shared = {"o": bank.openings, "w": bank.whens, "l": bank.places}
    return (
        {**shared, "f": bank.negative_feelings, "a": bank.negative_asks},
        {**shared, "f": bank.neutral_notes, "a": bank.neutral_notes},
        {**shared, "f": bank.positive_feelings, "a": bank.positive_asks},
    )


def _plan(order: tuple[str, ...], bank: Bank, mood: dict[str, Words]) -> tuple[tuple[int, Words | str], ...]:
    """An order with its word lists, glue and stops put in; a bare string stands for the claim and leads it."""
    plan: list[tuple[int, Words | str]] = []
    glue = ""
    for at, sign in enumerate(order, 1):
        if sign == "/":
            plan.append((at, tuple(stop + bank.gap for stop in bank.stops)))
            glue = ""
            continue
        plan.append((at, glue if sign == "c" else tuple(glue + word for word in mood[sign])))
        glue = bank.glue
    return tuple(plan)


def _subjects(brand: str, products: Words, bank: Bank) -> Words:
    joint = " " if bank.lang == "en" else "的"
    return tuple(f"{brand}{joint}{product}" for product in products)


def _split(clauses: Words) -> tuple[Words, ...]:
    """Clauses cut at their slots, so that filling one is joining strings."""
    cut = (clause.replace("{p}", "\0{p}\0").replace("{n}", "\0{n}\0").split("\0") for clause in clauses)
    return tuple(tuple(piece for piece in pieces if piece) for pieces in cut)
