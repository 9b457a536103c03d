"""What people read on the dashboards, in both languages."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Text(NamedTuple):
    """One text in both languages.

    >>> Text("舆情", "Sentiment").at("zh")
    '舆情'
    """

    zh: str
    en: str

    def at(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en
