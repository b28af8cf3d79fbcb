"""Codes and names of the atlas that somebody types into a form, one on each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Codebook, Unclear


def each_line(text: str) -> Iterable[str]:
    """Return the lines that are not empty.

    >>> list(each_line(" a \\n\\n b"))
    ['a', 'b']
    """
    return (line.strip() for line in text.splitlines() if line.strip())


def cluster_finder(release: Release) -> Callable[[str], str]:
    """Return what finds ``definition:code`` of a cluster by its code or name."""
    book = Codebook.of(release)

    def code(text: str) -> str:
        found = book.claim(text)
        return f"{found['definition']}:{found['cluster']}"

    return code


def region_finder(release: Release) -> Callable[[str], str]:
    """Return what finds ``scheme:code`` of a region by its code or name."""
    book = Codebook.of(release)

    def code(text: str) -> str:
        found = book.region(text)
        return f"{found['scheme']}:{found['region']}"

    return code


def found_in(text: str, find: Callable[[str], str]) -> tuple[str, ...]:
    """Return what each line leads to, each once.

    Raises
    ------
    forms.ValidationError
        Every line that leads nowhere or to several.
    """
    found, faults = [], []
    for line in each_line(text):
        try:
            found.append(find(line))
        except Unclear as error:
            said = f"{error.problem}: \u201c{error.value[:80]}\u201d"
            faults.append(f"{said}; {error.hint}" if error.hint else said)
    if faults:
        raise forms.ValidationError(faults)
    return tuple(dict.fromkeys(found))
