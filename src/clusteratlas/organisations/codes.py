"""The codes a profile may use: checked against a release, and found by name where one says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any, Self

from clusteratlas.atlas import Release
from clusteratlas.organisations.cell_syntax import claim_parts, coded_parts
from clusteratlas.organisations.profile import Profile
from clusteratlas.tables import Fault

MOST_HINTS = 60
"""Unknown codes for which a likely one is looked up; a file of nonsense gets no more."""


Place = tuple[str | int, ...]
"""Where a field stands in a profile."""


class Unclear(Exception):
    """A text that leads to no code, or to several."""

    def __init__(self, problem: str, value: str, hint: str) -> None:
        super().__init__(problem)
        self.problem, self.value, self.hint = problem, value, hint


@dataclass(slots=True)
class Codebook:
    """Every code of a release with its name, as plain data that another process can be given.

    Attributes
    ----------
    regions, clusters, industries
        By scheme, definition or classification: name by code.
    subclusters
        By definition and cluster, as ``definition:cluster``: names.
    definitions, classifications
        What each region scheme is mapped by: definitions (the default first), classification.
    """

    release: str
    regions: dict[str, dict[str, str]]
    clusters: dict[str, dict[str, str]]
    subclusters: dict[str, list[str]]
    industries: dict[str, dict[str, str]]
    definitions: dict[str, list[str]]
    classifications: dict[str, str]
    _hints: int = field(default=MOST_HINTS, compare=False, repr=False)
    _folded: dict[int, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, release: Release) -> Self:
        """Return the codebook of a release; kept."""
        return release.keep(("codebook",), lambda: cls._asked(release))

    @classmethod
    def _asked(cls, release: Release) -> Self:
        schemes = release.manifest.schemes
        named = [each.definition for each in release.manifest.definitions]
        subclusters: dict[str, list[str]] = {}
        rows = release.selected(
            "select distinct definition, cluster, subcluster from definitions_held "
            "where subcluster <> '' order by all"
        )
        for row in rows.to_pylist():
            key = f"{row['definition']}:{row['cluster']}"
            subclusters.setdefault(key, []).append(row["subcluster"])
        industries: dict[str, dict[str, str]] = {}
        rows = release.selected("select classification, industry, title from industries_held")
        for row in rows.to_pylist():
            industries.setdefault(row["classification"], {})[row["industry"]] = row["title"]
        return cls(
            release.id,
            {
                each.scheme: {one.region: one.name for one in release.regions(each.scheme)}
                for each in schemes
            },
            {name: {one.cluster: one.name for one in release.clusters(name)} for name in named},
            subclusters,
            industries,
            {each.scheme: [each.definition, *each.definitions] for each in schemes},
            {each.scheme: each.classification for each in schemes},
        )

    def plain(self) -> dict[str, Any]:
        """Return the codebook as JSON can hold it."""
        names = [each.name for each in fields(self) if not each.name.startswith("_")]
        return {name: getattr(self, name) for name in names}

    def fresh(self) -> Self:
        """Return the same codes with hints for one more reading."""
        return replace(self, _hints=MOST_HINTS)

    # Texts to codes

    def region(self, text: str) -> dict[str, str]:
        """Return scheme and region of ``scheme:code``, ``scheme:name``, a bare code or a name."""
        scheme, code = coded_parts(text)
        if scheme in self.regions:
            return {"scheme": scheme, "region": self._code_in(self.regions[scheme], code)}
        if scheme and not self._anywhere(self.regions, text):
            return {"scheme": scheme, "region": code}
        pairs = self._anywhere(self.regions, text)
        found = self._only("region", text, pairs, self.regions)
        return {"scheme": found[0], "region": found[1]}

    def claim(self, text: str, schemes: Sequence[str] = ()) -> dict[str, str]:
        """Return the fields of a claim; a bare cluster is looked for where the regions are first.

        Parameters
        ----------
        text
            ``definition:cluster/subcluster (side)``; names do as well as codes.
        schemes
            Region schemes of the organisation.
        """
        definition, cluster, subcluster, weight = claim_parts(text)
        if not definition:
            likely = [name for each in schemes for name in self.definitions.get(each, ())]
            definition, cluster = self._bare_cluster(cluster, likely)
        else:
            cluster = self._code_in(self.clusters.get(definition, {}), cluster)
        for known in self.subclusters.get(f"{definition}:{cluster}", ()):
            if known.casefold() == subcluster.casefold():
                subcluster = known
        found = {"definition": definition, "cluster": cluster, "weight": weight}
        return {**found, "subcluster": subcluster} if subcluster else found

    def _bare_cluster(self, text: str, likely: Sequence[str]) -> tuple[str, str]:
        pairs = self._anywhere(self.clusters, text)
        mine = [pair for pair in pairs if pair[0] in likely]
        return self._only("cluster", text, mine or pairs, self.clusters)

    def industry(self, text: str, schemes: Sequence[str] = ()) -> dict[str, str]:
        """Return classification and industry of ``classification:code`` or a bare code."""
        classification, code = coded_parts(text)
        if classification:
            return {"classification": classification, "industry": code}
        pairs = [(name, code) for name, known in self.industries.items() if code in known]
        likely = [self.classifications.get(each, "") for each in schemes]
        mine = [pair for pair in pairs if pair[0] in likely]
        found = self._only("industry", text, mine or pairs, self.industries)
        return {"classification": found[0], "industry": found[1]}

    def _anywhere(self, known: Mapping[str, Mapping[str, str]], text: str) -> list[tuple[str, str]]:
        codes = [(group, text) for group, names in known.items() if text in names]
        if codes:
            return codes
        sought = text.casefold()
        by_name = {group: self._by_name(names) for group, names in known.items()}
        return [(group, names[sought]) for group, names in by_name.items() if sought in names]

    def _by_name(self, names: Mapping[str, str]) -> dict[str, str]:
        """The codes by name in small letters; of two regions of one name none is meant."""
        found = self._folded.get(id(names))
        if found is None:
            found, twice = {}, set()
            for code, name in names.items():
                folded = name.casefold()
                if folded in found:
                    twice.add(folded)
                found[folded] = code
            for folded in twice:
                del found[folded]
            self._folded[id(names)] = found
        return found

    def _code_in(self, names: Mapping[str, str], text: str) -> str:
        """The code of a name; the text itself where it is a code or nothing that is known."""
        return text if text in names else self._by_name(names).get(text.casefold(), text)

    def _only(
        self,
        kind: str,
        text: str,
        pairs: Sequence[tuple[str, str]],
        known: Mapping[str, Mapping[str, str]],
    ) -> tuple[str, str]:
        if len(pairs) == 1:
            return pairs[0]
        if pairs:
            options = ", ".join(f"{group}:{code}" for group, code in pairs[:6])
            raise Unclear(f"several {kind} codes fit", text, f"write one of {options}")
        names = {
            name: (group, code) for group, mine in known.items() for code, name in mine.items()
        }
        near = self._near(text, names)
        options = ", ".join(f"{names[name][0]}:{names[name][1]} ({name})" for name in near)
        hint = f"did you mean {options}?" if near else f"search for the {kind} to find its code"
        raise Unclear(f"there is no {kind} of that code or name", text, hint)

    def _near(self, text: str, names: Iterable[str]) -> list[str]:
        if self._hints <= 0:
            return []
        self._hints -= 1
        lower = {name.casefold(): name for name in names}
        return [lower[each] for each in get_close_matches(text.casefold(), lower, 3, 0.6)]

    # Codes that are not there

    def faults(self, profile: Profile | Mapping[str, Any]) -> list[tuple[Place, Fault]]:
        """Return each unknown code of a profile with the place of its field.

        Plain fields need not make a valid profile: unknown codes are told beside other faults.
        """
        given = profile.model_dump(mode="json") if isinstance(profile, Profile) else profile
        found: list[tuple[Place, Fault]] = []
        for place, region in _listed(given, "regions"):
            found += self._told(place, "region", self.regions, region, ("scheme", "region"))
        for place, each in _listed(given, "industries"):
            names = ("classification", "industry")
            found += self._told(place, "industry", self.industries, each, names)
        for place, claim in _claims(given):
            told = self._told(place, "cluster", self.clusters, claim, ("definition", "cluster"))
            found += told or self._unknown_subcluster(place, claim)
        return found

    def _told(
        self,
        place: Place,
        kind: str,
        known: Mapping[str, Mapping[str, str]],
        given: Mapping[str, Any],
        names: tuple[str, str],
    ) -> list[tuple[Place, Fault]]:
        group, code = (given.get(name) for name in names)
        if not isinstance(group, str) or not isinstance(code, str):
            return []
        fault = self._unknown(kind, known, group, code)
        return [(place, fault)] if fault else []

    def _unknown(
        self, kind: str, known: Mapping[str, Mapping[str, str]], group: str, code: str
    ) -> Fault | None:
        if group not in known:
            word = {
                "region": "region scheme",
                "cluster": "cluster definition",
                "industry": "classification",
            }[kind]
            hint = f"use one of {', '.join(known)}"
            return Fault(f"there is no {word} of that name", value=group, hint=hint)
        names = known[group]
        if code in names:
            return None
        near = self._near(code, [*names, *names.values()])
        codes = {name: each for each, name in names.items()}
        options = ", ".join(
            f"{name} ({codes[name]})" if name in codes else f"{name} ({names[name]})"
            for name in near
        )
        hint = f"did you mean {options}?" if near else f"search for the {kind} to find its code"
        return Fault(f"there is no {kind} with that code in {group}", value=code, hint=hint)

    def _unknown_subcluster(
        self, place: Place, claim: Mapping[str, Any]
    ) -> list[tuple[Place, Fault]]:
        known = self.subclusters.get(f"{claim.get('definition')}:{claim.get('cluster')}", [])
        subcluster = claim.get("subcluster")
        if not isinstance(subcluster, str) or not subcluster or subcluster in known:
            return []
        near = self._near(subcluster, known)
        hint = f"did you mean {', '.join(near)}?" if near else f"use one of {', '.join(known)}"
        if not known:
            hint = "leave the subcluster out; this cluster has none"
        problem = "the cluster has no subcluster of that name"
        return [(place, Fault(problem, value=subcluster, hint=hint))]


def _listed(given: Mapping[str, Any], name: str) -> Iterable[tuple[Place, Mapping[str, Any]]]:
    """The entries of a list that are objects, each with its place."""
    values = given.get(name)
    for at, each in enumerate(values if isinstance(values, list | tuple) else ()):
        if isinstance(each, Mapping):
            yield (name, at), each


def _claims(given: Mapping[str, Any]) -> Iterable[tuple[Place, Mapping[str, Any]]]:
    yield from _listed(given, "claims")
    for name in ("offers", "seeks"):
        for place, interest in _listed(given, name):
            for inside, claim in _listed(interest, "clusters"):
                yield (*place, *inside), claim


def check(profile: Profile, release: Release) -> list[Fault]:
    """Return a fault for every code of a profile that the release does not know.

    Each names the field in ``column`` (``offers.0.clusters.1`` for a part), the code and what may
    have been meant; nothing is raised, because a profile outlives releases.
    """
    book = Codebook.of(release).fresh()
    return [
        Fault(each.problem, column=".".join(map(str, place)), value=each.value, hint=each.hint)
        for place, each in book.faults(profile)
    ]
