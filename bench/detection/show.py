"""Results as tables: for the screen with Rich, for ``docs/detection.md`` as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass
class Shown:
    """One table and the sentences below it.

    >>> shown = Shown("Hits", ("rule", "hits"))
    >>> shown.add("spike", 3)
    >>> print(shown.markdown())
    **Hits**
    <BLANKLINE>
    | rule | hits |
    | --- | ---: |
    | spike | 3 |
    """

    title: str
    columns: Sequence[str]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """One row."""
        self.rows.append(tuple(str(cell) for cell in cells))

    def print(self, console: Console) -> None:
        """To the screen."""
        table = Table(title=self.title, title_justify="left")
        for place, name in enumerate(self.columns):
            table.add_column(name, justify="left" if place == 0 else "right")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        for note in self.notes:
            console.print(note)

    def markdown(self) -> str:
        """For a document."""
        rule = " | ".join("---" if place == 0 else "---:" for place in range(len(self.columns)))
        lines = [f"**{self.title}**", "", f"| {' | '.join(self.columns)} |", f"| {rule} |"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join(lines + [line for note in self.notes for line in ("", note)])


def share(hits: int, of: int, interval: tuple[float, float]) -> str:
    """A share with its interval, in per cent.

    >>> share(45, 48, (0.832, 0.979))
    '94 (83–98)'
    """
    return f"{100 * hits / of:.0f} ({100 * interval[0]:.0f}–{100 * interval[1]:.0f})" if of else "–"


def into(text: str, part: str, tables: Iterable[Shown]) -> str:
    """``text`` with these tables between the marks of ``part``; unchanged when it has no such marks.

    >>> print(into("<!-- a -->old<!-- /a -->", "a", [Shown("New", ("x",))]))
    <!-- a -->
    <BLANKLINE>
    **New**
    <BLANKLINE>
    | x |
    | --- |
    <BLANKLINE>
    <!-- /a -->
    """
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        return text
    return f"{head}{begin}\n\n{document(tables)}\n{end}{tail}"


def document(tables: Iterable[Shown]) -> str:
    """Several tables in Markdown."""
    return "\n\n".join(one.markdown() for one in tables) + "\n"
