"""What all records share."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1

Name = Annotated[str, Field(min_length=1, max_length=200)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
When = AwareDatetime


class Record(BaseModel):
    """Base of all records: frozen, strict about unknown fields, versioned."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    schema_version: Literal[1] = 1

    @classmethod
    def trusted(cls, **values: Any) -> Self:
        """A record whose fields are known to be right, without the cost of checking them (hot paths only).

        Every field that has no default must be given, with the very type of its declaration.
        """
        one = cls.__new__(cls)
        _set(one, "__pydantic_fields_set__", set(values))
        _set(one, "__dict__", _defaults(cls) | values)
        _set(one, "__pydantic_extra__", None)
        _set(one, "__pydantic_private__", None)
        return one


_set = object.__setattr__


@cache
def _defaults(kind: type[Record]) -> dict[str, Any]:
    fields = kind.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}
