"""``python -m bench.text``: how well and how fast texts are read, part by part.

    python -m bench.text                      the parts there are
    python -m bench.text mask --texts 20000   one part; what follows its name is its own

A part is a module of this package whose name does not begin with ``_``. Its ``main`` takes the rest of the words and
gives the exit code; its docstring tells what it measures. Data that is not shipped is looked for in the folder that
``--data`` or ``FENGHUO_DATA`` names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

import bench.text


def parts() -> list[str]:
    """The names of all parts."""
    return sorted(one.name for one in iter_modules(bench.text.__path__) if not one.name.startswith("_"))


def main(words: Sequence[str]) -> int:
    """Run one part, or list them; 2 for a part that is none."""
    names = parts()
    if not words or words[0] in ("-h", "--help"):
        for name in names:
            told = import_module(f"bench.text.{name}").__doc__ or ""
            print(f"{name:12} {told.partition(chr(10))[0]}")
        return 0
    if words[0] not in names:
        print(f"bench.text: there is no part {words[0]}; choose among {', '.join(names)}", file=sys.stderr)
        return 2
    code: int = import_module(f"bench.text.{words[0]}").main(list(words[1:]))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
