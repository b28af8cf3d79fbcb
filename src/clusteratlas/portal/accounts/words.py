"""What roles and actions are called on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.roles import SiteRole

ROLES: dict[SiteRole, Any] = {
    SiteRole.MEMBER: _("Member"),
    SiteRole.MODERATOR: _("Moderator"),
    SiteRole.ADMINISTRATOR: _("Administrator"),
}
_ACTIONS: dict[str, Any] = {
    "account.register": _("made an account"),
    "account.sign_in": _("signed in"),
    "account.sign_out": _("signed out"),
    "account.sign_out_everywhere": _("signed out everywhere"),
    "account.session_end": _("ended a session"),
    "account.password": _("set a password"),
    "account.mail_asked": _("asked for another mail address"),
    "account.mail": _("changed the mail address"),
    "account.profile": _("changed name or language"),
    "account.delete": _("deleted an account"),
    "second_factor.on": _("turned the second step on"),
    "second_factor.off": _("turned the second step off"),
    "second_factor.recovery_code": _("used a recovery code"),
    "second_factor.recovery_codes": _("made new recovery codes"),
    "token.make": _("made a token"),
    "token.revoke": _("revoked a token"),
    "person.add": _("added a person"),
    "person.role": _("changed a role"),
    "person.reset": _("let a person in again"),
    "person.second_factor_off": _("turned the second step of a person off"),
    "person.activate": _("opened an account"),
    "person.deactivate": _("closed an account"),
    "audit.export": _("exported the audit log"),
}


def action_words(action: str) -> str:
    """Return what an action of the audit log is called; its own name where it has no words."""
    return str(_ACTIONS.get(action, action))
