"""What options and peers rest on, and why there are none: as a release says it."""

from __future__ import annotations

import json
import re

from django.utils.translation import gettext as _

from clusteratlas.atlas import Provenance, Region, Release
from clusteratlas.portal import figures, words
from clusteratlas.portal.pages.asking import View

ELSEWHERE = re.compile(r"Options are worked out for ([\w-]+)\.")
"""What a release says of schemes that its options leave out."""


def _peers_by() -> dict[str, str]:
    """What peers are told by, as one says it."""
    return {
        "jobs": _("size"),
        "population": _("inhabitants"),
        "jobs_per_inhabitant": _("jobs per inhabitant"),
        "kind": _("kind of area"),
        "mix": _("broad mix of sectors"),
        "place": _("where they lie"),
        "traded_share": _("share of traded jobs"),
    }


def worked_out(view: View) -> str:
    """Return the source of what the atlas works out from a year's figures."""
    return _("Worked out from %(source)s") % {"source": view.source_line}


def covered(release: Release, table: str, view: View) -> Provenance | None:
    """Return the provenance of what a table says of a scheme."""
    speaks = f" in {view.scheme.scheme} "
    return next((row for row in release.provenance(table) if speaks in f"{row.source} "), None)


def compared_by(provenance: Provenance | None) -> str:
    """Return what peers are compared by, as it stands in provenance."""
    said = json.loads(provenance.parameters) if provenance else {}
    names = _peers_by()
    return figures.listed([names.get(each, each) for each in said.get("variables", [])])


def in_words(release: Release, text: str) -> str:
    """Return a text in which region schemes stand by their titles."""
    for scheme in release.manifest.schemes:
        text = re.sub(
            rf"(?<![\w-]){re.escape(scheme.scheme)}(?![\w-])", words.word(scheme.title), text
        )
    return text


def why_none(release: Release, view: View, region: Region) -> str:
    """Say why a region has no options."""
    said = release.missing("options", view.scheme.scheme)
    elsewhere = ELSEWHERE.fullmatch(said or "")
    if elsewhere:
        title = words.word(release.scheme(elsewhere[1]).title)
        return _("Options are worked out for these regions: %(regions)s.") % {"regions": title}
    if said:
        return in_words(release, said)
    if release.options_skill(view.scheme.scheme, view.year):
        return _(
            "No option is given for %(region)s in %(year)s: too few of its industries are printed "
            "to say what lies near them."
        ) % {"region": region.name, "year": view.year}
    years = [
        str(year)
        for year in release.years_of(view.scheme.scheme, region.region)
        if year != view.year and release.options(view.scheme.scheme, region.region, year)
    ]
    if years:
        return _("Options are given for %(years)s, not for %(year)s.") % {
            "years": figures.listed(years),
            "year": view.year,
        }
    return _(
        "This release holds no options for these regions: %(regions)s. They need the figures of "
        "two years, so that their odds can be tested."
    ) % {"regions": words.word(view.scheme.title)}
