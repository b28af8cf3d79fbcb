"""The forms of requests for contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.organisations import PICKS
from clusteratlas.organisations.profile import clean_text
from clusteratlas.portal.meetings.models import Outcome
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.models import Organisation


class CleanText(forms.CharField):
    """Text without characters that steer a terminal or turn the order of reading."""

    def clean(self, value: Any) -> str:
        """Return the text with plain line ends, or say what is wrong with it."""
        text = str(super().clean(value)).replace("\r\n", "\n").replace("\r", "\n")
        try:
            return clean_text(text)
        except ValueError as error:
            raise forms.ValidationError(_("A control character stands in the text.")) from error


def long_text(most: int, rows: int = 6, **more: Any) -> CleanText:
    """Return a field of several lines."""
    return CleanText(
        max_length=most, widget=forms.Textarea(attrs={"rows": rows, "maxlength": most}), **more
    )


def cooperation_words() -> list[tuple[str, str]]:
    """Return the kinds of cooperation with their words, the open one first."""
    kinds = [(code, names.pick("cooperation", code)) for code in PICKS["cooperation"]]
    return [("", str(_("open"))), *kinds]


class AskForm(forms.Form):
    """Ask an organisation for contact."""

    sender = forms.ChoiceField(label=_("In the name of"))
    topic = CleanText(label=_("Topic"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of cooperation"), required=False, choices=cooperation_words
    )
    message = long_text(
        4_000,
        label=_("Message"),
        help_text=_("What you have in mind, and why with them. Only editors of both read it."),
    )
    shares = forms.BooleanField(
        label=_("Show my name and mail address to them once they accept"), required=False
    )

    def __init__(self, own: list[Organisation], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["sender"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(each.slug, each.name) for each in own]


class StepForm(forms.Form):
    """A step that needs nothing but the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AcceptForm(StepForm):
    """Accept a request."""

    shares = forms.BooleanField(label=_("Show my name and mail address to them"), required=False)


class DeclineForm(StepForm):
    """Decline a request."""

    text = long_text(
        2_000,
        3,
        label=_("Reason"),
        required=False,
        help_text=_("The other side reads it. It may stay empty."),
    )


class TextForm(StepForm):
    """Ask back, or answer what was asked back."""

    text = long_text(4_000, 4, label=_("Message"))


class FollowUpForm(forms.Form):
    """Say what came of a request."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=Outcome.choices)
    on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    note = long_text(2_000, 3, label=_("Note"), required=False)


FORMS: dict[str, type[StepForm]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "ask-back": TextForm,
    "answer": TextForm,
    "withdraw": StepForm,
}
"""The form of each step."""
