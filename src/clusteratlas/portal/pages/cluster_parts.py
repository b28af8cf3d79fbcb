"""What a cluster is made of: subclusters with their leading regions, industries, sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import (
    ClusterStandings,
    PlacedSubcluster,
    Release,
    SubclusterStanding,
    subcluster_standings,
)
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.cluster_tops import currency
from clusteratlas.portal.picks import reference_region
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    part_cell,
    percent_cell,
    share_bar,
)

NAMED = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A subcluster with the regions that lead in it; ``anchor`` is its place on the page."""

    anchor: str
    name: str
    said: str
    largest: Sequence[tuple[str, str, str]]
    strongest: Sequence[tuple[str, str, str]]


def anchor_of(name: str) -> str:
    """Return the anchor of a subcluster.

    >>> anchor_of("Computers and Peripherals")
    'part-computers-and-peripherals'
    """
    return "part-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def parts_of(release: Release, view: View, cluster: str) -> list[SubclusterStanding]:
    """Return the subclusters of a cluster; none where it has a single one."""
    found = subcluster_standings(
        release, view.scheme.scheme, cluster, view.year, view.definition.definition
    )
    return found if len(found) > 1 else []


def parts_sheet(view: View, found: Sequence[SubclusterStanding]) -> Sheet | None:
    """Return the subclusters over the reference area."""
    if not found:
        return None
    most = found[0].share or 1
    return Sheet(
        "parts",
        _("Subclusters in %(area)s, %(year)s")
        % {"area": words.word(view.reference), "year": view.year},
        [
            SheetColumn(_("Subcluster"), number=False),
            SheetColumn(words.word(view.scheme.employment_word).capitalize(), str(view.year)),
            SheetColumn(_("Share of the cluster")),
            SheetColumn(
                _("Growth a year"),
                _("since %(year)s") % {"year": view.base_year} if view.base_year else "",
            ),
            SheetColumn(_("Establish\u00adments")),
            SheetColumn(_("Most of it in"), number=False),
        ],
        [
            SheetRow(
                words.cluster(each.whole.subcluster),
                [
                    part_cell(each.whole, bar=share_bar((each.share or 0) / most)),
                    percent_cell(each.share),
                    Cell(figures.growth(each.growth)),
                    Cell(figures.whole(each.whole.establishments)),
                    Cell(
                        each.largest[0].region_name if each.largest else figures.NOTHING,
                        number=False,
                        href=_address(view, each.largest[0]) if each.largest else "",
                    ),
                ],
                f"#{anchor_of(each.whole.subcluster)}",
            )
            for each in found
        ],
    )


def parts_listed(view: View, found: Sequence[SubclusterStanding]) -> list[Part]:
    """Return each subcluster with the regions that have most of it and that lean on it most."""
    word = words.word(view.scheme.employment_word)
    return [
        Part(
            anchor_of(each.whole.subcluster),
            words.cluster(each.whole.subcluster),
            _("%(jobs)s %(word)s; regions with it: %(count)s")
            % {
                "jobs": doubt.jobs(each.whole),
                "word": word,
                "count": figures.whole(each.regions),
            },
            [
                (one.region_name, _address(view, one), f"{doubt.jobs(one.row)} {word}")
                for one in each.largest[:NAMED]
            ],
            [
                (one.region_name, _address(view, one), figures.quotient(one.row.location_quotient))
                for one in each.strongest[:NAMED]
            ],
        )
        for each in found
    ]


def _address(view: View, placed: PlacedSubcluster) -> str:
    row = placed.row
    return addresses.region_cluster(
        row.scheme, row.region, row.cluster, year=row.year, definition=view.definition_in_address
    )


def industries_sheet(release: Release, view: View, cluster: str) -> Sheet | None:
    """Return the industries of a cluster over the reference area."""
    nation = reference_region(release, view.scheme)
    if nation is None:
        return None
    rows = release.industries(
        nation.scheme, nation.region, cluster, view.year, view.definition.definition
    )
    return Sheet(
        "industries",
        _("Industries that belong to it (%(classification)s), figures of %(area)s, %(year)s")
        % {
            "classification": view.scheme.classification,
            "area": words.word(view.reference),
            "year": view.year,
        },
        [
            SheetColumn(_("Industry"), number=False),
            SheetColumn(_("Subcluster"), number=False),
            SheetColumn(words.word(view.scheme.employment_word).capitalize(), str(view.year)),
            SheetColumn(_("Establish\u00adments")),
        ],
        [
            SheetRow(
                each.title,
                [
                    Cell(words.cluster(each.subcluster or ""), number=False),
                    part_cell(each),
                    Cell(figures.whole(each.establishments)),
                ],
                code=each.industry,
                lang="en",
            )
            for each in rows
        ],
        tall=len(rows) > 15,
    )


def facts_of(view: View, found: ClusterStandings) -> list[tuple[str, str, str, str]]:
    """Return figures on wage, size and concentration: (label, value, unit, anchor of methods)."""
    profile = found.profile
    facts = []
    if found.wage is not None:
        facts.append(
            (
                _("Wage"),
                figures.whole(found.wage),
                _("%(currency)s a year for each printed job") % {"currency": currency(view)},
                "wage",
            )
        )
    if profile.establishments:
        size = (
            _("%(size)s printed jobs each") % {"size": figures.quotient(found.size)}
            if found.size is not None
            else _("in %(area)s") % {"area": words.word(view.reference_short)}
        )
        facts.append(
            (_("Establishments"), figures.whole(profile.establishments), size, "employment")
        )
    if found.largest_share is not None:
        facts.append(
            (
                _("In five regions"),
                figures.percent(found.largest_share),
                _("of it lies in the five with most"),
                "shares",
            )
        )
    if profile.locational_gini is not None:
        facts.append(
            (
                _("Locational Gini"),
                number(f"{profile.locational_gini:.2f}"),
                _("0 spread like all jobs, 1 in one place"),
                "variety",
            )
        )
    return facts
