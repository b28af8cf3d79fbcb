"""What is assumed of a return, asked by the address: the same address shows the same return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clusteratlas.programmes.returns import Assumptions, assumptions_of
from clusteratlas.tables import InvalidInput

LARGEST = 1e15


def _amount(label: Any, help_text: Any = "", *, most: float = LARGEST) -> forms.FloatField:
    return forms.FloatField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=most
    )


class ReturnForm(forms.Form):
    """Assumptions of a return; an empty one is not made."""

    effect = forms.ChoiceField(label=_("Effect"))
    value = forms.FloatField(
        label=_("Value of one unit a year"),
        help_text=_("What one additional unit is worth, such as the value added of a job."),
        min_value=1e-9,
        max_value=LARGEST,
    )
    value_low = _amount(_("Value of one unit, at least"))
    value_high = _amount(_("Value of one unit, at most"))
    base = _amount(
        _("Level without the programme"),
        _("Of a treated unit, in a year; needed where the effect is in percent."),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    price_base = forms.IntegerField(
        label=_("In prices of"),
        help_text=_("A year; empty for the prices of the time."),
        required=False,
        min_value=1900,
        max_value=2200,
    )
    rate = forms.FloatField(
        label=_("Discount rate, percent a year"), min_value=0, max_value=50, initial=3
    )
    years_after = forms.IntegerField(
        label=_("Years it lasts after the window"),
        help_text=_("Empty: none."),
        required=False,
        min_value=0,
        max_value=40,
    )
    decay = _amount(_("Lost of it in each later year, percent"), most=100)
    cost = _amount(_("Public cost, all treated units"), _("Empty: not asked."))
    paid = forms.ChoiceField(
        label=_("Paid"),
        choices=[("evenly", _("evenly over the window")), ("at_start", _("at its start"))],
        required=False,
    )
    fee = _amount(_("Fee of a member firm a year"))
    hours = _amount(_("Hours a year"))
    cost_of_hour = _amount(_("Cost of an hour"))
    own_share = _amount(_("Own share a year"), _("Own money put into joint projects."))
    kept = _amount(_("Share of the value that stays with the firm, percent"), most=100)

    own_money = forms.ChoiceField(
        label=_("Leverage: own money of firms"),
        help_text=_("Two effects of the same study, both amounts of money. Empty: not asked."),
        required=False,
    )
    public_money = forms.ChoiceField(label=_("Leverage: public money they got"), required=False)
    correlation = forms.FloatField(
        label=_("Correlation of the two estimates"),
        help_text=_("From −0.99 to 0.99; the study does not tell it. Empty: 0."),
        required=False,
        min_value=-0.99,
        max_value=0.99,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        choices: list[tuple[str, str]],
        amounts: list[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.fields["effect"].choices = choices  # type: ignore[attr-defined]
        for name in ("own_money", "public_money"):
            self.fields[name].choices = [("", _("not asked")), *amounts]  # type: ignore[attr-defined]
        if len(amounts) < 2:
            for name in ("own_money", "public_money", "correlation"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse half a leverage, and one of two studies."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        two = [told.get("own_money", ""), told.get("public_money", "")]
        if any(two):
            if not all(two) or two[0] == two[1]:
                self.add_error("public_money", _("Leverage needs two different effects."))
            elif len({each.partition(":")[0] for each in (told.get("effect", ""), *two)}) > 1:
                self.add_error("public_money", _("All effects must be of the same study."))
        return told

    def assumptions(self) -> Assumptions:
        """Return what is assumed.

        Raises
        ------
        InvalidInput
            What fits no field of its own, such as ends that do not hold the value.
        """
        told = self.cleaned_data
        value: dict[str, Any] = {"value": told["value"]}
        if told["value_low"] is not None or told["value_high"] is not None:
            value |= {"low": told["value_low"], "high": told["value_high"]}
        given: dict[str, Any] = {
            "currency": told["currency"].upper(),
            "price_base": told["price_base"],
            "discount_rate": told["rate"] / 100,
            "value_per_unit": value,
            "base": told["base"],
            "years_after": told["years_after"] or 0,
            "decay": (told["decay"] or 0) / 100,
        }
        if told["cost"]:
            given["public"] = {"cost": told["cost"], "paid": told["paid"] or "evenly"}
        costs = ("fee", "hours", "cost_of_hour", "own_share")
        if any(told[name] is not None for name in (*costs, "kept")):
            kept = 100 if told["kept"] is None else told["kept"]
            given["member"] = {name: told[name] or 0 for name in costs} | {"kept": kept / 100}
        if told.get("own_money"):
            given["leverage"] = {
                "private": told["own_money"].partition(":")[2],
                "public": told["public_money"].partition(":")[2],
                "correlation": told["correlation"] or 0,
            }
        return assumptions_of(given)

    def asked(self) -> Assumptions | None:
        """Return what is assumed; nothing where fields are wrong, which are then marked."""
        if not self.is_valid():
            return None
        try:
            return self.assumptions()
        except InvalidInput as error:
            for each in error.faults:
                self.add_error(
                    None, f"{each.column}: {each.problem}" if each.column else each.problem
                )
            return None
