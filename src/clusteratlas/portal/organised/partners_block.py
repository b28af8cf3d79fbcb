"""Partner suggestions, ready to be set: a sentence why, the parts of the score, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Release
from clusteratlas.matching.records import PartScore, Suggestion, Suggestions, Switches
from clusteratlas.organisations import Profile
from clusteratlas.portal import doubt, figures, words
from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.organised.partner_index import index_of
from clusteratlas.portal.organised.partner_words import part_words, said
from clusteratlas.portal.registry import addresses, names
from clusteratlas.portal.registry.shelf import Shelf

MOST_FIELDS = 3
MOST_REASONS = 2
WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a score: a bar from low to high with the value on it, and what stands behind."""

    words: str
    value: str
    between: str
    left: str
    width: str
    at: str
    evidence: Sequence[str]
    gaps: Sequence[str]
    counted: bool


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A suggested partner."""

    rank: int
    name: str
    href: str
    ask_href: str
    where: str
    fields: str
    fictional: bool
    score: str
    between: str
    chance: str
    why: Sequence[str]
    parts: Sequence[PartLine]
    not_known: Sequence[str]
    missing: Sequence[str]
    would_change: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartnersBlock:
    """The suggestions for one organisation, with what holds for the whole list."""

    sentence: str
    partners: Sequence[PartnerLine]
    notes: Sequence[str]
    left_out: Sequence[str]
    weights: str


def partners_of(
    asking: str | Profile,
    shelf: Shelf,
    release: Release,
    *,
    limit: int,
    switches: Switches | None = None,
    asks_as: str = "",
) -> PartnersBlock:
    """Return the partners suggested to a published organisation, or to a draft profile.

    Parameters
    ----------
    asking
        The slug of a published organisation, or a profile that is not published.
    asks_as
        The slug of the organisation that can ask the others for contact.
    """
    index = index_of(shelf, release)
    if index is None:
        return PartnersBlock(_("No organisation is published here yet."), [], [], [], "")
    found = index.suggest(asking, limit, switches)
    lines = [_line(each, shelf, release, asks_as) for each in found.suggestions]
    return PartnersBlock(
        _sentence(found),
        lines,
        [said(each) for each in found.notes],
        _left_out(found),
        found.weights,
    )


def _sentence(found: Suggestions) -> str:
    if not found.suggestions:
        return _("No other organisation fits these choices.")
    return ngettext(
        "%(shown)s of %(count)s organisation compared is suggested.",
        "%(shown)s of %(count)s organisations compared are suggested.",
        found.considered,
    ) % {
        "shown": figures.whole(len(found.suggestions)),
        "count": figures.whole(found.considered),
    }


def _left_out(found: Suggestions) -> list[str]:
    told = {
        "sector": _("Left out by field: %(count)s."),
        "border": _("Left out by country: %(count)s."),
        "partners": _("Left out as partners already: %(count)s."),
        "not_known": _("Left out because too little is known of them: %(count)s."),
    }
    return [
        told[name] % {"count": figures.whole(count)}
        for name, count in found.left_out.items()
        if count and name in told
    ]


def _line(each: Suggestion, shelf: Shelf, release: Release, asks_as: str) -> PartnerLine:
    profile = shelf.by_slug[each.slug].profile
    known = [part for part in each.parts if part.applies and part.value is not None]
    return PartnerLine(
        each.rank,
        each.name,
        addresses.organisation(each.slug),
        with_query("/requests/new/", to=each.slug, sender=asks_as) if asks_as else "",
        ", ".join(filter(None, [profile.town, words.country(profile.country)])),
        ", ".join(names.cluster(release, claim).name for claim in profile.claims[:MOST_FIELDS]),
        profile.fictional,
        _score(each.score),
        doubt.between(each.score_low, each.score_high, _score),
        doubt.chance(each.chance) if each.chance is not None else "",
        [said(reason) for reason in each.why[:MOST_REASONS]],
        [_part(part) for part in known],
        [part_words(part.name) for part in each.parts if part.applies and part.value is None],
        [said(reason) for reason in each.missing],
        [said(reason) for reason in each.would_change],
    )


def _part(part: PartScore) -> PartLine:
    low, high, value = part.low or 0.0, part.high or 0.0, part.value or 0.0
    return PartLine(
        part_words(part.name),
        _score(value),
        doubt.between(low, high, _score),
        f"{low * WIDTH:.1f}",
        f"{max(high - low, 0.0) * WIDTH:.1f}",
        f"{value * WIDTH:.1f}",
        [said(reason) for reason in part.evidence],
        [said(reason) for reason in part.gaps],
        part.weight > 0,
    )


def _score(value: float) -> str:
    """Write a score of 0 to 1 in hundredths.

    >>> _score(0.714)
    '71'
    """
    return figures.whole(round(value * 100))
