"""What a map is about: a cluster, a part of one, all clusters together, or another figure."""

from __future__ import annotations

import difflib
import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.atlas import Cluster, Release, SchemeInfo
from clusteratlas.atlas.mapped_records import Industry, Subject
from clusteratlas.atlas.search import folded
from clusteratlas.portal import words
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.picks import featured_cluster
from clusteratlas.tables import CannotAnswer

ALL = "all"
MOST_NEAR = 5
LONGEST = 200
INDICATOR = "indicator:"


def subject_of(
    request: HttpRequest,
    release: Release,
    scheme: SchemeInfo,
    definition: str,
    year: int,
    notes: list[str],
) -> Subject:
    """Read what the map is about; what belongs to another definition gives way with a note."""
    given = {
        name: request.GET.get(name, "").strip()
        for name in ("subcluster", "industry", "part", "indicator")
    }
    named = [name for name, text in given.items() if text]
    if len(named) > 1:
        raise BadAddress(
            _("a map shows one thing: a subcluster, an industry or another figure"),
            value=", ".join(f"{name}={given[name]}" for name in named)[:LONGEST],
            hint=_("leave all but one out"),
        )
    indicator = given["indicator"]
    measure = request.GET.get("measure", "")
    code = request.GET.get("cluster", "")
    moved = request.GET.get("of") not in (None, code)  # another cluster was chosen in the form
    if measure.startswith(INDICATOR) and not moved:
        indicator = measure.removeprefix(INDICATOR)
    if indicator:
        return _indicator(release, scheme, indicator)
    if given["industry"]:
        return _as_subject(_industry(release, definition, given["industry"]))
    if given["subcluster"]:
        return _subcluster(release, definition, given["subcluster"], code)
    if given["part"] and not moved:
        return _typed(release, definition, given["part"], code)
    if code == ALL:
        return Subject("all", "", _("All together"))
    cluster = _cluster(code, release, scheme, definition, year, notes)
    return Subject("cluster", cluster.cluster, words.cluster(cluster.name), cluster.cluster)


def _indicator(release: Release, scheme: SchemeInfo, name: str) -> Subject:
    known = {each.indicator: each for each in release.mapped_indicators(scheme.scheme)}
    if name in known:
        return Subject("indicator", name, known[name].title)
    if not known:
        raise CannotAnswer(
            _("this release holds no other figures of these regions"),
            value=name,
            hint=_("choose a figure of a cluster instead"),
        )
    near = difflib.get_close_matches(name, known, n=MOST_NEAR, cutoff=0.3) or list(known)
    raise CannotAnswer(
        _("there is no figure of that name"),
        value=name,
        hint=_("did you mean one of these: %(names)s") % {"names": ", ".join(near[:MOST_NEAR])},
    )


def _industry(release: Release, definition: str, code: str) -> Industry:
    for each in release.mapped_industries(definition):
        if each.industry == code:
            return each
    raise _nothing_near(release, definition, code)


def _as_subject(industry: Industry) -> Subject:
    name = f"{industry.title} ({industry.industry})"
    return Subject("industry", industry.industry, name, industry.cluster)


def _subcluster(release: Release, definition: str, name: str, code: str) -> Subject:
    held = {
        (each.subcluster, each.cluster)
        for each in release.mapped_industries(definition)
        if each.subcluster == name
    }
    clusters = sorted(str(cluster) for _name, cluster in held)
    if not clusters:
        raise _nothing_near(release, definition, name)
    if code in clusters or len(clusters) == 1:
        chosen = code if code in clusters else clusters[0]
        return Subject("subcluster", name, words.cluster(name), chosen)
    raise BadAddress(
        _("several clusters have a subcluster of that name"),
        value=name,
        hint=_("say which: %(names)s")
        % {"names": ", ".join(f"cluster={each}" for each in clusters)},
    )


