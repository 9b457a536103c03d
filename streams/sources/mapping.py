"""Which column of a file feeds which field of a mention.

Columns named like a field are mapped by themselves, common Chinese headers too; everything else is ignored
and listed. What others have judged (``sentiment``, ``category``, stars, …) is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from contracts.errors import InvalidFile
from streams.raw import MENTION_FIELDS
from streams.text.mask import Masker

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("编号", "留言编号", "工单编号", "评论id"),
    "ts": ("时间", "留言时间", "发布时间", "评论时间", "投诉时间"),
    "text": ("正文", "内容", "留言详情", "留言内容", "评论内容", "投诉内容"),
    "brand": ("品牌",),
    "product": ("产品", "商品"),
    "channel": ("渠道", "来源渠道"),
    "region": ("地区", "区域"),
    "author": ("用户", "留言用户", "作者"),
    "case_id": ("工单号", "案件编号"),
    "lang": ("语言",),
    "severity": ("严重程度",),
}
REQUIRED = ("ts", "text")
_RANKS = {
    name: (field, rank)
    for field in sorted(MENTION_FIELDS)
    for rank, name in enumerate((field, *ALIASES.get(field, ())))
}
MAX_SHOWN = 40
_NAMES = Masker(b"names of columns and files")
_MASK_SIGN = re.compile(r"\[([^\[\]#]+)#[0-9a-f]{6}\]")
"""What stands in a mask beside its kind is left out: this key is no secret."""


class Columns:
    """The mapping of one file.

    Parameters
    ----------
    chosen
        Field to column, as the user wrote it with ``--map``; goes before everything else.
    extra
        Further fields to keep, mapped from columns of the same name.

    >>> columns = Columns({"text": "review"})
    >>> columns.assign(["stars", "review", "ts", "品牌"])
    {'text': 'review', 'ts': 'ts', 'brand': '品牌'}
    """

    def __init__(self, chosen: Mapping[str, str] | None = None, extra: Iterable[str] = ()) -> None:
        self._chosen = dict(chosen or {})
        self._extra = frozenset(extra) - MENTION_FIELDS

    def assign(self, names: Iterable[str]) -> dict[str, str]:
        """Field to column for a row with these columns."""
        names = list(names)
        found = {field: column for field, column in sorted(self._chosen.items()) if column in names}
        best: dict[str, int] = {}
        for name in sorted(names):
            field, rank = _RANKS.get(name.strip().lower(), (name if name in self._extra else "", 0))
            if field and field not in self._chosen and rank < best.get(field, 99):
                best[field] = rank
                found[field] = name
        return found

    def check(self, file: str, names: Sequence[str]) -> None:
        """Refuse a file that cannot be mentions, saying what to do; raises InvalidFile."""
        for field, column in self._chosen.items():
            if field not in MENTION_FIELDS and field not in self._extra:
                fields = ", ".join(sorted(MENTION_FIELDS))
                raise InvalidFile(file, f"--map {field}=…: no such field; fields are {fields}")
            if column not in names:
                raise InvalidFile(file, f"--map {field}={column}: no such column; {_listed(names)}")
        mapped = self.assign(names)
        missing = [field for field in REQUIRED if field not in mapped]
        if missing:
            options = " ".join(f"--map {field}=COLUMN" for field in missing)
            raise InvalidFile(file, f"no column for {' and '.join(missing)}: say {options}; {_listed(names)}")


def parse_map(pairs: Iterable[str]) -> dict[str, str]:
    """``field=column`` pairs of the command line; raises ValueError.

    >>> parse_map(["text=留言详情"])
    {'text': '留言详情'}
    """
    chosen: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not field.strip() or not column:
            raise ValueError(f"--map {pair}: write field=column, for instance --map text=comment")
        chosen[field.strip()] = column
    return chosen


def shown_name(name: str) -> str:
    """The name of a column or file as it may be shown: of a table without a header, names are somebody's data.

    >>> shown_name("orders 2026.csv"), shown_name("Li Wei 138 0000 0001")
    ('orders 2026.csv', 'Li Wei [电话]')
    """
    return _MASK_SIGN.sub(r"[\1]", _NAMES.mask(name[:400]))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(shown_name(name)[:40] for name in names[:MAX_SHOWN])
    more = f" and {len(names) - MAX_SHOWN} more" if len(names) > MAX_SHOWN else ""
    return f"its columns are: {shown}{more}"
