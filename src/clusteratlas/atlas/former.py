"""Codes of other vintages: which region or industry of the release holds their place."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas import classification
from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.records import Region

MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class FormerRegion:
    """A code that the release has no region of, and those that hold its place.

    ``same`` says that there is one, of the same territory: only the code differs.
    """

    scheme: str
    code: str
    successors: tuple[Region, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class FormerIndustry:
    """An industry code that the release does not have, and the industries that hold its place.

    ``successors`` are (industry, title, definition, cluster); one alone is the only heir.
    """

    code: str
    title: str
    vintages: tuple[int, ...]
    successors: tuple[tuple[str, str, str, str], ...]

    @property
    def same(self) -> bool:
        """Whether a single industry took over."""
        return len({each[0] for each in self.successors}) == 1


def former_region(release: OpenedRelease, scheme: str, code: str) -> FormerRegion | None:
    """Return what holds the place of a code that the release does not have; None where unknown.

    Definition
    ----------
    The nearest codes of other vintages (`classification.other_codes`, some steps on) that the
    release has regions of.
    """
    known = {each.region: each for each in release.regions(scheme)}
    if code.startswith("GR") and scheme.startswith("nuts-"):
        code = f"EL{code[2:]}"
        if code in known:
            return FormerRegion(scheme, code, (known[code],), True)
    if code in known:
        return None
    seen, found = {code}, {}
    step = [(code, True)]
    for _ in range(MOST_STEPS):
        onward: list[tuple[str, bool]] = []
        for each, same in step:
            for other in classification.other_codes(scheme, each):
                if other.region in seen:
                    continue
                seen.add(other.region)
                if other.region in known:
                    found[other.region] = same and other.same
                else:
                    onward.append((other.region, same and other.same))
        if found or not onward:
            break
        step = onward
    if not found:
        return None
    return FormerRegion(
        scheme,
        code,
        tuple(known[each] for each in sorted(found)),
        len(found) == 1 and all(found.values()),
    )


def former_industry(release: OpenedRelease, code: str) -> FormerIndustry | None:
    """Return the industries of the release that hold the place of a code that is gone."""
    former = classification.former_industries().get(code)
    if former is None:
        return None
    marks = ",".join("?" for _ in former.successors)
    rows = release._rows(
        "select distinct d.industry, i.title, d.definition, d.cluster from definitions_held d "
        "join industries_held i on i.industry = d.industry "
        f"and i.classification = d.classification where d.industry in ({marks}) order by all",
        list(former.successors),
    )
    if not rows:
        return None
    return FormerIndustry(
        code,
        former.title,
        former.vintages,
        tuple((str(a), str(b), str(c), str(d)) for a, b, c, d in rows),
    )


def homes_of_industry(release: OpenedRelease, code: str) -> list[tuple[str, str]]:
    """Return (definition, cluster) of an industry; empty where the release does not have it."""
    rows = release._rows(
        "select distinct definition, cluster from definitions_held where industry = ? order by all",
        [code],
    )
    return [(str(definition), str(cluster)) for definition, cluster in rows]
