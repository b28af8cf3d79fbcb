"""What a comparison asks for: up to ten regions or clusters, read from its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import Cluster, Hit, Region, RegionProfile, Release, SchemeInfo
from clusteratlas.portal import words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.search import hits_of
from clusteratlas.portal.sentences import short_name
from clusteratlas.tables import CannotAnswer

MOST = 10
LONGEST = 2_000
NEAR = 3
MOST_NEAR = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A region of a comparison; ``token`` is how the address names it."""

    number: int
    view: View
    region: Region
    profile: RegionProfile | None
    token: str
    base: bool = False

    @property
    def name(self) -> str:
        """The region as one says it."""
        return short_name(self.region)


def asked_list(request: AtlasRequest, name: str) -> tuple[list[str], list[str]]:
    """Return the distinct entries of a list in the address, and those that stand there twice.

    Raises
    ------
    BadAddress
        More than ten of them.
    """
    text = ",".join(request.GET.getlist(name))
    if len(text) > LONGEST:
        raise BadAddress(_too_many(), value=_("%(count)s letters") % {"count": len(text)})
    given = [part.strip() for part in text.replace("\x00", "").split(",") if part.strip()]
    distinct = list(dict.fromkeys(given))
    if len(distinct) > MOST:
        raise BadAddress(
            _too_many(), value=str(len(distinct)), hint=_("take some of them out of the list")
        )
    return distinct, [each for each in distinct if given.count(each) > 1]


def _too_many() -> str:
    return _("no more than %(most)s are compared at once") % {"most": MOST}


def asked_regions(
    release: Release, tokens: Sequence[str], scheme: SchemeInfo
) -> list[tuple[SchemeInfo, Region]]:
    """Return the regions named, each as code (of the scheme) or as scheme:code.

    Raises
    ------
    CannotAnswer
        All codes that are unknown at once, each with its near matches.
    """
    found: list[tuple[SchemeInfo, Region]] = []
    unknown: list[str] = []
    hints: list[str] = []
    for token in tokens:
        named, colon, code = token.rpartition(":")
        try:
            info = release.scheme(named) if colon else scheme
            found.append((info, release.region(info.scheme, code)))
        except CannotAnswer:
            unknown.append(token)
            hints.append(_near(code, token, near_regions(release, code, scheme.country_group)))
    if unknown:
        raise CannotAnswer(
            _("there is no region with that code"),
            value=", ".join(unknown),
            hint="; ".join(each for each in hints if each) or _("search by name to find the code"),
        )
    return found


def asked_clusters(release: Release, codes: Sequence[str], definition: str) -> list[Cluster]:
    """Return the clusters named by their codes; all unknown ones are told at once."""
    known = {each.cluster: each for each in release.clusters(definition)}
    unknown = [code for code in codes if code not in known]
    if unknown:
        hints = [_near(code, code, near_clusters(release, code, definition)) for code in unknown]
        raise CannotAnswer(
            _("there is no cluster with that code in this definition"),
            value=", ".join(unknown),
            hint="; ".join(each for each in hints if each)
            or _("codes run from %(first)s to %(last)s")
            % {"first": next(iter(known)), "last": list(known)[-1]},
        )
    return [known[code] for code in codes]


def _near(text: str, token: str, hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    names = ", ".join(f"{hit.name} ({hit.code})" for hit in hits[:NEAR])
    return _("near %(code)s: %(names)s") % {"code": token, "names": names}


def near_regions(release: Release, text: str, group: str) -> list[Hit]:
    """Return the regions of a country group that fit a text."""
    schemes = {each.scheme for each in release.manifest.schemes if each.country_group == group}
    hits = hits_of(release, text, 40)
    return [hit for hit in hits if hit.kind == "region" and hit.scheme in schemes][:MOST_NEAR]


def near_clusters(release: Release, text: str, definition: str) -> list[Hit]:
    """Return the clusters of a definition that fit a text, also by an industry of theirs."""
    found: dict[str, Hit] = {}
    names = {each.cluster: each.name for each in release.clusters(definition)}
    for hit in hits_of(release, text, 60):
        if hit.kind != "region" and hit.definition == definition and hit.code in names:
            found.setdefault(
                hit.code,
                Hit("cluster", "", definition, hit.code, words.cluster(names[hit.code]), ""),
            )
    return list(found.values())[:MOST_NEAR]


@dataclass(frozen=True, slots=True)
class Added:
    """What a text to add led to: the token, or the near matches to choose from."""

    text: str
    token: str = ""
    near: tuple[tuple[str, str, str], ...] = ()
    """(token, name, detail) of each."""


def added_region(
    request: AtlasRequest, release: Release, scheme: SchemeInfo, every_group: bool = True
) -> Added | None:
    """Read the text of the form that adds a region; None where nothing was typed."""
    text = request.GET.get("add", "")[:100].replace("\x00", "").strip()
    if not text:
        return None
    named, colon, code = text.rpartition(":")
    for each in release.manifest.schemes:
        if (colon and each.scheme == named) or (not colon and each == scheme):
            try:
                release.region(each.scheme, code)
            except CannotAnswer:
                break
            return Added(text, region_token(each, code, scheme))
    hits = near_regions(release, text, scheme.country_group)
    if not hits and every_group:
        hits = [hit for hit in hits_of(release, text, 40) if hit.kind == "region"][:MOST_NEAR]
    same = [hit for hit in hits if hit.name.casefold() == text.casefold()]
    sure = same if len(same) == 1 else hits if len(hits) == 1 else []
    return _added(text, hits, sure, lambda hit: _hit_token(release, hit, scheme))


def added_cluster(request: AtlasRequest, release: Release, definition: str) -> Added | None:
    """Read the text of the form that adds a cluster; None where nothing was typed."""
    text = request.GET.get("add", "")[:100].replace("\x00", "").strip()
    if not text:
        return None
    if any(each.cluster == text for each in release.clusters(definition)):
        return Added(text, text)
    hits = near_clusters(release, text, definition)
    same = [hit for hit in hits if hit.name.casefold() == text.casefold()]
    return _added(text, hits, same or (hits if len(hits) == 1 else []), lambda hit: hit.code)


def _added(
    text: str, hits: Sequence[Hit], sure: Sequence[Hit], token: Callable[[Hit], str]
) -> Added:
    if sure:
        return Added(text, token(sure[0]))
    return Added(
        text,
        near=tuple((token(hit), hit.name, words.word(hit.detail)) for hit in hits[:MOST_NEAR]),
    )


def _hit_token(release: Release, hit: Hit, scheme: SchemeInfo) -> str:
    return region_token(release.scheme(hit.scheme), hit.code, scheme)


def region_token(info: SchemeInfo, code: str, scheme: SchemeInfo) -> str:
    """Return how the address names a region: bare in its own scheme."""
    return code if info.scheme == scheme.scheme else f"{info.scheme}:{code}"


def common_years(schemes: Sequence[SchemeInfo]) -> tuple[int, ...]:
    """Return the years that all schemes have figures of."""
    years = set(schemes[0].years).intersection(*(each.years for each in schemes))
    return tuple(sorted(years))
