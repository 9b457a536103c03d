"""Light edits, as people make them who copy a text: slips of the keyboard, other emoji, @names, other marks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

EMOJI = "😡😤🤬💢😭👎🙃😠🤔👀😊👍🎉🥰🌹"
FACES = ("[怒]", "[失望]", "[赞]", "[心]")
NAMES = ("@小鹿", "@快讯频道", "@Alex_88", "@消费者之声", "@news_desk")
LETTERS = "的是在了有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
ALPHABET = "etaoinshrdlucmfwypvbgkqjxz"
MARKS = ("！！！", "。", "…", "？？", "~", " ", "!!")


def edited(text: str, random: Random, share: float) -> str:
    """A light edit of ``text``: up to ``share`` of its characters, and dress that may be added, changed or lost."""
    for _ in range(random.randint(1, max(1, int(len(text) * share)))):
        text = random.choice(SLIPS)(text, random)
    text = "".join(random.choice(EMOJI) if one in EMOJI else one for one in text)
    if random.random() < 0.5:
        text += random.choice(EMOJI) * random.randint(1, 3)
    if random.random() < 0.3:
        text += random.choice(FACES)
    for _ in range(random.choice((0, 0, 1, 2))):
        name = random.choice(NAMES)
        text = f"{name} {text}" if random.random() < 0.5 else f"{text} {name}"
    return text + random.choice(MARKS) if random.random() < 0.5 else text


def _replace(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + _letter(text, random) + text[at + 1 :]


def _insert(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + _letter(text, random) + text[at:]


def _drop(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + text[at + 1 :] if len(text) > 1 else text


def _swap(text: str, random: Random) -> str:
    at = random.randrange(max(1, len(text) - 1))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _letter(text: str, random: Random) -> str:
    return random.choice(ALPHABET if text.isascii() else LETTERS)


SLIPS: tuple[Callable[[str, Random], str], ...] = (_replace, _insert, _drop, _swap)
