"""How strong a region is in each cluster of a network: the mark that is drawn, and the words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clusteratlas.atlas import Region, RegionalCluster, Release
from clusteratlas.portal import doubt, figures, words
from clusteratlas.portal.pages.asking import View


def marks() -> tuple[tuple[str, str], ...]:
    """Return every mark with what it means, the strongest first."""
    return (
        ("strong", _("strong there")),
        ("flip", _("strong or not could flip")),
        ("above", _("quotient 1 or more")),
        ("present", _("there, quotient under 1")),
        ("withheld", _("withheld")),
        ("absent", _("not printed there")),
    )


def held_in(release: Release, view: View, region: Region | None) -> dict[str, RegionalCluster]:
    """Return every cluster of a region by its code; nothing without a region."""
    if region is None:
        return {}
    rows = release.regional_clusters(
        view.scheme.scheme,
        region=region.region,
        year=view.year,
        definition=view.definition.definition,
    )
    return {row.cluster: row for row in rows}


def mark_of(row: RegionalCluster | None) -> str:
    """Return how strong a region is in a cluster, as the mark that is drawn for it."""
    if row is None or row.employment is None:
        return "withheld" if row is not None and row.status == "withheld" else "absent"
    if row.could_flip:
        return "flip"
    if row.strong:
        return "strong"
    if row.employment == 0:
        return "absent"
    return "above" if (row.location_quotient or 0) >= 1 else "present"


def said_of(row: RegionalCluster | None, view: View) -> str:
    """Say how strong a region is in a cluster: quotient with its interval, jobs, verdict."""
    if row is None or row.employment is None:
        withheld = row is not None and row.status == "withheld"
        return _("withheld") if withheld else _("not printed")
    between = doubt.quotient_between(row)
    parts = [
        _("quotient %(quotient)s")
        % {
            "quotient": figures.quotient(row.location_quotient)
            + (f" ({between})" if between else "")
        },
        f"{doubt.jobs(row)} {words.word(view.scheme.employment_word)}",
        *(word for _kind, word in doubt.strength_pills(row)),
    ]
    return ", ".join(parts)
