"""What the address of a portfolio asks: call, budget, limits, thresholds and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.programmes.applicants import screen_words
from clusteratlas.programmes.readiness import Applicant, Criteria, Readiness, Rules, Total
from clusteratlas.programmes.register import Call

FEW = 3
"""How many are funded where the address says nothing of it."""

MOST = 10_000.0
"""The greatest weight."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for."""

    call: str
    rules: Rules
    criteria: Criteria


class PortfolioForm(forms.Form):
    """The settings of a portfolio; all of them stand in the address."""

    call = forms.ChoiceField(label=_("Call"), required=False)
    budget = forms.DecimalField(
        label=_("Budget"), min_value=1, max_value=10**13, decimal_places=2, required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    first = forms.IntegerField(
        label=_("Fund at most"), min_value=1, max_value=10_000, required=False
    )
    per_region = forms.IntegerField(
        label=_("At most of one region"), min_value=1, max_value=10_000, required=False
    )
    per_cluster = forms.IntegerField(
        label=_("At most of one cluster"), min_value=1, max_value=10_000, required=False
    )
    enough = forms.ChoiceField(
        label=_("Ready enough"),
        required=False,
        choices=[("nearly_ready", _("nearly ready")), ("ready", _("ready"))],
    )

    def __init__(
        self,
        criteria: Criteria,
        calls: Sequence[Call],
        applicants: Sequence[Applicant],
        query: QueryDict,
    ) -> None:
        given = query.dict()
        super().__init__({**_defaults(criteria), **given} if given else _beginning(criteria))
        self._criteria = criteria
        choices = {
            "call": [("", _now("every call")), *((each.key, each.name) for each in calls)],
            "currency": [("", _now("no budget")), *_currencies(applicants)],
        }
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = known
        for each in criteria.criterion:
            told = {"criterion": screen_words.criterion_name(each)}
            self.fields[f"t-{each.name}"] = forms.FloatField(
                label=_now("Threshold of %(criterion)s") % told, min_value=0
            )
            self.fields[f"w-{each.name}"] = forms.FloatField(
                label=_now("Weight of %(criterion)s") % told, min_value=0, max_value=MOST
            )

    @property
    def settings(self) -> list[Any]:
        """The fields that are no threshold and no weight."""
        return [each for each in self if each.name[:2] not in ("t-", "w-")]

    @property
    def of_criteria(self) -> list[tuple[str, str, Any, Any]]:
        """Each criterion's name, unit, threshold and weight."""
        return [
            (
                screen_words.criterion_name(each),
                screen_words.unit_of(each.measure),
                self[f"t-{each.name}"],
                self[f"w-{each.name}"],
            )
            for each in self._criteria.criterion
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the currency of a budget, and for something that limits the choice."""
        given = super().clean() or {}
        if given.get("budget") and not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _now("Say in which currency the budget is."))
        if not self.errors and not given.get("budget") and not given.get("first"):
            self.add_error("first", _now("Say how many are funded, or give a budget."))
        weights = [given.get(f"w-{each.name}") for each in self._criteria.criterion]
        if not self.errors and not any(weights):
            raise forms.ValidationError(_now("At least one weight must be above 0."))
        return given

    @property
    def asked(self) -> Asked:
        """What a valid form asks."""
        given = self.cleaned_data
        budget = None
        if given["budget"]:
            currency, _colon, base = given["currency"].partition(":")
            budget = Total(float(given["budget"]), currency, int(base) if base else None)
        least = Readiness(given["enough"] or Readiness.nearly_ready)
        rules = Rules(given["first"], budget, given["per_region"], given["per_cluster"], least)
        names = [each.name for each in self._criteria.criterion]
        criteria = self._criteria.changed(
            thresholds={name: given[f"t-{name}"] for name in names},
            weights={name: given[f"w-{name}"] for name in names},
        )
        return Asked(given["call"], rules, criteria)


def _defaults(criteria: Criteria) -> dict[str, str]:
    """Thresholds and weights where the address names only others."""
    found = {}
    for each in criteria.criterion:
        found[f"t-{each.name}"] = screen_words.in_field(each.at_least)
        found[f"w-{each.name}"] = screen_words.in_field(each.weight)
    return found


def _beginning(criteria: Criteria) -> dict[str, str]:
    return {**_defaults(criteria), "first": str(FEW), "enough": Readiness.nearly_ready.value}


def _currencies(applicants: Sequence[Applicant]) -> list[tuple[str, str]]:
    """The money that applicants ask for, which a budget can be in."""
    kinds = {(total.currency, total.price_base) for each in applicants for total in each.totals}
    return [
        (currency if base is None else f"{currency}:{base}",
         currency if base is None else _now("%(currency)s in prices of %(year)s")
         % {"currency": currency, "year": base})
        for currency, base in sorted(kinds, key=lambda each: (each[0], each[1] or 0))
    ]  # fmt: skip
