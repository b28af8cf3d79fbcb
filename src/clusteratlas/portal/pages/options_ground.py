"""What options and peers rest on, and why there are none: as a release says it."""

from __future__ import annotations

import json
import re

from clusteratlas.atlas import Provenance, Region, Release
from clusteratlas.portal import figures
from clusteratlas.portal.pages.asking import View

PEERS_BY = {
    "jobs": "size",
    "population": "inhabitants",
    "jobs_per_inhabitant": "jobs per inhabitant",
    "kind": "kind of area",
    "mix": "broad mix of sectors",
    "place": "where they lie",
    "traded_share": "share of traded jobs",
}
"""What peers are told by, as one says it."""


def worked_out(view: View) -> str:
    """Return the source of what the atlas works out from a year's figures."""
    return f"Worked out from {view.source_line}"


def covered(release: Release, table: str, view: View) -> Provenance | None:
    """Return the provenance of what a table says of a scheme."""
    speaks = f" in {view.scheme.scheme} "
    return next((row for row in release.provenance(table) if speaks in f"{row.source} "), None)


def compared_by(provenance: Provenance | None) -> str:
    """Return what peers are compared by, as it stands in provenance."""
    said = json.loads(provenance.parameters) if provenance else {}
    return figures.listed([PEERS_BY.get(each, each) for each in said.get("variables", [])])


def in_words(release: Release, text: str) -> str:
    """Return a text in which region schemes stand by their titles."""
    for scheme in release.manifest.schemes:
        text = re.sub(rf"(?<![\w-]){re.escape(scheme.scheme)}(?![\w-])", scheme.title, text)
    return text


def why_none(release: Release, view: View, region: Region) -> str:
    """Say why a region has no options."""
    said = release.missing("options", view.scheme.scheme)
    if said:
        return in_words(release, said)
    if release.options_skill(view.scheme.scheme, view.year):
        return (
            f"No option is given for {region.name} in {view.year}: too few of its industries are "
            "printed to say what lies near them."
        )
    years = [
        str(year)
        for year in release.years_of(view.scheme.scheme, region.region)
        if year != view.year and release.options(view.scheme.scheme, region.region, year)
    ]
    if years:
        return f"Options are given for {figures.listed(years)}, not for {view.year}."
    return (
        f"This release holds no options for {view.scheme.title}. They need the figures of two "
        "years, so that their odds can be tested."
    )
