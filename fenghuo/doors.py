"""What every way in needs: masking, pseudonyms and subjects, from settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fenghuo.settings import Config
from streams.sources.load import Tools
from streams.subjects import SubjectFinder
from streams.text.mask import Masker, pseudonym

REPLAY_KEY = b"fenghuo replay: masks and hashes are equal on every machine"
"""A replay without FENGHUO_KEY uses this, so that its result is the same everywhere."""


def file_tools(config: Config, key: bytes) -> Tools:
    """For files, which may name brands beside the configured subjects."""

    def finder(extra: Sequence[str]) -> SubjectFinder:
        return SubjectFinder(config.subjects, extra=tuple(extra))

    return Tools(mask=Masker(key), pseudonym=partial(pseudonym, key), finder=finder)
