"""The forms of a study: first the files, then what their columns mean and what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusteratlas.portal.programmes.effects import words
from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Costs,
    Design,
    Outcome,
    Scale,
    Stage,
    Study,
)
from clusteratlas.programmes.register.document import currency_code

MOST_OUTCOMES = 4
ACCEPTED = ".csv,text/csv"


class FilesForm(forms.Form):
    """The panel and the list of the treated."""

    panel = forms.FileField(
        label=gettext_lazy("Panel"),
        help_text=gettext_lazy(
            "A CSV with a row for each unit and year: firms or regions, outcomes, and "
            "what was known of them before."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        max_length=200,
    )
    treated = forms.FileField(
        label=gettext_lazy("List of the supported"),
        help_text=gettext_lazy(
            "A CSV with a row for each and the columns unit and from (the first year of "
            "support); where they apply also role (treated, spillover, lost) and cost."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        max_length=200,
    )


def _pick(label: Any, help_text: Any = "", *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, required=required)


class StudyForm(forms.Form):
    """What the columns mean, by which design, for which outcomes, at what cost."""

    title = forms.CharField(label=gettext_lazy("Title of the study"), max_length=200)
    design = forms.ChoiceField(
        label=gettext_lazy("Whom the supported are compared with"), choices=words.designs
    )
    unit = _pick(gettext_lazy("Column of the units"), required=True)
    period = _pick(gettext_lazy("Column of the years"), required=True)
    cluster = _pick(
        gettext_lazy("Column of the level at which support was granted"),
        gettext_lazy("Such as the region, where whole regions were chosen."),
    )
    region = _pick(gettext_lazy("Column of the region"))
    industry = _pick(gettext_lazy("Column of the industry"))
    covariates = forms.MultipleChoiceField(
        label=gettext_lazy("Columns of what was known before"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    window = forms.IntegerField(
        label=gettext_lazy("Years under support that are looked at"),
        help_text=gettext_lazy("A cluster needs three years to get going: four is the least."),
        min_value=1,
        max_value=30,
        initial=4,
    )
    anticipation = forms.IntegerField(
        label=gettext_lazy("Years before the start in which it was known"),
        min_value=0,
        max_value=5,
        initial=0,
    )
    controls = forms.ChoiceField(
        label=gettext_lazy("Who may serve as a control"),
        choices=(
            ("not_yet", gettext_lazy("those supported later or never")),
            ("never", gettext_lazy("only those never supported")),
        ),
    )
    keep_balanced = forms.BooleanField(
        label=gettext_lazy("Where years are missing, leave the unit out"), required=False
    )
    alike_in = forms.ChoiceField(
        label=gettext_lazy("Where the supported are matched: alike in the outcome's own past too"),
        choices=(
            ("", gettext_lazy("no")),
            ("level", gettext_lazy("in its level")),
            ("trend", gettext_lazy("in its level and trend")),
        ),
        required=False,
    )
    describe = forms.BooleanField(
        label=gettext_lazy("Where no effect is told, describe the difference (grade C)"),
        required=False,
    )
    randomised = forms.CharField(
        label=gettext_lazy("If support was drawn by lot: how, and who says so"),
        required=False,
        max_length=300,
    )
    cost = forms.FloatField(
        label=gettext_lazy("Public cost of the support"),
        help_text=gettext_lazy("Leave it empty where the list of the supported has a column cost."),
        required=False,
        min_value=0,
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency of the cost"),
        help_text=gettext_lazy("Three letters, such as EUR."),
        required=False,
        max_length=3,
    )
    price_base = forms.IntegerField(
        label=gettext_lazy("Year whose prices the cost is told in"),
        help_text=gettext_lazy("Leave it empty for the prices of its time."),
        required=False,
        min_value=1900,
        max_value=2200,
    )
    source = forms.CharField(
        label=gettext_lazy("Source of the figures"),
        help_text=gettext_lazy("Who collected them, and when."),
        max_length=300,
    )

    def __init__(
        self, *args: Any, columns: Sequence[str], numbers: Sequence[str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        none = [("", "–")]
        named = [(each, each) for each in columns]
        counted = [(each, each) for each in numbers]
        for name in ("unit", "period"):
            self._choices(name, named)
        for name in ("cluster", "region", "industry"):
            self._choices(name, none + named)
        self._choices("covariates", counted)
        for place in range(1, MOST_OUTCOMES + 1):
            self.fields |= _outcome_fields(place, none + counted)
        self.initial = {**_guessed(columns), **self.initial}
        self.study: Study | None = None

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            field.widget.attrs["translate"] = "no"

    def outcome_rows(self) -> Iterator[list[forms.BoundField]]:
        """The fields of each outcome, for the page."""
        for place in range(1, MOST_OUTCOMES + 1):
            yield [self[f"{name}_{place}"] for name in _OUTCOME]

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The other fields by the heading that they stand under."""
        return [(str(title), [self[each] for each in names]) for title, names in _PARTS]

    def clean(self) -> dict[str, Any]:
        """Make a study of it."""
        given: dict[str, Any] = super().clean() or {}
        outcomes = [
            self._outcome(given, place)
            for place in range(1, MOST_OUTCOMES + 1)
            if given.get(f"column_{place}")
        ]
        if not outcomes:
            self.add_error("column_1", _("Choose at least one outcome."))
        names = [each.column for each in outcomes]
        if len(set(names)) < len(names):
            self.add_error(None, _("Each outcome is chosen once."))
        costs = self._costs(given)
        if not self.errors:
            self.study = Study(
                design=Design(given["design"]),
                outcomes=tuple(outcomes),
                columns=Columns(
                    unit=given["unit"],
                    period=given["period"],
                    covariates=tuple(given["covariates"]),
                    industry=given["industry"],
                    region=given["region"],
                    cluster=given["cluster"],
                ),
                choices=Choices(
                    window=given["window"],
                    anticipation=given["anticipation"],
                    controls=given["controls"],
                    keep_balanced=given["keep_balanced"],
                    randomised=given["randomised"],
                    alike_in=given["alike_in"],
                    describe=given["describe"],
                ),
                costs=costs,
                source=given["source"],
            )
        return given

    def _outcome(self, given: dict[str, Any], place: int) -> Outcome:
        unit = given.get(f"unit_{place}") or ""
        money = bool(given.get(f"money_{place}"))
        if money:
            self._currency(f"unit_{place}", unit)
        return Outcome(
            given[f"column_{place}"],
            Stage(given.get(f"stage_{place}") or Stage.business),
            unit,
            Scale(given.get(f"scale_{place}") or Scale.level),
            money,
            name=given.get(f"name_{place}") or "",
        )

    def _costs(self, given: dict[str, Any]) -> Costs | None:
        currency = (given.get("currency") or "").upper()
        if given.get("cost") is not None and not currency:
            self.add_error("currency", _("Money needs its currency."))
        if not currency or not self._currency("currency", currency):
            return None
        return Costs(currency, given.get("price_base"), given.get("cost"))

    def _currency(self, field: str, text: str) -> bool:
        try:
            currency_code(text)
        except ValueError:
            self.add_error(field, _("Give the three letters of the currency, such as EUR."))
            return False
        return True


