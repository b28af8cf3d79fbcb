"""A release opened for reading: its files behind one engine, its places, clusters and search."""

from __future__ import annotations

import difflib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import duckdb
import pyarrow as pa

from clusteratlas.atlas.manifest import DefinitionInfo, Manifest, SchemeInfo
from clusteratlas.atlas.records import (
    Cluster,
    Hit,
    Region,
)
from clusteratlas.atlas.search import SearchIndex, SearchWords
from clusteratlas.atlas.store import MANIFEST
from clusteratlas.engine import read_parquet
from clusteratlas.tables import CONTRACTS, CannotAnswer

Record = TypeVar("Record")
Kept = TypeVar("Kept")
MOST_KEPT = 4
MANY = 24
"""More names than this are not listed whole in a hint."""


class OpenedRelease:
    """What can be asked of a release without its figures. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("set threads to 2")
        self._connection.execute("set enable_progress_bar = false")
        for name in CONTRACTS:
            if not self.path(name).is_file():
                self._connection.register("nothing", CONTRACTS[name].schema.empty_table())
                self._connection.execute(f"create table {name} as select * from nothing")
                continue
            path = str(self.path(name)).replace("'", "''")
            self._connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        for name in ("regions", "clusters", "definitions", "industries"):
            self._connection.execute(f"create table {name}_held as select * from {name}")
        self._connection.execute("set autoinstall_known_extensions = false")
        self._connection.execute("set autoload_known_extensions = false")
        self._connection.execute("set allowed_directories = [?]", [str(folder)])
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        self._threads = threading.local()
        self._indexes: dict[str, SearchIndex] = {}
        self._indexing = threading.Lock()
        self._keeping = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()

    @property
    def id(self) -> str:
        """The release's id, a hash of its content."""
        return self.manifest.id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the release."""
        self._connection.close()

    def path(self, name: str) -> Path:
        """Return the Parquet file of a table."""
        if name not in CONTRACTS:
            raise unknown_name("table", name, CONTRACTS)
        return self.folder / f"{name}.parquet"

    def table(self, name: str) -> pa.Table:
        """Return a whole table; one that a release of earlier days lacks is empty."""
        path = self.path(name)
        return read_parquet(path) if path.is_file() else CONTRACTS[name].schema.empty_table()

    # Schemes and definitions

    def scheme(self, name: str) -> SchemeInfo:
        """Return a region scheme by name."""
        for scheme in self.manifest.schemes:
            if scheme.scheme == name:
                return scheme
        raise unknown_name("region scheme", name, [each.scheme for each in self.manifest.schemes])

    def definition(self, name: str) -> DefinitionInfo:
        """Return a cluster definition by name."""
        for definition in self.manifest.definitions:
            if definition.definition == name:
                return definition
        known = [each.definition for each in self.manifest.definitions]
        raise unknown_name("cluster definition", name, known)

    def year(self, scheme: str, year: int | None) -> int:
        """Return the year, by default the latest of the scheme."""
        years = self.scheme(scheme).years
        if year is None:
            return years[-1]
        if year not in years:
            raise CannotAnswer(
                f"there are no figures of {scheme} for that year",
                value=str(year),
                hint=f"use one of {', '.join(map(str, years))}",
            )
        return year

    def definition_of(self, scheme: str, definition: str | None) -> str:
        """Return the definition's name, by default the default one of the scheme."""
        info = self.scheme(scheme)
        if definition is None:
            return info.definition
        if definition not in info.definitions:
            raise CannotAnswer(
                f"{scheme} is not mapped by that cluster definition",
                value=definition,
                hint=f"use one of {', '.join(info.definitions)}",
            )
        return definition

    # Regions and clusters

    def regions(self, scheme: str) -> list[Region]:
        """Return the regions of a scheme, by code."""
        self.scheme(scheme)
        return list(self._regions[scheme].values())

    @cached_property
    def _regions(self) -> dict[str, dict[str, Region]]:
        """Every region by scheme and code: each page names dozens of them."""
        found: dict[str, dict[str, Region]] = {each.scheme: {} for each in self.manifest.schemes}
        for region in self._records(Region, "select * from regions_held order by region", []):
            found.setdefault(region.scheme, {})[region.region] = region
        return found

    def region(self, scheme: str, region: str) -> Region:
        """Return a region by scheme and code."""
        self.scheme(scheme)
        found = self._regions[scheme].get(region)
        if found is None:
            raise CannotAnswer(
                f"there is no region with that code in {scheme}",
                value=region,
                hint=self.suggestion(region, "region"),
            )
        return found

    def find_region(self, code: str, scheme: str | None = None) -> Region:
        """Return the region with this code or exact name in any scheme (or in the one given)."""
        if scheme is not None:
            self.scheme(scheme)
        found = self._records(
            Region,
            "select * from regions_held where (region = ? or lower(name) = lower(?)) "
            "and (? is null or scheme = ?) order by scheme, region",
            [code, code, scheme, scheme],
        )
        if not found:
            raise CannotAnswer(
                "there is no region with that code or name",
                value=code,
                hint=self.suggestion(code, "region"),
            )
        if len({region.scheme for region in found}) < len(found) or len(found) > 1:
            exact = [region for region in found if region.region == code]
            if len(exact) == 1:
                return exact[0]
            options = ", ".join(f"{each.name} ({each.scheme} {each.region})" for each in found[:8])
            raise CannotAnswer(
                "several regions have that code or name",
                value=code,
                hint=f"say which with its scheme: {options}",
            )
        return found[0]

    def clusters(self, definition: str) -> list[Cluster]:
        """Return the clusters of a definition, in the order of their codes."""
        self.definition(definition)
        return list(self._clusters[definition].values())

    @cached_property
    def _clusters(self) -> dict[str, dict[str, Cluster]]:
        """Every cluster by definition and code, in the order of their codes."""
        names = [each.definition for each in self.manifest.definitions]
        found: dict[str, dict[str, Cluster]] = {name: {} for name in names}
        question = "select * from clusters_held order by try_cast(cluster as int), cluster"
        for cluster in self._records(Cluster, question, []):
            found.setdefault(cluster.definition, {})[cluster.cluster] = cluster
        return found

    def cluster(self, definition: str, cluster: str) -> Cluster:
        """Return a cluster by definition and code."""
        self.definition(definition)
        if found := self._clusters[definition].get(cluster):
            return found
        raise CannotAnswer(
            f"there is no {self.definition(definition).group_word} with that code",
            value=cluster,
            hint=self.suggestion(cluster, "cluster"),
        )

    def find_cluster(self, text: str, definition: str | None = None) -> Cluster:
        """Return the cluster with this code or name, in the definition given or in any."""
        names = [each.definition for each in self.manifest.definitions]
        if definition is not None:
            names = [self.definition(definition).definition]
        for name in names:
            for each in self.clusters(name):
                if text == each.cluster or text.casefold() == each.name.casefold():
                    return each
        raise CannotAnswer(
            "there is no cluster with that code or name",
            value=text,
            hint=self.suggestion(text, "cluster"),
        )

    def members(self, scheme: str, region: str) -> list[Region]:
        """Return the published regions that lie in this one, by scheme and code."""
        return self._records(
            Region,
            "select r.* from memberships m join regions_held r on r.scheme = m.scheme "
            "and r.region = m.region where m.in_scheme = ? and m.in_region = ? "
            "order by r.scheme, r.region",
            [scheme, region],
        )

    # Search

    def _index(self, language: str = "", words: SearchWords | None = None) -> SearchIndex:
        """The index of a language, built when it is asked first and kept."""
        kept = self._indexes.get(language)
        if kept is None:
            with self._indexing:
                kept = self._indexes.get(language)
                if kept is None:
                    kept = self._indexes[language] = self._built_index(words or SearchWords())
        return kept

    def _built_index(self, words: SearchWords) -> SearchIndex:
        return SearchIndex(
            [region for scheme in self.manifest.schemes for region in self.regions(scheme.scheme)],
            [
                cluster
                for definition in self.manifest.definitions
                for cluster in self.clusters(definition.definition)
            ],
            [
                (definition, cluster, industry, title)
                for definition, cluster, industry, title in self._rows(
                    "select distinct d.definition, d.cluster, d.industry, i.title "
                    "from definitions_held d join industries_held i on i.industry = d.industry "
                    "and i.classification = d.classification order by all",
                    [],
                )
            ],
            [
                (definition, cluster, subcluster)
                for definition, cluster, subcluster in self._rows(
                    "select distinct definition, cluster, subcluster from definitions_held "
                    "where subcluster <> '' order by all",
                    [],
                )
            ],
            {
                (scheme, region): int(jobs or 0)
                for scheme, region, jobs in self._rows(
                    "select scheme, region, max(employment) from region_profile group by all", []
                )
            },
            self.manifest,
            words,
        )

    def search(
        self, text: str, limit: int = 10, *, language: str = "", words: SearchWords | None = None
    ) -> list[Hit]:
        """Return the regions, clusters, subclusters and industries that fit the text best.

        ``words`` names things in another ``language``, which then finds them too.
        """
        return self._index(language, words).search(text, limit)

    def suggestion(self, text: str, kind: str) -> str:
        """Return what may have been meant, as a hint."""
        hits = [hit for hit in self._index().search(text, 20) if hit.kind == kind][:3]
        if not hits:
            return "search by name to find the code"
        return "did you mean " + ", ".join(f"{hit.name} ({hit.code})" for hit in hits) + "?"

    # Plumbing

    def selected(self, question: str, values: Sequence[object] = ()) -> pa.Table:
        """Return the rows of a question to the tables, for what is computed on arrays."""
        return self._cursor().execute(question, list(values)).to_arrow_table()

    def keep(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """Return what was made under this key, else make it; of each kind the latest few stay."""
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Kept, self._kept[key])
        made = make()
        with self._keeping:
            self._kept[key] = made
            for old in [each for each in self._kept if each[0] == key[0]][:-MOST_KEPT]:
                del self._kept[old]
        return made

    def _rows(self, question: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return self._cursor().execute(question, list(values)).fetchall()

    def _records(self, kind: type[Record], question: str, values: Sequence[object]) -> list[Record]:
        cursor = self._cursor().execute(question, list(values))
        places = {column[0]: place for place, column in enumerate(cursor.description or ())}
        order = [places.get(field.name, len(places)) for field in fields(kind)]  # type: ignore[arg-type]
        # A column that a release of earlier days lacks is not known: the place behind the last.
        return [kind(*((*row, None)[place] for place in order)) for row in cursor.fetchall()]

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """One cursor a thread, all on the same read-only views."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._threads, "cursor", None)
        if cursor is None:
            cursor = self._threads.cursor = self._connection.cursor()
        return cursor


def unknown_name(kind: str, value: str, known: Iterable[str]) -> CannotAnswer:
    """Refuse a name that is not there, with the names that are."""
    names = list(known)
    if len(names) > MANY:
        names = difflib.get_close_matches(value, names, n=3, cutoff=0.5) or names
    return CannotAnswer(
        f"there is no {kind} of that name", value=value, hint=f"use one of {', '.join(names)}"
    )
