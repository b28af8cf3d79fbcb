"""Codes of regions and clusters that a release does not know."""

from __future__ import annotations

from clusteratlas.organisations.codes import Codebook
from clusteratlas.programmes.register.document import Award, Programme
from clusteratlas.tables import Fault


def code_faults(part: Programme | Award, book: Codebook) -> list[tuple[str, Fault]]:
    """Return each code of a programme or award that a release does not know, with its column.

    >>> code_faults(Programme(name="Boost"), Codebook("", {}, {}, {}, {}, {}, {}))
    []
    """
    given = {
        "regions": [each.model_dump() for each in part.regions],
        "claims": [each.model_dump() for each in part.clusters],
    }
    return [
        (f"{'clusters' if place[0] == 'claims' else place[0]}.{place[1]}", fault)
        for place, fault in book.faults(given)
    ]
