"""What stands on somebody's own page: each app adds its part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page.

    Attributes
    ----------
    heading
        What stands over it, translated.
    template
        Renders it; ``content`` holds the values below.
    """

    heading: str
    template: str
    content: Mapping[str, Any] = field(default_factory=dict)


Section = Callable[[HttpRequest], Part | None]
_sections: list[tuple[int, str, Section]] = []


def section(order: int) -> Callable[[Section], Section]:
    """Add a part to everybody's own page; lower orders stand higher. ``None`` shows nothing."""

    def register(make: Section) -> Section:
        _sections.append((order, f"{make.__module__}.{make.__qualname__}", make))
        _sections.sort(key=lambda each: each[:2])
        return make

    return register


def parts(request: HttpRequest) -> list[Part]:
    """Return the parts of the page of whoever asks, in order."""
    made = (make(request) for _, _, make in _sections)
    return [each for each in made if each is not None]