_OUTCOME = ("column", "name", "unit", "stage", "scale", "money")
_COMPARISON = ("title", "design", "controls", "alike_in", "window", "anticipation", "describe")
_PARTS = (
    (gettext_lazy("The comparison"), _COMPARISON),
    (
        gettext_lazy("What the columns mean"),
        ("unit", "period", "cluster", "region", "industry", "covariates", "keep_balanced"),
    ),
    (
        gettext_lazy("Lot, cost and source"),
        ("randomised", "cost", "currency", "price_base", "source"),
    ),
)
_USUAL = {
    "unit": ("unit", "firm", "firm_id", "region", "id", "plant"),
    "period": ("period", "year", "time"),
    "region": ("region",),
    "industry": ("industry",),
}


def _guessed(columns: Sequence[str]) -> dict[str, Any]:
    """Columns that are called as columns usually are."""
    lower = {each.lower(): each for each in reversed(columns)}
    found = {
        field: next((lower[name] for name in names if name in lower), "")
        for field, names in _USUAL.items()
    }
    if found["region"] == found["unit"]:
        found["region"] = ""
    return {**found, "stage_1": Stage.business.value, "scale_1": Scale.level.value}


def _outcome_fields(place: int, columns: list[tuple[str, str]]) -> dict[str, forms.Field]:
    return {
        f"column_{place}": forms.ChoiceField(
            label=gettext_lazy("Column"),
            choices=columns,
            required=False,
            widget=forms.Select(attrs={"translate": "no"}),
        ),
        f"name_{place}": forms.CharField(
            label=gettext_lazy("What people call it"), required=False, max_length=80
        ),
        f"unit_{place}": forms.CharField(
            label=gettext_lazy("Unit, or currency"), required=False, max_length=40
        ),
        f"stage_{place}": forms.ChoiceField(
            label=gettext_lazy("Stage"), choices=words.stages, required=False
        ),
        f"scale_{place}": forms.ChoiceField(
            label=gettext_lazy("Compared as"), choices=words.scales, required=False
        ),
        f"money_{place}": forms.BooleanField(label=gettext_lazy("It is money"), required=False),
    }
