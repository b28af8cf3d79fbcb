"""The controls of the map explorer: what can be chosen, and what is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import Release, SchemeInfo
from clusteratlas.portal import words
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.pages.map_address import CHANGES, FEWEST, MOST, WAYS, Asked
from clusteratlas.portal.pages.map_subject import ALL, INDICATOR
from clusteratlas.portal.pages.measures_shown import measures_of
from clusteratlas.portal.picks import group_title

FEW_YEARS = 6


@dataclass(frozen=True, slots=True)
class Form:
    """Every control of the explorer."""

    schemes: list[Choice]
    clusters: list[tuple[str, list[Choice]]]
    part: str
    parts: list[tuple[str, str]]
    """Subclusters and industries of the cluster, to pick from: (what is typed, its kind)."""
    measures: list[tuple[str, list[Choice]]]
    shows: list[Choice]
    years: list[Choice]
    many_years: bool
    since: list[Choice]
    changes: list[Choice]
    ways: list[Choice]
    numbers: list[Choice]
    breaks: str
    unit: str
    pin: str
    opened: bool
    next_year: str
    """The address of the same map a year later; the first year follows the last."""


def form_of(release: Release, asked: Asked, breaks: str, pinned: str) -> Form:
    """Return the controls for what the address asks for."""
    view, subject = asked.view, asked.subject
    later = [year for year in asked.years if year > view.year]
    return Form(
        _schemes(release, asked),
        _clusters(release, asked),
        subject.name if subject.kind in ("subcluster", "industry") else "",
        _parts(release, asked),
        _measures(release, asked),
        _shows(asked),
        [
            Choice(str(year), str(year), year == view.year)
            for year in asked.years
            if not asked.changing or year > asked.years[0]
        ],
        len(asked.years) > FEW_YEARS,
        [
            Choice(str(year), str(year), year == asked.since)
            for year in asked.years
            if year < view.year
        ],
        [
            Choice(name, label, name == asked.change)
            for name, label in zip(CHANGES, (_("whole"), _("a year")), strict=True)
        ],
        [
            Choice(name, label, name == asked.way)
            for name, label in zip(
                WAYS,
                (_("as usual"), _("equal numbers"), _("natural breaks"), _("fixed breaks")),
                strict=True,
            )
        ],
        [
            Choice(str(number), str(number), number == asked.number)
            for number in range(FEWEST, MOST + 1)
        ],
        breaks,
        _("in percent") if asked.measure.factor != 1 else "",
        pinned,
        asked.way != WAYS[0] or bool(asked.breaks),
        asked.address(year=(later or list(asked.years))[0], page=None)
        if len(asked.years) > 1 and not asked.changing
        else "",
    )


def _shows(asked: Asked) -> list[Choice]:
    if not asked.measure.can_change or len(asked.years) < 2:
        return []
    labels = {
        "level": _("One year"),
        "change": _("Change"),
        "both": _("Level and change"),
    }
    return [Choice(name, label, name == asked.show) for name, label in labels.items()]


def _schemes(release: Release, asked: Asked) -> list[Choice]:
    return [
        Choice(
            each.scheme, words.word(each.title), each == asked.view.scheme, _elsewhere(asked, each)
        )
        for each in release.manifest.schemes
        if ground_of(each.scheme) is not None
    ]


def _elsewhere(asked: Asked, scheme: SchemeInfo) -> str:
    """Return the address of this map over other regions; what they do not have is left out."""
    view = asked.view
    same = view.definition.definition in scheme.definitions
    other: dict[str, object] = {"scheme": scheme.scheme, "pin": None, "page": None, "order": None}
    if asked.subject.kind == "indicator" or not same:
        other |= dict.fromkeys(("cluster", "subcluster", "industry"))
    if asked.subject.kind == "indicator":
        other["measure"] = None
    if not same:
        other["definition"] = None
    if view.year not in scheme.years or (asked.since and asked.since not in scheme.years):
        other |= {"year": None, "from": None}
    if len(scheme.years) < 2:
        other |= {"show": None, "from": None}
    return asked.address(**other)  # type: ignore[arg-type]


def _clusters(release: Release, asked: Asked) -> list[tuple[str, list[Choice]]]:
    definition = asked.view.definition
    chosen = asked.cluster_code
    every = Choice(ALL, _("All together"), chosen == ALL)
    groups: dict[str, list[Choice]] = {"": [every]}
    for each in release.clusters(definition.definition):
        choice = Choice(each.cluster, words.cluster(each.name), each.cluster == chosen)
        groups.setdefault(group_title(definition, each.traded), []).append(choice)
    for name, choices in groups.items():
        if name and definition.traded_split:
            choices.sort(key=lambda choice: choice.label)
    return list(groups.items())


def _parts(release: Release, asked: Asked) -> list[tuple[str, str]]:
    """Return what the field of parts suggests: the subclusters and industries of the cluster."""
    cluster = asked.subject.cluster
    if cluster is None:
        return []
    industries = release.parts_of(asked.view.definition.definition, cluster)
    if len(industries) < 2:
        return []
    names = dict.fromkeys(each.subcluster for each in industries if each.subcluster)
    found = [(words.cluster(name), _("subcluster")) for name in names]
    found += [(f"{each.industry} {each.title}", _("industry")) for each in industries]
    return found


def _measures(release: Release, asked: Asked) -> list[tuple[str, list[Choice]]]:
    view, subject = asked.view, asked.subject
    kind = "all" if subject.kind == "indicator" else subject.kind
    chosen = "" if subject.kind == "indicator" else asked.measure.name
    own = [
        Choice(each.name, each.label_in(view), each.name == chosen) for each in measures_of(kind)
    ]
    groups = [("", own)]
    other = [
        Choice(
            f"{INDICATOR}{each.indicator}",
            each.title,
            subject.kind == "indicator" and each.indicator == subject.code,
        )
        for each in release.mapped_indicators(view.scheme.scheme)
    ]
    if other:
        groups.append((_("Other figures of the regions"), other))
    return groups
