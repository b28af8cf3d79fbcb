"""Which definitions of a cluster a regional cluster meets: every rule with its conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.atlas.worked import Worked
from clusteratlas.atlas.worked_cluster import worked_cluster
from clusteratlas.portal import addresses
from clusteratlas.portal.language import number
from clusteratlas.portal.pages import derivation_words
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.derivation import shown, symbol
from clusteratlas.tables import REPORTED

RULES = ("strong", "stars_eu_2007", "held_eu_nodes_2021", "held_quotient_1_2")
"""The figures that hold the verdict of each rule, in the order they are told."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: what it asks, with both sides, and whether it is met."""

    words: str
    symbols: SafeString
    here: str
    sign: str
    asked: str
    held: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its verdict: held, not held or not known."""

    title: str
    href: str
    verdict: str
    held: bool | None
    conditions: Sequence[Condition]
    note: str = ""


def rules_of(
    release: Release, view: View, row: RegionalCluster, everywhere: list[RegionalCluster]
) -> list[Rule]:
    """Hold a regional cluster against every rule; none where nobody can tell by any."""
    found = []
    for figure in RULES:
        worked = worked_cluster(release, row, figure, everywhere)
        if worked.published is None:
            continue
        found.append(_rule(view, row, figure, worked))
    return found


def _rule(view: View, row: RegionalCluster, figure: str, worked: Worked) -> Rule:
    said = derivation_words.figure_words(figure, of_cluster=True)
    held = bool(worked.published)
    verdict = _("yes") if held else _("no")
    if figure == "stars_eu_2007":
        verdict = _("%(stars)s of 3 stars") % {"stars": int(worked.published or 0)}
    return Rule(
        said.title,
        addresses.derivation(
            view.scheme.scheme,
            row.region,
            figure,
            year=view.year,
            definition=view.definition_in_address,
            cluster=row.cluster,
        ),
        verdict,
        held,
        _conditions(worked),
        "" if row.status == REPORTED or figure != "strong" else _flip_note(row),
    )


def _flip_note(row: RegionalCluster) -> str:
    return _("This verdict could flip.") if row.could_flip else ""


def _conditions(worked: Worked) -> list[Condition]:
    known = {given.name: (given.value, given.unit) for given in worked.given}
    known |= {step.name: (step.value, step.unit) for step in worked.steps}
    found = []
    for step in worked.steps:
        parts = step.expression.split()
        if step.unit != "truth" or len(parts) != 3 or parts[1] not in (">=", ">"):
            continue
        here, asked = known[parts[0]], known[parts[2]]
        found.append(
            Condition(
                derivation_words.name_of(step.name).words,
                symbol(derivation_words.name_of(parts[0]).symbol),
                _written(*here),
                "≥" if parts[1] == ">=" else ">",
                _written(*asked),
                bool(step.value),
            )
        )
    return found


def _written(value: float, unit: str) -> str:
    """Write a side of a condition: quotients finely enough to see which side is larger."""
    return number(f"{value:,.2f}") if unit == "ratio" else shown(value, unit)


def summary_of(rules: Sequence[Rule]) -> str:
    """Say under how many rules it counts as a cluster."""
    return _("Rules that it meets: %(held)s of %(all)s.") % {
        "held": sum(bool(rule.held) for rule in rules),
        "all": len(rules),
    }
