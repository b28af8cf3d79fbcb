"""Ask a release how clusters relate, what a region could do next and who is built like it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from clusteratlas.atlas.opened import OpenedRelease, unknown_name
from clusteratlas.atlas.provenance import missing_key
from clusteratlas.atlas.related_records import (
    Coded,
    IndustryPair,
    Option,
    OptionSkill,
    Peer,
    RelatedCluster,
)
from clusteratlas.tables.related import KINDS, SAMPLES, SPLITS

RELATED = (
    "select r.*, c.name as name_a, d.name, d.traded from relatedness r "
    "join clusters_held c on c.definition = r.definition and c.cluster = r.a "
    "join clusters_held d on d.definition = r.definition and d.cluster = r.b "
    "where r.definition = ? "
)
BY_A = "try_cast(r.a as int), r.a, "
STRONGEST = "r.composite desc nulls last, try_cast(r.b as int), r.b"


class RelatedQuestions(OpenedRelease):
    """What can be asked about relatedness, options and peers.

    Each answer is empty where the release has no such rows; `missing` says why.
    """

    def related(self, definition: str, cluster: str) -> list[RelatedCluster]:
        """Return a cluster's relatedness to every other one, the strongest first."""
        self.cluster(definition, cluster)
        question = RELATED + "and r.a = ? and r.a <> r.b order by " + STRONGEST
        return self._related(definition, question, [definition, cluster])

    def within(self, definition: str) -> list[RelatedCluster]:
        """Return how related the industries within each cluster are, by cluster."""
        self.definition(definition)
        question = RELATED + "and r.a = r.b order by " + BY_A + STRONGEST
        return self._related(definition, question, [definition])

    def relatedness(self, definition: str) -> list[RelatedCluster]:
        """Return all rows of a definition, by cluster, each one's strongest first."""
        self.definition(definition)
        question = RELATED + "order by " + BY_A + STRONGEST
        return self._related(definition, question, [definition])

    def options(
        self, scheme: str, region: str, year: int | None = None, *, kind: str | None = None
    ) -> list[Option]:
        """Return the industries that a region lacks, then those it grows into, best odds first."""
        self.region(scheme, region)
        if kind is not None and kind not in KINDS:
            raise unknown_name("kind of option", kind, KINDS)
        rows = self._dicts(
            "select o.*, c.name as cluster_name from options o left join clusters_held c "
            "on c.definition = ? and c.cluster = o.cluster "
            "where o.scheme = ? and o.region = ? and o.year = ? and (? is null or o.kind = ?) "
            "order by o.kind, o.rank, o.industry",
            [
                self.definition_of(scheme, None),
                scheme,
                region,
                self.year(scheme, year),
                kind,
                kind,
            ],
        )
        names = self._region_names(scheme)
        return [self._option(row, names) for row in rows]

    def options_skill(self, scheme: str, year: int | None = None) -> list[OptionSkill]:
        """Return how well entries are told beforehand, best first in each sample and split."""
        rows = self._records(
            OptionSkill,
            "select * from options_skill where scheme = ? and year = ? "
            "order by auc desc nulls last, predictor",
            [scheme, self.year(scheme, year)],
        )
        return sorted(rows, key=lambda row: (SAMPLES.index(row.sample), SPLITS.index(row.split)))

    def peers(self, scheme: str, region: str) -> list[Peer]:
        """Return the regions that are built like this one, the most alike first."""
        self.region(scheme, region)
        return self._records(
            Peer,
            "select p.*, r.name from peers p join regions_held r "
            "on r.scheme = p.scheme and r.region = p.peer "
            "where p.scheme = ? and p.region = ? order by p.rank, p.peer",
            [scheme, region],
        )

    def sources_of_relatedness(self, definition: str) -> list[str]:
        """Return the sources of a definition's relatedness, keys of provenance."""
        self.definition(definition)
        rows = self._rows(
            "select distinct source from relatedness where definition = ? order by 1", [definition]
        )
        return [str(row[0]) for row in rows]

    def missing(self, table: str, of: str) -> str:
        """Return why a table has no rows for a definition or scheme; empty where nothing is said.

        Parameters
        ----------
        table
            relatedness, options, options_skill or peers.
        of
            Name of the definition (for relatedness) or of the region scheme.
        """
        self.path(table)
        rows = self._rows(
            'select covers from provenance where "table" = ? and source = ?',
            [table, missing_key(of)],
        )
        return str(rows[0][0]) if rows else ""

    def _related(
        self, definition: str, question: str, values: list[object]
    ) -> list[RelatedCluster]:
        titles = self._titles(self.definition(definition).classification)
        return [
            RelatedCluster(**{**row, "carried_by": _pairs(row["carried_by"], titles)})
            for row in self._dicts(question, values)
        ]

    def _option(self, row: dict[str, Any], names: Mapping[str, str]) -> Option:
        titles = self._titles(row["classification"])
        supporting = _coded(row.pop("supporting_industries"), titles)
        moved = _coded(row.pop("peers_moved"), names)
        title = titles.get(row["industry"], row["industry"])
        return Option(**row, title=title, supporting=supporting, peers_moved=moved)

    def _dicts(self, question: str, values: list[object]) -> list[dict[str, Any]]:
        cursor = self._cursor().execute(question, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _titles(self, classification: str) -> dict[str, str]:
        """The titles of a classification's industries, those of its other vintages beside them."""
        kept = self._kept_titles.get(classification)
        if kept is None:
            rows = self._rows(
                "select industry, title from industries_held "
                "where split_part(classification, '-', 1) = split_part(?, '-', 1) "
                "order by classification = ?, classification",
                [classification, classification],
            )
            kept = self._kept_titles[classification] = {row[0]: row[1] for row in rows}
        return kept

    def _region_names(self, scheme: str) -> dict[str, str]:
        kept = self._kept_names.get(scheme)
        if kept is None:
            kept = {each.region: each.name for each in self.regions(scheme)}
            self._kept_names[scheme] = kept
        return kept

    @cached_property
    def _kept_titles(self) -> dict[str, dict[str, str]]:
        return {}

    @cached_property
    def _kept_names(self) -> dict[str, dict[str, str]]:
        return {}


def _coded(listed: str | None, names: Mapping[str, str]) -> tuple[Coded, ...]:
    """Read codes with commas between them."""
    return tuple(Coded(code, names.get(code, code)) for code in (listed or "").split(",") if code)


def _pairs(listed: str | None, titles: Mapping[str, str]) -> tuple[IndustryPair, ...]:
    """Read pairs of codes such as ``332710-333517``; a code may itself have a hyphen."""
    pairs = []
    for text in (listed or "").split():
        parts = text.split("-")
        splits = [("-".join(parts[:at]), "-".join(parts[at:])) for at in range(1, len(parts))]
        known = [each for each in splits if each[0] in titles and each[1] in titles]
        for a, b in (known or splits)[:1]:
            pairs.append(IndustryPair(a, b, titles.get(a, a), titles.get(b, b)))
    return tuple(pairs)
