"""What is refused is said in words for people, never with the value, and a wrong key with the nearest one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from contracts.plain import first_of


class Mail(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["mail"]
    address: Annotated[str, Field(min_length=8)] = "a@example.org"


class Chat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["chat"]
    room: str = ""


class Hours(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    begin: int = Field(default=0, alias="from")


class All(BaseModel):
    model_config = ConfigDict(extra="forbid")
    receivers: tuple[Annotated[Mail | Chat, Field(discriminator="type")], ...] = ()
    hours: dict[str, Hours] = Field(default_factory=dict)
    either: Hours | None = None
    tier: Literal["blue", "red"] = "blue"
    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    every: timedelta = timedelta(0)
    at: AwareDatetime | None = None
    day: datetime | None = None
    names: Annotated[tuple[str, ...], Field(max_length=2)] = ()

    @field_validator("share")
    @classmethod
    def _half(cls, value: float) -> float:
        if value == 0.5:
            raise ValueError("a half is no share")
        return value


MAIL = {"type": "mail"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"recievers": []}, "recievers: no such key; did you mean receivers?"),
        (
            {"receivers": [{**MAIL, "adress": "x"}]},
            "receivers.0.mail.adress: no such key; did you mean address?",
        ),
        ({"receivers": [{"type": "chat", "zzz": "x"}]}, "receivers.0.chat.zzz: no such key; known: room, type"),
        ({"hours": {"night": {"form": 1}}}, "hours.night.form: no such key; did you mean from?"),
        ({"either": {"fro": 1}}, "either.fro: no such key; did you mean from?"),
        (
            {"receivers": [{**MAIL, "address": "x"}]},
            "receivers.0.mail.address: must have at least 8 characters",
        ),
        ({"receivers": [{"type": "fax"}]}, "receivers.0: 'type' must be one of 'mail', 'chat'"),
        ({"receivers": [{}]}, "receivers.0: 'type' must be given"),
        ({"receivers": {}}, "receivers: must be a list"),
        ({"tier": "rde"}, "tier: must be 'blue' or 'red'"),
        ({"share": 2, "tier": "x"}, "tier: must be 'blue' or 'red' (and 1 more)"),
        ({"share": 2}, "share: must be at most 1.0"),
        ({"share": "much"}, "share: must be a number"),
        ({"share": 0.5}, "share: a half is no share"),
        ({"every": "soon"}, "every: must be a time span like 90s, 15m, 24h or 7d"),
        ({"at": "2026-03-02T09:00:00"}, "at: must say its time zone, like 2026-03-02T09:00:00+08:00"),
        ({"day": "tomorrow"}, "day: must be a time like 2026-03-02T09:00:00+08:00"),
        ({"names": ["a", "b", "c"]}, "names: must have at most 2, not 3"),
        ({"names": [1]}, "names.0: must be text"),
        ([], "must hold keys with values"),
    ],
)
def test_it_is_said_in_words(given: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        All.model_validate(given)
    assert first_of(caught.value, All) == said


def test_without_a_model_nothing_is_guessed() -> None:
    with pytest.raises(ValidationError) as caught:
        Hours.model_validate({"form": 1})
    assert first_of(caught.value) == "form: no such key"
