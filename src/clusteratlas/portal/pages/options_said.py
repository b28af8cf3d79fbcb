"""The options of a region in words: which come first, their labels, the sentences over them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Option, OptionSkill, Region
from clusteratlas.portal import figures
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.options_skill import hits
from clusteratlas.portal.sentences import joined, short_name, told

FIRST = {"absent": 10, "growing": 5}
"""So many of each kind are named in the lists and on the plane: by numbers and by letters."""

LETTERS = "abcdefghij"
NEXT = 3


def of_kind(found: Sequence[Option], kind: str) -> list[Option]:
    """Return the options of one kind, the best first."""
    return [each for each in found if each.kind == kind]


def labels_of(found: Sequence[Option]) -> dict[str, str]:
    """Return the number or letter of the first options of each kind, by industry."""
    lacking = of_kind(found, "absent")[: FIRST["absent"]]
    growing = of_kind(found, "growing")[: FIRST["growing"]]
    numbers = {each.industry: str(number) for number, each in enumerate(lacking, 1)}
    return numbers | {each.industry: letter for letter, each in zip(LETTERS, growing, strict=False)}


def firsts(found: Sequence[Option]) -> list[tuple[str, list[tuple[str, Option]]]]:
    """Return the first options of each kind with their labels, for the lists beside the plane."""
    labels = labels_of(found)
    titles = {"absent": _("What it lacks"), "growing": _("What it is growing into")}
    firsts = [
        (
            title,
            [
                (labels[each.industry], each)
                for each in of_kind(found, kind)
                if each.industry in labels
            ],
        )
        for kind, title in titles.items()
    ]
    return [each for each in firsts if each[1]]


def options_summary(
    view: View, region: Region, found: Sequence[Option], skill: Sequence[OptionSkill]
) -> SafeString:
    """Name the first options with their odds, and how such forecasts fared."""
    name = short_name(region)
    if not found:
        return format_html(
            _("The atlas names no option for {region} in {year}."), region=name, year=view.year
        )
    lacking, growing = of_kind(found, "absent"), of_kind(found, "growing")
    parts: list[SafeString | str] = []
    if lacking:
        number = min(len(lacking), FIRST["absent"])
        parts.append(
            format_html(
                _("Options for {region}: {options}; named below: {number}.")
                if number > NEXT
                else _("Options for {region}: {options}."),
                region=name,
                options=_named(lacking[:NEXT]),
                number=number,
            )
        )
    if growing:
        parts.append(
            format_html(
                _("It is growing into {options}.")
                if lacking
                else _("{region} is growing into {options}."),
                region=name,
                options=_named(growing[:1]),
            )
        )
    if not has_odds(found):
        parts.append(_("They stand by how near they lie; their odds could not be learned."))
        return joined(parts)
    horizon = found[0].horizon
    if horizon:
        parts.append(
            ngettext(
                "In brackets: the probability of a quotient of 1 or more within %(count)s year.",
                "In brackets: the probability of a quotient of 1 or more within %(count)s years.",
                horizon,
            )
            % {"count": horizon}
        )
    right = hits(skill)
    if right and lacking:
        parts.append(right)
    return joined(parts)


def has_odds(found: Sequence[Option]) -> bool:
    """Say whether any option has a probability."""
    return any(each.probability is not None for each in found)


def next_summary(
    view: View, region: Region, found: Sequence[Option], skill: Sequence[OptionSkill]
) -> SafeString:
    """Say what the list under it holds, and how such forecasts fared."""
    if not found:
        return SafeString("")
    lacks = bool(of_kind(found, "absent"))
    name = short_name(region)
    if not has_odds(found):
        text = (
            _(
                "Industries that {region} lacks, the nearest to its own first; their odds could "
                "not be learned."
            )
            if lacks
            else _(
                "Industries that {region} is growing into, the nearest to its own first; their "
                "odds could not be learned."
            )
        )
        return format_html(text, region=name)
    text = (
        _(
            "The likeliest industries that {region} lacks, with the probability of a quotient of 1 "
            "or more after so many years: {years}."
        )
        if lacks
        else _(
            "The likeliest industries that {region} is growing into, with the probability of a "
            "quotient of 1 or more after so many years: {years}."
        )
    )
    said = format_html(text, region=name, years=found[0].horizon or figures.NOTHING)
    return joined([said, hits(skill)])


def _named(options: Sequence[Option]) -> SafeString:
    return format_html_join(
        ", ",
        "{}{}",
        (
            (
                each.title,
                format_html(" ({})", told(figures.percent(each.probability), "options"))
                if each.probability is not None
                else "",
            )
            for each in options
        ),
    )
