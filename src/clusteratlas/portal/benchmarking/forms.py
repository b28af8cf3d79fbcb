"""The form of a group of indicators: what is typed becomes answers with evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from clusteratlas.organisations.json_form import faults_of
from clusteratlas.portal.benchmarking import words
from clusteratlas.programmes.benchmarking import (
    Answer,
    Indicator,
    Questionnaire,
    Round,
    Scale,
)
from clusteratlas.programmes.benchmarking.layout import read_evidence, written_piece

PARTS: Final = ("value", "out", "evidence", "note")


class GroupForm(forms.Form):
    """The indicators of one group; every one may stay open.

    ``answers`` holds what was typed once the form is valid.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, asked: Questionnaire, group: str, held: Round, **more: Any):
        more["initial"] = {**first_values(asked, group, held), **more.get("initial", {})}
        super().__init__(*args, **more)
        self._asked, self._group, self._held = asked, group, held
        self.answers: dict[str, Answer] = {}
        for each in asked.of_group(group):
            scale = asked.scales[each.code]
            self.fields[f"value-{each.code}"] = _value_field(scale)
            if each.may_not_apply:
                self.fields[f"out-{each.code}"] = forms.CharField(
                    label=gettext_lazy("Or: it does not apply, because"),
                    required=False,
                    max_length=500,
                )
            self.fields[f"evidence-{each.code}"] = forms.CharField(
                label=gettext_lazy("Evidence"),
                help_text=gettext_lazy(
                    "One piece on each line: its title, then its address in angle brackets, such "
                    "as Minutes of May <https://example.org/minutes>."
                ),
                required=False,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 2, "maxlength": 4_000}),
            )
            self.fields[f"note-{each.code}"] = forms.CharField(
                label=gettext_lazy("Note for ourselves"), required=False, max_length=200
            )

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The indicators with their fields, for the template."""
        return [
            {
                "indicator": each,
                "mark": words.mark(each.mark),
                "scale_mark": words.mark(self._asked.scales[each.code].mark),
                "threshold": each.threshold,
                "threshold_mark": words.mark(each.threshold.mark) if each.threshold else "",
                "taken_from": self._held.answer(each.code).taken_from,
                "fields": self._bound(each.code, ("value", "out")),
                "more": (more := self._bound(each.code, ("evidence", "note"))),
                "more_open": any(field.value() or field.errors for field in more),
            }
            for each in self._asked.of_group(self._group)
        ]

    def _bound(self, code: str, parts: Sequence[str]) -> list[forms.BoundField]:
        names = (f"{part}-{code}" for part in parts)
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Make an answer of each indicator's fields, with every fault that it names."""
        given = super().clean() or self.cleaned_data
        for each in self._asked.of_group(self._group):
            if not any(f"{part}-{each.code}" in self.errors for part in PARTS):
                self._answer(each, given)
        return given

    def _answer(self, indicator: Indicator, given: dict[str, Any]) -> None:
        code = indicator.code
        scale = self._asked.scales[code]
        value = _typed(given.get(f"value-{code}", ""), scale)
        if value is not None and scale.refuses(value) is not None:
            self.add_error(f"value-{code}", _refusal(scale))
            return
        held = self._held.answer(code)
        evidence = [
            piece
            for line in given.get(f"evidence-{code}", "").splitlines()
            for piece in read_evidence(line)
        ]
        try:
            answer = Answer.model_validate(
                {
                    "value": value,
                    "not_applicable": given.get(f"out-{code}", ""),
                    "note": given.get(f"note-{code}", ""),
                    "evidence": evidence,
                    "taken_from": held.taken_from if value == held.value else "",
                }
            )
        except ValidationError as error:
            for fault in faults_of(error):
                part = fault.column.partition(".")[0]
                field = f"{part}-{code}" if f"{part}-{code}" in self.fields else f"value-{code}"
                self.add_error(field, _worded(part, fault.problem))
            return
        self.answers[code] = answer


def _worded(part: str, problem: str) -> str:
    if part == "evidence":
        return _("A piece of evidence has a title, and an address that begins with https://.")
    if not part:
        return _("Give an answer or a reason why none applies, not both.")
    return problem


def _refusal(scale: Scale) -> str:
    if scale.high is None:
        return _("Give a number of at least %(low)s.") % {"low": f"{scale.low:g}"}
    return _("Give a number from %(low)s to %(high)s.") % {
        "low": f"{scale.low:g}",
        "high": f"{scale.high:g}",
    }


def _value_field(scale: Scale) -> forms.Field:
    if scale.kind == "number":
        return forms.CharField(
            label=_("Answer, in %(unit)s") % {"unit": scale.unit} if scale.unit else _("Answer"),
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
    if scale.kind == "levels":
        choices = [(str(place), f"{place}: {said}") for place, said in enumerate(scale.levels)]
    else:
        choices = [(each.code, each.name) for each in scale.options]
    return forms.ChoiceField(
        label=gettext_lazy("Answer"),
        required=False,
        choices=[("", gettext_lazy("not answered")), *choices],
    )


def _typed(text: str, scale: Scale) -> float | str | None:
    """What was typed as a value of the scale; what is no number stays text, which is refused."""
    text = text.strip()
    if not text:
        return None
    if scale.kind == "choice":
        return text
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return text
    if not math.isfinite(value):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def first_values(asked: Questionnaire, group: str, held: Round) -> dict[str, str]:
    """Return what stands in the form of a group at first: the answers that were kept."""
    found = {}
    for each in asked.of_group(group):
        answer = held.answer(each.code)
        value = answer.value
        written = f"{value:g}" if isinstance(value, int | float) else value
        found[f"value-{each.code}"] = written or ""
        found[f"out-{each.code}"] = answer.not_applicable
        found[f"note-{each.code}"] = answer.note
        found[f"evidence-{each.code}"] = "\n".join(map(written_piece, answer.evidence))
    return found


class FinishForm(forms.Form):
    """The day a round stands for."""

    date = forms.DateField(
        label=gettext_lazy("The answers hold for this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, latest: Any, **more: Any):
        super().__init__(*args, **more)
        self._latest = latest

    def clean_date(self) -> Any:
        """Refuse a day that lies ahead."""
        day = self.cleaned_data["date"]
        if day > self._latest:
            raise forms.ValidationError(_("That day lies ahead."))
        return day
