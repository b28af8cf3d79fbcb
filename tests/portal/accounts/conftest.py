"""Browsers with and without an account, fast passwords, and the links in mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from clusteratlas.portal.accounts.models import User

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick(sample_place: Path, settings: Settings) -> None:
    settings.ATLAS_PLACE = sample_place
    settings.AUTH_PASSWORD_VALIDATORS = settings.AUTH_PASSWORD_VALIDATORS[:1]


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada@example.org", PASSWORD, name="Ada")


@pytest.fixture
def link() -> Callable[[int], str]:
    """The path of the link in a mail."""

    def found(at: int = -1) -> str:
        return re.search(r"http://testserver(/\S+\?key=\S+)", mail.outbox[at].body)[1]

    return found


def sign_in(client: Client, email: str = "ada@example.org", password: str = PASSWORD, **more):
    return client.post("/account/sign-in/", {"username": email, "password": password}, **more)
