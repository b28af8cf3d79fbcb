"""What is current: the release of a place, its schemes, definitions and sources."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from clusteratlas.atlas import Provenance, Release
from clusteratlas.cli.console import Heading, facts, line, notes, table, title


def status_document(release: Release, place: Path) -> dict[str, Any]:
    """Return what the release says of itself, for machines."""
    manifest = release.manifest
    return {
        "release": release.id,
        "place": str(place),
        "folder": str(release.folder),
        "code_version": manifest.code_version,
        "schemes": [each.model_dump(mode="json") for each in manifest.schemes],
        "definitions": [each.model_dump(mode="json") for each in manifest.definitions],
        "sources": [asdict(each) for each in _sources(release)],
        "rows": manifest.rows,
        "files": manifest.files,
    }


def show_status(release: Release, place: Path) -> None:
    """Print what is current, for readers."""
    manifest = release.manifest
    title(f"Release {release.id} is current")
    line(f"Place: {place}", whole=True)
    line()
    facts(
        [
            ("Built by", f"Cluster Atlas {manifest.code_version}"),
            ("Figures", f"{manifest.rows.get('employment', 0):,} rows of industries"),
            ("Regional clusters", f"{manifest.rows.get('regional_clusters', 0):,} rows"),
        ]
    )
    line()
    table(
        [
            Heading("Scheme"),
            Heading("What", folds=True),
            Heading("Regions", right=True),
            Heading("Years", folds=True),
            Heading("Definitions", folds=True),
        ],
        [
            [
                each.scheme,
                each.title,
                f"{each.regions:,}",
                ", ".join(map(str, each.years)),
                ", ".join(each.definitions),
            ]
            for each in manifest.schemes
        ],
    )
    line()
    table(
        [
            Heading("Definition"),
            Heading("What", folds=True),
            Heading("Classification"),
            Heading("Groups", right=True),
        ],
        [
            [each.definition, each.title, each.classification, str(each.clusters)]
            for each in manifest.definitions
        ],
    )
    line()
    for source in _sources(release):
        named = f"{source.publisher}, {source.title}"
        notes([f"Source {source.source}: {named}. Licence: {source.licence}."])


def _sources(release: Release) -> list[Provenance]:
    """Return the sources of the figures, each once."""
    return release.provenance("employment")
