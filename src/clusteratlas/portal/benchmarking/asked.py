"""What an address of benchmarking asks for: whose peers, which label; checked before reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.atlas import Release
from clusteratlas.organisations import PICKS, Claim
from clusteratlas.portal.benchmarking import words
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.registry import names
from clusteratlas.programmes.benchmarking import (
    DEMANDS,
    PeerFilter,
    Pool,
    Questionnaire,
    bands,
    benchmark_rule,
)

LONGEST = 130
FORMS = {"country": re.compile("[A-Z]{2}"), "field": re.compile(r"[\w.-]{1,60}:[\w.&-]{1,60}")}
"""How values look that are of no fixed list."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as a control: its name in the address, its label, what can be chosen."""

    name: str
    label: str
    choices: Sequence[Choice]


def peer_filter(request: HttpRequest) -> PeerFilter:
    """Read the filter of peers.

    Raises
    ------
    BadAddress
        A band or a technology that there is none of.
    """
    given = {name: request.GET.get(name, "").strip() for name in DEMANDS}
    rule = benchmark_rule()
    lists: Mapping[str, Iterable[str]] = {
        "age": bands(rule.age_years),
        "members": bands(rule.members),
        "technology": PICKS["technology"],
    }
    for name, value in given.items():
        if len(value) > LONGEST or "\0" in value:
            raise BadAddress(_("the filter cannot be read"), value=value[:80], hint=name)
        if value and name in FORMS and not FORMS[name].fullmatch(value):
            hint = _("such as DE for a country or us-benchmark-2014:4 for a field")
            raise BadAddress(_("the filter cannot be read"), value=value, hint=hint)
        if value and name in lists and value not in lists[name]:
            hint = _("use one of %(names)s") % {"names": ", ".join(lists[name])}
            raise BadAddress(_("there is no such value of the filter"), value=value, hint=hint)
    return PeerFilter(**given)


def label_of(request: HttpRequest, asked: Questionnaire) -> str:
    """Read which label is asked about; nothing for the next one."""
    code = request.GET.get("label", "").strip()
    known = [each.code for each in asked.label]
    if code and code not in known:
        hint = _("use one of %(names)s") % {"names": ", ".join(known)}
        problem = _("the questionnaire does not lead to that label")
        raise BadAddress(problem, value=code[:60], hint=hint)
    return code


def filters(pool: Pool, chosen: PeerFilter, release: Release) -> list[Filter]:
    """Return the controls of the filter; what can be chosen never says how many chose it.

    Values are those of all organisations of the registry, so that none tells who shares.
    """
    rule = benchmark_rule()
    everybody = pool.everybody
    values: Mapping[str, Sequence[str]] = {
        "country": sorted({each.country for each in everybody if each.country}),
        "field": sorted({value for each in everybody for value in each.fields}),
        "technology": sorted({value for each in everybody for value in each.technologies}),
        "age": bands(rule.age_years),
        "members": bands(rule.members),
    }
    return [
        Filter(name, str(words.DEMANDS[name]), _choices(name, values[name], chosen, release))
        for name in DEMANDS
    ]


def _choices(
    name: str, values: Sequence[str], chosen: PeerFilter, release: Release
) -> list[Choice]:
    now = getattr(chosen, name)
    held = [*values, *([now] if now and now not in values else [])]
    said = [(value_words(name, each, release), each) for each in held]
    if name in ("country", "field", "technology"):
        said.sort(key=lambda pair: pair[0].casefold())
    return [Choice(value, word, value == now) for word, value in said]


def value_words(name: str, value: str, release: Release) -> str:
    """Return a value of a filter in words."""
    if name == "field":
        definition, colon, cluster = value.partition(":")
        if colon and definition and cluster:
            return names.cluster(release, Claim(definition=definition, cluster=cluster)).name
        return value
    if name == "technology":
        return names.first(names.pick("technology", value))
    return words.demand(name, value)
