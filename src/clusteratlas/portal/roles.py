"""What people are: on the site as a whole, and within one organisation."""

from __future__ import annotations

from enum import IntEnum


class SiteRole(IntEnum):
    """What somebody is on the site as a whole."""

    VISITOR = 0
    MEMBER = 1
    MODERATOR = 2
    ADMINISTRATOR = 3


class InsideRole(IntEnum):
    """What somebody is within one organisation."""

    NONE = 0
    MEMBER = 1
    EDITOR = 2
    OWNER = 3
