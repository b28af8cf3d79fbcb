"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, second factors, tokens and the audit log."""

    name = "clusteratlas.portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Take note of sessions that begin and end, and of what a failure may keep."""
        from clusteratlas.portal.accounts import sessions, throttle  # noqa: F401, PLC0415
