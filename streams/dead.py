"""Dead letters: what was refused is kept so that it can be mended and sent again, and holds nothing unmasked.

Fields that Fenghuo would not read are left out whole, because nobody knows what is in them; authors and cases
appear as keyed hashes only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from contracts.errors import InvalidRecord
from contracts.records import DeadLetter
from streams.intake import HASHED, Mask
from streams.raw import CASE_FIELDS, MENTION_FIELDS
from streams.settings import SourceSettings

PREVIEW = 500
RAW = 100_000
_STRING = 20_000
_LOOK = 4_000
_TAIL = 200
_DEPTH = 4
_ITEMS = 50
_PERSONS = frozenset({"author", "case_id"})
_PERSON_TEXT = re.compile(r"""(["']?(?:author|case_id)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^,;}\]\r\n]*)""")
_PERSON_HIDDEN = "[hidden]"


class DeadLetters:
    """Makes the dead letters of one source.

    Parameters
    ----------
    source
        Its settings: fields under ``extra`` are kept beside the usual ones.
    mask
        Masks free text.
    pseudonym
        Turns who said it, and which case it is, into a keyed hash.
    """

    def __init__(self, source: SourceSettings, mask: Mask, pseudonym: Callable[[str], str]) -> None:
        self._source = source.name
        self._mask = mask.mask
        self._pseudonym = pseudonym
        self._kept = MENTION_FIELDS | CASE_FIELDS | frozenset(source.extra)

    def letter(self, error: InvalidRecord, raw: object, at: datetime) -> DeadLetter:
        """The dead letter of one refused item.

        Parameters
        ----------
        error
            Why it was refused.
        raw
            The item as far as it could be read: a mapping, text or bytes, or None.
        at
            When it was refused.
        """
        whole = self._whole(raw)
        preview = whole[:PREVIEW]
        digest = hashlib.blake2b(f"{self._source}\n{error.place}\n{error.reason}\n{preview}".encode(), digest_size=16)
        return DeadLetter(
            id=digest.hexdigest(),
            at=at,
            source=self._source,
            place=self._mask(error.place),
            field=self._safe_field(error.field),
            reason=error.reason,
            preview=preview,
            raw_masked=whole if isinstance(raw, Mapping) and len(whole) <= RAW else "",
        )

    def _whole(self, raw: object) -> str:
        if raw is None:
            return ""
        if isinstance(raw, (bytes, bytearray, memoryview)):
            raw = bytes(raw[: _LOOK * 4]).decode("utf-8", "replace")
        if isinstance(raw, str):
            return self._loose(raw)
        return orjson.dumps(self._masked(raw, _DEPTH), default=lambda _: None).decode()

    def _loose(self, text: str) -> str:
        """Text that could not be taken apart: persons are hidden wherever they are named as such."""
        hidden = _PERSON_TEXT.sub(rf"\1{_PERSON_HIDDEN}", _sound(text[:_LOOK]))
        return self._cut(hidden, cut=len(text) > _LOOK)

    def _cut(self, text: str, *, cut: bool) -> str:
        """Masked text; of a text that was cut, the end goes too, because half a number cannot be recognised."""
        masked = self._mask(text)
        return masked[:-_TAIL] if cut else masked

    def _masked(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self._cut(_sound(value[:_STRING]), cut=len(value) > _STRING)
        if isinstance(value, Mapping):
            return {key: self._field(key, value[key], depth) for key in sorted(self._kept & value.keys())}
        if isinstance(value, (list, tuple)):
            return [self._masked(one, depth - 1) for one in value[:_ITEMS]] if depth else None
        if value is None or isinstance(value, bool):
            return value
        text = value.isoformat() if isinstance(value, datetime) else str(value)[:_STRING]
        masked = self._mask(text)
        plain = isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**63)
        return value if masked == text and plain else masked

    def _field(self, name: str, value: Any, depth: int) -> Any:
        if name == "id" and isinstance(value, (str, int)):
            text = _sound(str(value)[:_STRING]).strip()
            return value if self._mask(text) == text else self._pseudonym(text)
        if name not in _PERSONS:
            return self._masked(value, depth - 1) if depth else None
        if value is None or not isinstance(value, (str, int)):
            return None
        text = _sound(str(value)[:_STRING]).strip()
        return text if not text or HASHED.fullmatch(text) else f"hashed:{self._pseudonym(text)}"

    def _safe_field(self, field: str) -> str:
        return field if field in self._kept else ""


def _sound(text: str) -> str:
    """``text`` without lone surrogates, which no encoding can write."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
