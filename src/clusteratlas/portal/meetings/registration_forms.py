"""The forms of those who come to an event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.meetings.contact_forms import CleanText, long_text
from clusteratlas.portal.registry.models import Organisation


class PersonForm(forms.Form):
    """Somebody who comes."""

    name = CleanText(label=_("Name"), max_length=120)
    role = CleanText(label=_("Role"), max_length=120, required=False)
    mail = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("Agendas and reminders go there; other participants do not see it."),
    )
    public = forms.BooleanField(
        label=_("Name may stand in the public agenda of the event"), required=False
    )


class RegisterForm(PersonForm):
    """Register an organisation with the first person who comes."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    message = long_text(
        2_000,
        4,
        label=_("Why do you want to come?"),
        required=False,
        help_text=_("Those who organise the event read it."),
    )
    listed = forms.BooleanField(
        label=_("The organisation may stand in the public list of those who come"), required=False
    )
    field_order = ("organisation", "message", "listed", "name", "role", "mail", "public")

    def __init__(self, own: Sequence[Organisation], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(each.slug, each.name) for each in own]
