"""A pytest plugin for ``make mutants``: newer pytest keeps no private ``_nodeid``, which mutmut 3.7 asks for.

A later mutmut does not, but needs a click that Faust forbids.
"""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Give nodes the name that mutmut reads."""
    if not hasattr(pytest.Item, "_nodeid"):
        setattr(pytest.Item, "_nodeid", property(lambda item: item.nodeid))  # noqa: B010 - mypy knows no such name
