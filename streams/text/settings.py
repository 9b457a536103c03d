"""How the lexicon reader weighs what it finds. Frozen, checked, and part of the reader's version."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Factor = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


class ReaderSettings(BaseModel):
    """Weights and limits of :class:`~streams.text.reader.LexiconReader`; the defaults were chosen on real texts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    negation_reach_zh: Annotated[int, Field(ge=0, le=50)] = 5
    """Characters between a Chinese negation and the word it turns round."""
    negation_reach_en: Annotated[int, Field(ge=0, le=200)] = 22
    """Characters between an English negation and the word it turns round."""
    negated_praise: Factor = 0.9
    """How bad "not good" is, as a part of how good "good" is."""
    negated_blame: Factor = 0.35
    """How good "not bad" is, as a part of how bad "bad" is."""
    before_contrast: Factor = 0.5
    """What stands before a "but" keeps this part of its weight."""
    after_contrast: Factor = 1.25
    """What stands after a "but" weighs this much more."""
    conceded: Factor = 0.5
    """What a clause with "although" keeps."""
    question: Factor = 0.8
    """What blame keeps in a text that asks."""
    damping: Annotated[float, Field(gt=0, le=10)] = 0.5
    """How much must be said for a polarity near 1: at a sum of ``damping`` the polarity is 0.71."""
    negative_below: Annotated[float, Field(ge=-1, lt=0)] = -0.2
    """In a language other than Chinese and English a polarity below this is negative."""
    positive_above: Annotated[float, Field(gt=0, le=1)] = 0.55
    """In such a language a polarity above this is positive."""
    neutral_zh: Annotated[float, Field(ge=0, lt=1)] = 0.15
    """A Chinese text whose polarity is at most so far from 0 is neutral."""
    silent_zh: Annotated[float, Field(ge=0, lt=1)] = 0.45
    """The same for a text in which the lexicon finds neither praise nor blame."""
    keywords: Annotated[int, Field(ge=0, le=20)] = 5
    """Most keywords of one reading."""

    @model_validator(mode="after")
    def _turns(self) -> ReaderSettings:
        if self.before_contrast > self.after_contrast:
            raise ValueError("before_contrast must not exceed after_contrast: what follows a 'but' is what is meant")
        return self
