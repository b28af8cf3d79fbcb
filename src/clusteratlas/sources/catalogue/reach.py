"""Which hosts a download may ask, and where what it brings is kept."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from clusteratlas.sources.catalogue.publications import HOSTS

CACHE_VARIABLE = "CLUSTERATLAS_CACHE"
CONTACT_VARIABLE = "CLUSTERATLAS_CONTACT"
LOOPBACK = "127.0.0.1"


class OutOfReach(Exception):
    """An address leads to a host that may not be asked; says which and why."""


@dataclass(frozen=True)
class Reach:
    """The hosts that may be asked, over https only.

    Attributes
    ----------
    hosts
        Names of hosts, without ports.
    stand_in
        For tests: an address on 127.0.0.1 that stands in for every host; it is asked for
        ``stand_in/host/path`` in their place.
    """

    hosts: frozenset[str] = HOSTS
    stand_in: str | None = None

    def __post_init__(self) -> None:
        """Refuse a stand-in that is not on this machine."""
        if self.stand_in is not None and urlsplit(self.stand_in).hostname != LOOPBACK:
            raise ValueError(f"a stand-in must be on {LOOPBACK}")

    def resolve(self, address: str) -> str:
        """Return the address to ask, or refuse it.

        Raises
        ------
        OutOfReach
            It is not https, names a user or a port, or its host is none of ``hosts``.

        Example
        -------
        >>> Reach(frozenset({"www2.census.gov"})).resolve("https://www2.census.gov/a.zip")
        'https://www2.census.gov/a.zip'
        """
        try:
            parts = urlsplit(address)
            plain = parts.port is None and parts.username is None
        except ValueError:
            raise OutOfReach(f"{address} is no address") from None
        if parts.scheme != "https" or not plain:
            raise OutOfReach(f"{address} is not a plain https address")
        if parts.hostname not in self.hosts:
            raise OutOfReach(f"{parts.hostname} is none of the publishers' hosts")
        if self.stand_in is None:
            return address
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.stand_in}/{parts.hostname}{parts.path}{query}"

    def after(self, address: str, location: str) -> str:
        """Return the publisher's address that a redirect from ``address`` leads to."""
        try:
            return urljoin(address, location)
        except ValueError:
            return location


def cache_folder() -> Path:
    """Return the folder that keeps what was downloaded.

    Definition
        ``CLUSTERATLAS_CACHE`` where it is set; else the place that the system has for caches
        (``~/.cache/clusteratlas``, ``~/Library/Caches/clusteratlas``,
        ``%LOCALAPPDATA%\\clusteratlas``).
    """
    asked = os.environ.get(CACHE_VARIABLE)
    if asked:
        return Path(asked).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "clusteratlas"
    local = os.environ.get("LOCALAPPDATA")
    if sys.platform == "win32" and local:
        return Path(local) / "clusteratlas" / "cache"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "clusteratlas"
