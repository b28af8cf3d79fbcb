"""Cluster organisations: their profiles, what they claim, and whether the map bears it out."""

from clusteratlas.organisations.picks import PICKS, words_of
from clusteratlas.organisations.profile import (
    SCHEMA_VERSION,
    Claim,
    Contact,
    Evidence,
    IndustryRef,
    Interest,
    Label,
    Members,
    Partnership,
    Profile,
    RegionRef,
)

__all__ = [
    "PICKS",
    "SCHEMA_VERSION",
    "Claim",
    "Contact",
    "Evidence",
    "IndustryRef",
    "Interest",
    "Label",
    "Members",
    "Partnership",
    "Profile",
    "RegionRef",
    "words_of",
]
