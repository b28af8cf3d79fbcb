"""The addresses of accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.accounts.views import entering, factor, own, passwords, people

patterns: list[URLPattern] = [
    path("account/", own.account_page),
    path("account/register/", entering.register_page),
    path("account/register/sent/", entering.register_sent_page),
    path("account/confirm/", entering.confirm_page),
    path("account/sign-in/", entering.sign_in_page),
    path("account/sign-in/code/", entering.code_page),
    path("account/sign-out/", entering.sign_out),
    path("account/reset/", passwords.reset_page),
    path("account/reset/sent/", passwords.reset_sent_page),
    path("account/reset/set/", passwords.set_password_page),
    path("account/password/", passwords.password_page),
    path("account/mail/", passwords.mail_page),
    path("account/mail/old/", passwords.mail_old_page),
    path("account/mail/new/", passwords.mail_new_page),
    path("account/profile/", own.profile_page),
    path("account/second-factor/", factor.factor_page),
    path("account/second-factor/set-up/", factor.set_up_page),
    path("account/second-factor/codes/", factor.codes_page),
    path("account/second-factor/off/", factor.off_page),
    path("account/sessions/", own.sessions_page),
    path("account/sessions/end/", own.end_session),
    path("account/sessions/end-all/", own.end_all_sessions),
    path("account/tokens/", own.tokens_page),
    path("account/tokens/revoke/", own.revoke_token),
    path("account/data.json", own.own_data_file),
    path("account/delete/", own.delete_page),
    path("account/deleted/", own.deleted_page),
    path("account/people/", people.people_page),
    path("account/people/<int:person>/role/", people.change_role),
    path("account/people/<int:person>/active/", people.change_active),
    path("account/people/<int:person>/second-factor/", people.take_second_factor),
    path("account/audit/", people.audit_page),
    path("account/audit.csv", people.audit_file),
]
