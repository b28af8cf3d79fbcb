"""Bring two edits of one profile together: what does not clash by itself, the rest to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from clusteratlas.organisations.changes import Path, Plain, keyed, plain, written_path
from clusteratlas.organisations.profile import Profile

Side = Literal["base", "theirs", "mine"]
SIDES: Final = ("base", "theirs", "mine")
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed, each in another way; ``None`` where a side has no value.

    ``path`` is the field, then the key of the entry, then the entry's field.
    """

    path: Path
    base: Plain
    theirs: Plain
    mine: Plain

    @property
    def key(self) -> str:
        """The path as one word, by which a choice names it."""
        return written_path(self.path)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged profile, and what is still to be chosen; there the profile has ``theirs``."""

    profile: Profile
    conflicts: tuple[Conflict, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is left to choose."""
        return not self.conflicts


def merge(
    base: Profile, theirs: Profile, mine: Profile, *, choices: Mapping[str, Side] | None = None
) -> Merge:
    """Return two edits of one profile as one.

    Definition
    ----------
    Field by field, and in lists entry by entry (`changes.KEYS`): what only one side changed is
    taken from that side; what both changed alike is taken; what both changed differently, or one
    removed and the other changed, is a conflict.

    Parameters
    ----------
    base
        What both edits began with.
    theirs
        What is stored by now.
    mine
        What is being saved.
    choices
        For conflicts already decided: which side, by `Conflict.key`.

    Example
    -------
    >>> found = merge(
    ...     Profile(name="Optics", staff=1),
    ...     Profile(name="Optics", staff=2, languages=["de"]),
    ...     Profile(name="Optics", staff=3, languages=["fr"]),
    ... )
    >>> found.profile.languages, [(each.key, each.mine) for each in found.conflicts]
    (('de', 'fr'), [('staff', 3.0)])
    """
    merging = _Merging(choices or {})
    sides = plain(base), plain(theirs), plain(mine)
    given = {name: merging.value((name,), *(each[name] for each in sides)) for name in sides[0]}
    return Merge(Profile.model_validate(given), tuple(merging.conflicts))


def undo(before: Profile, after: Profile, current: Profile) -> Merge:
    """Return the current profile without one past edit, whatever was edited since.

    A field that was edited again is a conflict; there ``mine`` is the value before the edit.

    Example
    -------
    >>> found = undo(
    ...     Profile(name="Optics", staff=1),
    ...     Profile(name="Optics", staff=2),
    ...     Profile(name="Optics", staff=2, country="DE"),
    ... )
    >>> found.profile.staff, found.profile.country, found.clean
    (1.0, 'DE', True)
    """
    return merge(after, current, before)


class _Merging:
    """Walks through three versions side by side and collects what clashes."""

    def __init__(self, choices: Mapping[str, Side]) -> None:
        self.choices = choices
        self.conflicts: list[Conflict] = []

    def value(self, path: Path, base: Plain, theirs: Plain, mine: Plain) -> Plain:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        if len(path) == 1 and isinstance(base, list):
            return self._entries(path, base, theirs, mine)
        if isinstance(theirs, dict) and isinstance(mine, dict):
            return self._fields(path, base if isinstance(base, dict) else {}, theirs, mine)
        return self._chosen(path, base, theirs, mine)

    def _fields(
        self,
        path: Path,
        base: Mapping[str, Plain],
        theirs: Mapping[str, Plain],
        mine: Mapping[str, Plain],
    ) -> Plain:
        names = [*theirs, *(name for name in mine if name not in theirs)]
        found = {}
        for name in names:
            sides = (each.get(name, _ABSENT) for each in (base, theirs, mine))
            value = self.value((*path, name), *sides)
            if value is not _ABSENT:
                found[name] = value
        return found

    def _entries(
        self, path: Path, base: list[Plain], theirs: list[Plain], mine: list[Plain]
    ) -> list[Plain]:
        """Merge a list by its entries: theirs in their order, then what mine adds."""
        sides = [keyed(path[0], each) for each in (base, theirs, mine)]
        keys = [*sides[1], *(key for key in sides[2] if key not in sides[1])]
        found = []
        for key in keys:
            values = (each.get(key, _ABSENT) for each in sides)
            value = self.value((*path, key), *values)
            if value is not _ABSENT:
                found.append(value)
        return found

    def _chosen(self, path: Path, base: Plain, theirs: Plain, mine: Plain) -> Plain:
        """Take the side that was chosen; else theirs, and note the conflict."""
        side = self.choices.get(written_path(path))
        if side in SIDES:
            return {"base": base, "theirs": theirs, "mine": mine}[side]
        told = (None if each is _ABSENT else each for each in (base, theirs, mine))
        self.conflicts.append(Conflict(path, *told))
        return theirs
