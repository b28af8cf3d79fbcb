"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, second factors, tokens and the audit log."""

    name = "clusteratlas.portal.accounts"
    label = "accounts"
