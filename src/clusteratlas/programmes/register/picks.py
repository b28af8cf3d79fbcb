"""What fields of the register are picked from: a stable code and its English words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_LISTS: Final[dict[str, dict[str, str]]] = {
    "instrument": {
        "management": "running of cluster organisations",
        "research-projects": "joint research and innovation projects",
        "infrastructure": "shared infrastructure and equipment",
        "training": "training and skills",
        "business-advice": "advice to firms",
        "networking": "networking and matchmaking",
        "internationalisation": "going abroad",
        "start-ups": "start-ups and spin-offs",
        "finance": "loans, guarantees and equity",
        "vouchers": "vouchers for services",
        "tax-relief": "tax relief",
        "contest": "contest between regions or clusters",
        "label": "label or recognition without money",
        "other": "other instrument",
    },
    "level": {
        "local": "local",
        "regional": "regional",
        "national": "national",
        "european": "European",
        "international": "international",
    },
    "side": {"public": "public money", "private": "private money"},
    "kind": {"planned": "planned", "committed": "committed", "paid": "paid"},
}

PICKS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {name: MappingProxyType(words) for name, words in _LISTS.items()}
)
"""Pick-lists by name. Code words never change their meaning; new ones may come."""


def words_of(name: str, code: str) -> str:
    """Return the English words of a code; the code itself where a newer file brings a new one.

    >>> words_of("instrument", "vouchers")
    'vouchers for services'
    """
    return PICKS[name].get(code, code)
