"""What differs between two versions of a programme, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusteratlas.portal import figures
from clusteratlas.programmes.register import Programme
from clusteratlas.programmes.register.rows import rows_of

HEAD: Mapping[str, Any] = {
    "name": gettext_lazy("Name"),
    "short_name": gettext_lazy("Short name"),
    "fictional": gettext_lazy("Made up"),
    "funder": gettext_lazy("Funder"),
    "level": gettext_lazy("Level"),
    "countries": gettext_lazy("Countries"),
    "since": gettext_lazy("First year"),
    "until": gettext_lazy("Last year"),
    "summary": gettext_lazy("Summary"),
    "website": gettext_lazy("Website"),
    "regions": gettext_lazy("Regions"),
    "clusters": gettext_lazy("Clusters"),
    "instruments": gettext_lazy("Instruments"),
}
PARTS: Mapping[str, Any] = {
    "calls": gettext_lazy("Calls"),
    "awards": gettext_lazy("Awards"),
    "money": gettext_lazy("Amounts of money"),
    "facts": gettext_lazy("Stated facts"),
    "references": gettext_lazy("References"),
}
LONGEST = 80


def said_changes(before: Programme, after: Programme) -> Sequence[str]:
    """Return each difference as a sentence: fields by their values, tables by counts of rows.

    A row of a table whose key stayed and whose cells differ is changed; else it is new or gone.
    """
    old, new = rows_of([before]), rows_of([after])
    found = []
    for name, label in HEAD.items():
        was, now = (each["programmes"][0].get(name, "") for each in (old, new))
        if was != now:
            told = {"label": label, "before": _short(was), "after": _short(now)}
            found.append(_("%(label)s: %(before)s, now %(after)s") % told)
    for name, label in PARTS.items():
        new_ones, gone, changed = _counted(old[name], new[name])
        if new_ones or gone or changed:
            told = {
                "label": label,
                "new": figures.whole(new_ones),
                "gone": figures.whole(gone),
                "changed": figures.whole(changed),
            }
            found.append(_("%(label)s: %(new)s new, %(gone)s gone, %(changed)s changed") % told)
    return found


def _short(text: str) -> str:
    if not text:
        return _("not stated")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\u2026"


def _counted(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]
) -> tuple[int, int, int]:
    """Rows that are new, gone and changed; what has no key is never changed."""
    was, now = (Counter(tuple(sorted(each.items())) for each in rows) for rows in (old, new))
    fresh, gone = now - was, was - now
    keys = [
        {value for row in rows.elements() for name, value in row if name == "key"}
        for rows in (fresh, gone)
    ]
    changed = len(keys[0] & keys[1])
    return fresh.total() - changed, gone.total() - changed, changed
