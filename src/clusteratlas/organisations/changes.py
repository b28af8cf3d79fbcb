"""What two versions of a profile differ in, field by field and entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import quote

from clusteratlas.organisations.profile import Profile

Path = tuple[str, ...]
Plain = Any
Kind = Literal["added", "removed", "changed", "moved"]

KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "regions": ("scheme", "region"),
        "claims": ("definition", "cluster", "subcluster"),
        "industries": ("classification", "industry"),
        "labels": ("label", "name"),
        "offers": ("topic",),
        "seeks": ("topic",),
        "partnerships": ("name",),
        "contacts": ("name",),
        "evidence": ("title",),
    }
)
"""What makes two entries of a list the same entry; lists of words are their own keys."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes
    ----------
    path
        Field, then the entry's key, then the entry's field.
    kind
        added, removed, changed; moved where a list has another order.
    before, after
        Plain values; ``None`` where there is none.
    """

    path: Path
    kind: Kind
    before: Plain
    after: Plain

    @property
    def key(self) -> str:
        """The path as one word, for an address or a form."""
        return written_path(self.path)


def written_path(path: Iterable[str]) -> str:
    """Return a path as one word.

    >>> written_path(("offers", "a/b", "kind"))
    'offers/a%2Fb/kind'
    """
    return "/".join(quote(part, safe="") for part in path)


def plain(profile: Profile) -> dict[str, Plain]:
    """Return a profile as JSON has it, all fields."""
    return profile.model_dump(mode="json")


def keyed(field: str, values: Iterable[Plain]) -> dict[str, Plain]:
    """Return the entries of a list by their key; of several of one key each has its number.

    >>> keyed("offers", [{"topic": "a"}, {"topic": "a"}])
    {'a': {'topic': 'a'}, 'a (2)': {'topic': 'a'}}
    """
    found: dict[str, Plain] = {}
    seen: dict[str, int] = {}
    for each in values:
        names = KEYS.get(field, ())
        parts = [str(each[name]) for name in names if each[name] != ""] if names else [str(each)]
        word = ":".join(parts)
        seen[word] = seen.get(word, 0) + 1
        number = seen[word]
        key = word if number == 1 else f"{word} ({number})"
        while key in found:
            number += 1
            key = f"{word} ({number})"
        found[key] = each
    return found


def changes(before: Profile, after: Profile) -> tuple[Change, ...]:
    """Return every difference between two versions of a profile, in the order of the fields.

    Definition
    ----------
    Entries of lists are matched by `KEYS`, so that a changed offer is a change and not one lost
    and one won; a list whose entries only stand in another order is *moved*.

    Example
    -------
    >>> [(each.path, each.kind) for each in changes(
    ...     Profile(name="Optics", staff=2), Profile(name="Optics", languages=["de"]))]
    [(('staff',), 'removed'), (('languages', 'de'), 'added')]
    """
    return tuple(_between((), plain(before), plain(after)))


def _between(path: Path, before: Plain, after: Plain) -> Iterable[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _between((*path, name), before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list) and len(path) == 1:
        yield from _between_lists(path, before, after)
    else:
        yield _change(path, before, after)


def _between_lists(path: Path, before: list[Plain], after: list[Plain]) -> Iterable[Change]:
    old, new = keyed(path[0], before), keyed(path[0], after)
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _between((*path, key), old.get(key), new.get(key))
    stayed = [key for key in old if key in new]
    if stayed != [key for key in new if key in old]:
        yield Change(path, "moved", before, after)


def _change(path: Path, before: Plain, after: Plain) -> Change:
    if _empty(before):
        return Change(path, "added", None, after)
    if _empty(after):
        return Change(path, "removed", before, None)
    return Change(path, "changed", before, after)


def _empty(value: Plain) -> bool:
    return value is None or value in ("", [], {})
