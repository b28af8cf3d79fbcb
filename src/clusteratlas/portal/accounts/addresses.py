"""Where the pages of accounts live."""

from __future__ import annotations

from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.language import at


def account(page: str = "", **values: object) -> str:
    """Return the address of a page of one's account, such as ``tokens``; its own page for none.

    >>> account("tokens"), account()
    ('/account/tokens/', '/account/')
    """
    return with_query(f"/account/{page}/" if page else "/account/", **values)


def sign_in(onward: str = "") -> str:
    """Return where one signs in, and goes on from."""
    return with_query("/account/sign-in/", next=onward)


def register(onward: str = "") -> str:
    """Return where one makes an account, and goes on from; an invitation leads here and back."""
    return with_query("/account/register/", next=onward)


def link(page: str, key: str) -> str:
    """Return the path of a link in a mail."""
    return f"{at(f'/account/{page}/')}?key={key}"