def _typed(release: Release, definition: str, text: str, code: str) -> Subject:
    """Resolve what was typed: a code, a title, or the name of a subcluster."""
    asked = folded(text[:LONGEST])
    industries = release.mapped_industries(definition)
    code_first = re.match(r"[A-Z]?\d+\b", text)
    code_last = re.search(r"\(([A-Z]?\d+)\)$", text)
    codes = {found for found in (code_first and code_first[0], code_last and code_last[1]) if found}
    for each in industries:
        if each.industry in codes:
            return _as_subject(each)
    for each in industries:
        spoken = words.cluster(each.subcluster or "")
        if each.subcluster and asked in (folded(each.subcluster), folded(spoken)):
            here = [one for one in industries if one.subcluster == each.subcluster]
            mine = code if any(one.cluster == code for one in here) else each.cluster
            return Subject("subcluster", each.subcluster, spoken, mine)
    for each in industries:
        if folded(each.title) == asked:
            return _as_subject(each)
    holding = [
        each for each in industries if each.cluster and asked and asked in folded(each.title)
    ]
    if len(holding) == 1:
        return _as_subject(holding[0])
    raise _nothing_near(release, definition, text)


def _nothing_near(release: Release, definition: str, text: str) -> CannotAnswer:
    asked = folded(text[:LONGEST])
    names: dict[str, str] = {}
    for each in release.mapped_industries(definition):
        names.setdefault(folded(each.title), f"{each.title} ({each.industry})")
        names.setdefault(each.industry, f"{each.title} ({each.industry})")
        if each.subcluster:
            names.setdefault(folded(each.subcluster), words.cluster(each.subcluster))
    near = [shown for name, shown in names.items() if asked and asked in name][:MOST_NEAR]
    near = near or [
        names[name] for name in difflib.get_close_matches(asked, names, n=MOST_NEAR, cutoff=0.4)
    ]
    hint = (
        _("did you mean one of these: %(names)s") % {"names": "; ".join(dict.fromkeys(near))}
        if near
        else _("type a code such as 334413, a part of a title, or leave the field empty")
    )
    return CannotAnswer(
        _("there is no one subcluster or industry of that name or code"), value=text, hint=hint
    )


def _cluster(
    code: str,
    release: Release,
    scheme: SchemeInfo,
    definition: str,
    year: int,
    notes: list[str],
) -> Cluster:
    if not code:
        return release.cluster(definition, featured_cluster(release, scheme, definition, year))
    here = {each.cluster: each for each in release.clusters(definition)}
    if code in here:
        return here[code]
    for other in release.manifest.definitions:
        for each in release.clusters(other.definition):
            if each.cluster == code:
                chosen = featured_cluster(release, scheme, definition, year)
                notes.append(
                    _("%(name)s is no %(kind)s of %(regions)s; this is %(other)s.")
                    % {
                        "name": words.cluster(each.name),
                        "kind": words.word(release.definition(definition).group_word),
                        "regions": words.word(scheme.title),
                        "other": words.cluster(here[chosen].name),
                    }
                )
                return here[chosen]
    return release.cluster(definition, code)


def region_typed(release: Release, scheme: SchemeInfo, text: str) -> str | None:
    """Return the code of the region that was typed by code or name; none where nothing was."""
    text = text.strip()
    if not text:
        return None
    regions = release.regions(scheme.scheme)
    asked = folded(text[:LONGEST])
    for each in regions:
        if each.region == text or folded(each.name) == asked:
            return each.region
    starting = [each for each in regions if asked and folded(each.name).startswith(asked)]
    if len(starting) == 1:
        return starting[0].region
    near = [each for each in regions if asked and asked in folded(each.name)]
    names = {folded(each.name): each for each in regions}
    near = (starting or near)[:MOST_NEAR] or [
        names[name] for name in difflib.get_close_matches(asked, names, n=MOST_NEAR, cutoff=0.5)
    ]
    hint = _("look the region up in the table under the map")
    if near:
        told = "; ".join(f"{each.name} ({each.region})" for each in near)
        hint = _("did you mean one of these: %(names)s") % {"names": told}
    raise CannotAnswer(
        _("no one region of %(regions)s has that code or name")
        % {"regions": words.word(scheme.title)},
        value=text,
        hint=hint,
    )
