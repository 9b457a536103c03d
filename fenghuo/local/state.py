"""What a stack remembers between starts (``var/state.json``): how far history and play have come, what was shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from contracts.errors import InvalidFile


class UpState(BaseModel):
    """Frozen; a new one is saved for each step."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    until: AwareDatetime
    """The wall clock at the first start: the demo scenario ends there, and every later start continues it."""
    days: Annotated[int, Field(ge=0)]
    """Days of history before the day that is played."""
    partitions: int
    port: int
    """First of its five ports, as last started."""
    config: str
    """Folder of its settings, as last started."""
    history: bool = False
    """Whether the history is in."""
    played_until: AwareDatetime | None = None
    """Event time up to which intake has everything."""
    shown: dict[int, int] = Field(default_factory=dict)
    """Next offset of each partition of the incidents topic to show."""


def load(var: Path) -> UpState | None:
    """The state of ``var``, None at the first start; raises InvalidFile when it can not be read."""
    path = var / "state.json"
    try:
        return UpState.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        reason = f"cannot be read as the state of a stack ({type(error).__name__}); delete {var} to start afresh"
        raise InvalidFile(str(path), reason) from error


def save(var: Path, state: UpState) -> None:
    """Replace the file in one step, so that a kill leaves the old or the new one."""
    scratch = var / "state.json.tmp"
    scratch.write_text(state.model_dump_json())
    scratch.replace(var / "state.json")
