"""The form of a programme's entry, and a moderator's reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from clusteratlas.atlas import Release
from clusteratlas.organisations import Claim, RegionRef
from clusteratlas.organisations.profile import country_code
from clusteratlas.portal import words
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.typed_codes import (
    cluster_finder,
    each_line,
    found_in,
    region_finder,
)
from clusteratlas.programmes.register import PICKS, Programme, contradictions


def _picked(name: str) -> list[tuple[str, str]]:
    return [(code, names.first(words.word(said))) for code, said in PICKS[name].items()]


def _levels() -> list[tuple[str, str]]:
    return [("", _("not stated")), *_picked("level")]


def _instruments() -> list[tuple[str, str]]:
    return _picked("instrument")


def _lines(rows: int = 3, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "maxlength": 6_000})
    return forms.CharField(required=False, max_length=6_000, widget=area, **more)


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1600, max_value=2200)


class ProgrammeForm(forms.Form):
    """What a programme is; calls, awards, money and facts come as tables."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    short_name = forms.CharField(label=gettext_lazy("Short name"), required=False, max_length=60)
    funder = forms.CharField(label=gettext_lazy("Funder"), required=False, max_length=200)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False, choices=_levels)
    since = _year(gettext_lazy("First year"))
    until = _year(gettext_lazy("Last year"))
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        help_text=gettext_lazy("Two letters each, such as DE FR."),
        required=False,
        max_length=600,
    )
    summary = forms.CharField(
        label=gettext_lazy("What is it?"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 4_000}),
    )
    website = forms.CharField(
        label=gettext_lazy("Website"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    instruments = forms.MultipleChoiceField(
        label=gettext_lazy("Instruments"),
        required=False,
        choices=_instruments,
        widget=forms.CheckboxSelectMultiple,
    )
    regions = _lines(
        label=gettext_lazy("Regions"),
        help_text=gettext_lazy("Names or codes such as us-cbsa:41940, one on each line."),
    )
    clusters = _lines(
        label=gettext_lazy("Clusters"),
        help_text=gettext_lazy("Names or codes such as us-benchmark-2014:23, one on each line."),
    )
    references = _lines(
        label=gettext_lazy("Sources"),
        help_text=gettext_lazy(
            "One on each line: its title, and its address of the web behind an upright stroke."
        ),
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Run by the editors of"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(
        self,
        *args: Any,
        release: Release,
        own: Sequence[Organisation],
        before: Programme | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._release = release
        self._before = before
        self.document: Programme | None = None
        run_by = cast(forms.ChoiceField, self.fields["organisation"])
        run_by.choices = [("", _("myself")), *((str(each.pk), each.name) for each in own)]

    def clean_countries(self) -> tuple[str, ...]:
        """Read the letters of each country."""
        found = self.cleaned_data["countries"].replace(",", " ").replace(";", " ").split()
        for code in found:
            try:
                country_code(code)
            except ValueError as error:
                raise forms.ValidationError(f"{code}: {error}") from None
        return tuple(dict.fromkeys(found))

    def clean_regions(self) -> tuple[RegionRef, ...]:
        """Find each region by its code or name."""
        found = found_in(self.cleaned_data["regions"], region_finder(self._release))
        pairs = (each.partition(":") for each in found)
        return tuple(RegionRef(scheme=scheme, region=code) for scheme, _colon, code in pairs)

    def clean_clusters(self) -> tuple[Claim, ...]:
        """Find each cluster by its code or name."""
        found = found_in(self.cleaned_data["clusters"], cluster_finder(self._release))
        pairs = (each.partition(":") for each in found)
        return tuple(Claim(definition=name, cluster=code) for name, _colon, code in pairs)

    def clean_references(self) -> tuple[dict[str, Any], ...]:
        """Part each line into title and address; a day that was stated before stays."""
        days = {each.title: each.on for each in self._before.references} if self._before else {}
        found = []
        for line in each_line(self.cleaned_data["references"]):
            title, _stroke, address = (part.strip() for part in line.partition("|"))
            found.append({"title": title, "address": address, "on": days.get(title)})
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """Make the document of the fields, with every fault that it names."""
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        before = self._before.model_dump() if self._before else {}
        fields = set(self.fields) - {"version", "organisation"}
        values = {name: given[name] for name in fields}
        try:
            document = Programme.model_validate({**before, **values})
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False):
                field = str(each["loc"][0]) if each["loc"] else None
                told = each["msg"].removeprefix("Value error, ")
                self.add_error(field if field in self.fields else None, told)
            return given
        for odd in contradictions(document):
            place = ".".join(map(str, odd.place))
            self.add_error(None, f"{place}: {odd.problem} ({odd.value}); {odd.hint}")
        self.document = document
        return given


class ReasonForm(forms.Form):
    """Why a programme is returned or taken down."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2_000}),
    )


def first_values(document: Programme) -> dict[str, Any]:
    """Return what stands in the form of a programme that is there already."""
    values = document.model_dump()
    return {
        **values,
        "countries": " ".join(document.countries),
        "regions": "\n".join(f"{each.scheme}:{each.region}" for each in document.regions),
        "clusters": "\n".join(f"{each.definition}:{each.cluster}" for each in document.clusters),
        "references": "\n".join(
            f"{each.title} | {each.address}" if each.address else each.title
            for each in document.references
        ),
    }
