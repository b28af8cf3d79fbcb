"""The form of an entry, and the moderator's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from babel import Locale
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Unclear
from clusteratlas.portal.language import active
from clusteratlas.portal.practice import uploads
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.shelf import published
from clusteratlas.portal.registry.typed_codes import (
    cluster_finder,
    each_line,
    found_in,
    region_finder,
)

KINDS = (
    ("document", gettext_lazy("Document")),
    ("case", gettext_lazy("Case")),
    ("good-practice", gettext_lazy("Good practice")),
    ("news", gettext_lazy("News")),
    ("event", gettext_lazy("Event")),
)
WRITTEN_IN = "bg cs da de el en es et fi fr ga hr hu is it lt lv mt nl no pl pt ro sk sl sv tr uk"
"""Languages an entry can be written in."""


def languages() -> list[tuple[str, str]]:
    """Return the languages an entry can be in, by their names."""
    names = Locale.parse(active()).languages
    pairs = [(code, str(names.get(code, code))) for code in WRITTEN_IN.split()]
    return sorted(pairs, key=lambda pair: pair[1])


def _lines(rows: int = 3, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "maxlength": 6_000})
    return forms.CharField(required=False, max_length=6_000, widget=area, **more)


class EntryForm(forms.Form):
    """Write an entry."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    title = forms.CharField(label=gettext_lazy("Title"), min_length=3, max_length=200)
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("What a reader takes away, in two or three sentences."),
        min_length=10,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Plain paragraphs with an empty line between them. Addresses of the web become links."
        ),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "maxlength": 20_000}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the entry"), choices=languages)
    date = forms.DateField(
        label=gettext_lazy("Date, or first day of an event"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day of an event"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.CharField(label=gettext_lazy("Place of an event"), required=False, max_length=200)
    link = forms.CharField(
        label=gettext_lazy("Address of the web"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    upload = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF of at most 10 MB; it takes the place of an earlier one."),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    clusters = _lines(
        label=gettext_lazy("Clusters it is about"),
        help_text=gettext_lazy("Names or codes such as us-benchmark-2014:23, one on each line."),
    )
    regions = _lines(
        label=gettext_lazy("Regions it is about"),
        help_text=gettext_lazy("Names or codes such as us-cbsa:41940, one on each line."),
    )
    organisations = _lines(
        label=gettext_lazy("Organisations it is about"),
        help_text=gettext_lazy("Names as the registry has them, one on each line."),
    )
    programmes = _lines(
        label=gettext_lazy("Funding programmes"),
        help_text=gettext_lazy("Names as their funders write them, one on each line."),
    )
    giver = forms.ChoiceField(label=gettext_lazy("In the name of"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(
        self,
        *args: Any,
        release: Release,
        own: Sequence[Organisation],
        before: Document | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._release = release
        self._before = before
        self.document: Document | None = None
        giver = cast(forms.ChoiceField, self.fields["giver"])
        giver.choices = [("", _("myself")), *((str(each.pk), each.name) for each in own)]

    def clean_upload(self) -> Any:
        """Refuse what is no PDF."""
        file = self.cleaned_data.get("upload")
        if file:
            uploads.checked(file)
        return file

    def clean_clusters(self) -> tuple[str, ...]:
        """Find each cluster by its code or name."""
        return found_in(self.cleaned_data["clusters"], cluster_finder(self._release))

    def clean_regions(self) -> tuple[str, ...]:
        """Find each region by its code or name."""
        return found_in(self.cleaned_data["regions"], region_finder(self._release))

    def clean_organisations(self) -> tuple[str, ...]:
        """Find each organisation by its name."""
        shelf = published()
        by_name = {each.name.casefold(): each.slug for each in shelf.organisations}

        def slug(text: str) -> str:
            found = text if text in shelf.by_slug else by_name.get(text.casefold(), "")
            if not found:
                near = ", ".join(each.name for each in shelf.find(text, 3))
                hint = _("did you mean %(names)s?") % {"names": near} if near else ""
                raise Unclear(_("there is no organisation of that name"), text, hint)
            return found

        return found_in(self.cleaned_data["organisations"], slug)

    def clean_programmes(self) -> tuple[str, ...]:
        """Take the names as they are."""
        return tuple(dict.fromkeys(each_line(self.cleaned_data["programmes"])))

    def clean(self) -> dict[str, Any]:
        """Make the document of the fields, with every fault that it names."""
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        names = set(Document.model_fields) - {"file", "file_name"}
        values = {name: given[name] for name in names if given.get(name) not in (None, "")}
        if self._before is not None:
            values |= {"file": self._before.file, "file_name": self._before.file_name}
        try:
            self.document = Document.model_validate(values)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False):
                field = str(each["loc"][0]) if each["loc"] else None
                told = each["msg"].removeprefix("Value error, ")
                self.add_error(field if field in self.fields else None, told)
        return given


class ReasonForm(forms.Form):
    """Why an entry is returned or withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2_000}),
    )


def first_values(document: Document, giver: int | None) -> dict[str, Any]:
    """Return what stands in the form of an entry that is there already."""
    values = document.model_dump()
    for name in ("clusters", "regions", "organisations", "programmes"):
        values[name] = "\n".join(values[name])
    return {**values, "giver": str(giver or "")}
