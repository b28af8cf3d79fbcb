"""The forms of applications and of decisions on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.renderers import get_default_renderer
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clusteratlas.organisations.profile import web_address
from clusteratlas.portal.meetings.contact_forms import CleanText, long_text
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.readiness import Piece
from clusteratlas.programmes.register import Money
from clusteratlas.programmes.register.document import currency_code

MOST_PIECES = 40
BLANK_ROWS = 3
Choices = Sequence[tuple[str, str]]


def _choices(field: forms.Field, choices: Choices) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = list(choices)


class BeginForm(forms.Form):
    """Choose for which organisation, and to which call."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    call = forms.ChoiceField(label=_("Call"))

    def __init__(
        self, own: Sequence[Organisation], calls: Choices, *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        _choices(self.fields["organisation"], [(each.slug, each.name) for each in own])
        _choices(self.fields["call"], calls)


class MoneyFields(forms.Form):
    """An amount with its currency; money without a currency is none."""

    amount = forms.DecimalField(
        label=_("Money asked for"), min_value=0, max_value=10**12, decimal_places=2, required=False
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        required=False,
        help_text=_("Three letters, such as EUR or USD."),
    )

    def clean_currency(self) -> str:
        """Return the letters, or say that there is no such currency."""
        text = str(self.cleaned_data["currency"]).strip().upper()
        if text:
            try:
                currency_code(text)
            except ValueError as error:
                raise forms.ValidationError(_now("There is no such currency.")) from error
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse money without its currency."""
        given = super().clean() or {}
        if given.get("amount") and not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _now("Say in which currency."))
        return given

    @property
    def money(self) -> tuple[Money, ...]:
        """The money of a valid form; none where nothing is said of it."""
        amount, currency = self.cleaned_data["amount"], self.cleaned_data["currency"]
        if not amount:
            return ()
        return (Money(amount=float(amount), currency=currency, side="public", kind="planned"),)


class ApplicationForm(MoneyFields):
    """What the support is for, the money, and what the applicant has none of."""

    title = CleanText(label=_("What is the support for?"), max_length=200, required=False)
    none_of = forms.MultipleChoiceField(
        label=_("We have none of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is neither attached below nor ticked here counts as not known."),
    )
    field_order = ("title", "amount", "currency", "none_of")

    def __init__(self, kinds: Choices, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _choices(self.fields["none_of"], kinds)


class PieceForm(forms.Form):
    """A piece of evidence; an empty row is passed over."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    title = CleanText(label=_("Title"), max_length=200, required=False)
    address = CleanText(label=_("Address on the web"), max_length=500, required=False)
    on = forms.DateField(
        label=_("Day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"placeholder": "2026-01-31"}),
    )

    def __init__(self, *args: Any, kinds: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        _choices(self.fields["kind"], [("", _now("choose")), *kinds])

    def clean_address(self) -> str:
        """Return an address that leads somewhere."""
        text = str(self.cleaned_data["address"]).strip()
        try:
            return web_address(text)
        except ValueError as error:
            told = _now("This is no address of the web, such as https://example.org.")
            raise forms.ValidationError(told) from error

    def clean(self) -> dict[str, Any]:
        """Ask for what a row that is begun lacks."""
        given = super().clean() or {}
        if any(given.get(name) for name in ("kind", "title", "address", "on")):
            if not given.get("kind") and "kind" not in self.errors:
                self.add_error("kind", _now("Say what kind of evidence it is."))
            if not given.get("title") and "title" not in self.errors:
                self.add_error("title", _now("Say what it is called."))
        return given

    @property
    def piece(self) -> Piece | None:
        """The piece of a valid row; none of an empty one."""
        given = self.cleaned_data
        if not given.get("kind"):
            return None
        names = ("kind", "title", "address", "on")
        return Piece.model_validate({name: given.get(name) for name in names})


class PiecesForm(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of an application, with empty ones behind."""

    form = PieceForm
    extra = BLANK_ROWS
    min_num = 0
    max_num = MOST_PIECES
    absolute_max = MOST_PIECES + BLANK_ROWS
    can_order = can_delete = can_delete_extra = validate_min = validate_max = edit_only = False
    renderer = get_default_renderer()

    def __init__(self, data: Any = None, *, kinds: Choices = (), **more: Any) -> None:
        super().__init__(data, form_kwargs={"kinds": kinds}, **more)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of valid rows."""
        found = (each.piece for each in self.forms)
        return tuple(each for each in found if each is not None)


class DecideForm(MoneyFields):
    """Fund or decline, with the reason that the applicant reads."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("fund", _("fund")), ("decline", _("decline"))],
        widget=forms.RadioSelect,
    )
    reason = long_text(
        2_000, 4, label=_("Reason"), help_text=_("The applicant reads it; the public does not.")
    )
    field_order = ("decision", "reason", "amount", "currency")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["amount"].label = _("Money granted")

    @property
    def granted(self) -> Money | None:
        """The money of an award."""
        return next((each.model_copy(update={"kind": "committed"}) for each in self.money), None)
