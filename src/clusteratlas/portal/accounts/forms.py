"""What people fill in about their account."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import ApiToken, User, plain_mail
from clusteratlas.portal.accounts.sign_in import right_password

LONGEST_PASSWORD = 200


class MailField(forms.EmailField):
    """A mail address, as accounts keep it."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _("Mail address"))
        more.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"})
        )
        super().__init__(max_length=254, **more)

    def clean(self, value: Any) -> Any:
        """Return the address in the form in which it is looked up."""
        return plain_mail(super().clean(value))


class PasswordField(forms.CharField):
    """A password; spaces in it count."""

    def __init__(self, *, new: bool = False, **more: Any) -> None:
        more.setdefault("label", _("Password"))
        if new:
            more.setdefault(
                "help_text", _("At least 12 characters; a few words that you remember will do.")
            )
        kind = "new-password" if new else "current-password"
        widget = forms.PasswordInput(attrs={"autocomplete": kind})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **more)


class SignInForm(forms.Form):
    """Mail address and password."""

    username = MailField(
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    )
    password = PasswordField()


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("The six digits that your app shows now, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class RegisterForm(forms.Form):
    """Who wants an account."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As people you work with know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = MailField()
    password = PasswordField(new=True)
    consent = forms.BooleanField(
        label=_("I agree that this site keeps my name and mail address for my account."),
        help_text=_("You can take all that is kept along, or delete it, on your account page."),
        error_messages={"required": _("Without this no account can be kept.")},
    )

    def clean(self) -> dict[str, Any]:
        """Look whether the password is hard to guess for this name and address."""
        given = super().clean() or {}
        user = User(email=given.get("email", ""), name=given.get("name", ""))
        _judge(self, "password", given.get("password"), user)
        return given


class ConfirmForm(forms.Form):
    """The password that was chosen when the account was asked for."""

    password = PasswordField(help_text=_("The one that you chose when you registered."))


class MailForm(forms.Form):
    """The mail address of an account."""

    email = MailField()


class OwnForm(forms.Form):
    """A form of somebody who is signed in."""

    def __init__(self, request: HttpRequest, *args: Any, **more: Any) -> None:
        self.request = request
        super().__init__(*args, **more)


class ReauthenticatedForm(OwnForm):
    """A form that asks for the password again, before something that matters."""

    current = PasswordField(label=_("Your password now"))

    def clean_current(self) -> str:
        """Refuse a wrong password, and count it."""
        given: str = self.cleaned_data["current"]
        if not right_password(self.request, given):
            raise ValidationError(_("This is not your password."))
        return given


class NewPasswordForm(forms.Form):
    """A new password for somebody who proved in another way who they are."""

    password = PasswordField(new=True, label=_("New password"))

    def __init__(self, user: User, *args: Any, **more: Any) -> None:
        self.user = user
        super().__init__(*args, **more)

    def clean(self) -> dict[str, Any]:
        """Look whether the password is hard to guess."""
        given = super().clean() or {}
        _judge(self, "password", given.get("password"), self.user)
        return given


class PasswordForm(ReauthenticatedForm):
    """The password of now and the one to come."""

    password = PasswordField(new=True, label=_("New password"))

    def clean(self) -> dict[str, Any]:
        """Look whether the password is hard to guess."""
        given = super().clean() or {}
        _judge(self, "password", given.get("password"), self.request.user)
        return given


class NewMailForm(ReauthenticatedForm):
    """Another mail address."""

    email = MailField(label=_("New mail address"))
    field_order = ["email", "current"]  # noqa: RUF012 - as Django declares it


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Mail of this site to you is written in it."),
    )

    class Meta:
        """What a person changes without proving anything."""

        model = User
        fields: ClassVar = ["name", "language"]
        widgets: ClassVar = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].required = True


class TokenForm(forms.Form):
    """A token to be made."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses it, so that you know it again.")
    )
    scope = forms.ChoiceField(
        label=_("What it may do"), choices=ApiToken.Scope.choices, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        initial=90,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("365 days"))],
    )


class DeleteForm(ReauthenticatedForm):
    """That somebody means it."""

    sure = forms.BooleanField(
        label=_("Delete my account for good."),
        error_messages={"required": _("Tick this box to say that you mean it.")},
    )
    field_order = ["sure", "current"]  # noqa: RUF012 - as Django declares it


def _judge(form: forms.Form, field: str, password: str | None, user: Any) -> None:
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            form.add_error(field, error)
