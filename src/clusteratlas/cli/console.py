"""Print tables and lines that read well at 80 columns, without colour and through a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clusteratlas.cli.words import plain

NARROWEST = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a printed table.

    Attributes
    ----------
    words
        What stands above it.
    right
        Numbers stand to the right.
    folds
        Long text continues on the next line; all other cells are never broken or cut.
    """

    words: str
    right: bool = False
    folds: bool = False


def out() -> Console:
    """Return a console on stdout. Text is printed as it is: no markup, no emoji."""
    console = Console(markup=False, emoji=False, highlight=False)
    if console.width < NARROWEST and not console.is_terminal:
        console.width = NARROWEST
    return console


def line(text: str = "", *, style: str = "", whole: bool = False) -> None:
    """Print a line; ``whole`` keeps paths and addresses in one piece."""
    console = out()
    with console.capture() as captured:
        console.print(Text(text, style=style), soft_wrap=whole)
    _emit(console, captured.get())


def title(text: str, under: str = "") -> None:
    """Print what is shown, with a line beneath that says which figures these are."""
    line(plain(text), style="bold")
    if under:
        line(plain(under))


def notes(lines: Iterable[str]) -> None:
    """Print what a reader must know of a table beneath it."""
    for text in lines:
        if text:
            line(plain(text), style="dim")


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names and values, the values beneath each other."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name, style="dim"), Text(plain(value)))
    _print(table, [[plain(name), ""] for name, _ in pairs], [Heading(""), Heading("", folds=True)])


def table(headings: Sequence[Heading], rows: Sequence[Sequence[str]]) -> None:
    """Print a table. Only columns that fold are ever narrower than their longest cell."""
    printed = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for heading in headings:
        printed.add_column(
            Text(heading.words),
            justify="right" if heading.right else "left",
            no_wrap=not heading.folds,
            overflow="fold",
        )
    safe = [[plain(cell) for cell in row] for row in rows]
    for row in safe:
        printed.add_row(*(Text(cell) for cell in row))
    _print(printed, [[heading.words for heading in headings], *safe], headings)


def _print(table: Table, cells: Sequence[Sequence[str]], headings: Sequence[Heading]) -> None:
    console = out()
    needed = 0
    for place, heading in enumerate(headings):
        longest = max((len(row[place]) for row in cells), default=0)
        needed += 2 + (min(longest, 16) if heading.folds else longest)
    width = max(console.width, needed)
    with console.capture() as captured:
        console.print(table, width=width, crop=False, no_wrap=True)
    _emit(console, captured.get())


def _emit(console: Console, text: str) -> None:
    """Print lines without the blanks that pad them to the width."""
    for each in text.splitlines():
        console.file.write(each.rstrip() + "\n")
