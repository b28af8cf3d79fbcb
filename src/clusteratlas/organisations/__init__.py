"""Cluster organisations: their profiles, what they claim, and whether the map bears it out."""

from clusteratlas.organisations.claim_records import (
    ClaimCheck,
    ClaimFigures,
    ClaimReport,
    IndustryCheck,
    IndustryFigures,
    IndustryRegion,
    NearbyCluster,
    NearbyRegion,
    Reason,
    RegionalCheck,
    Verdict,
)
from clusteratlas.organisations.claim_rule import ClaimRule, claim_rule
from clusteratlas.organisations.claims import check_claims, check_many
from clusteratlas.organisations.demonstration import load_demonstration
from clusteratlas.organisations.json_form import profiles_of_json
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
from clusteratlas.organisations.reading import Reading, read, read_profiles
from clusteratlas.organisations.untrusted import read_untrusted
from clusteratlas.organisations.writing import (
    bytes_of,
    csv_of,
    json_of,
    profile_schema,
    write_profiles,
)

__all__ = [
    "PICKS",
    "SCHEMA_VERSION",
    "Claim",
    "ClaimCheck",
    "ClaimFigures",
    "ClaimReport",
    "ClaimRule",
    "Contact",
    "Evidence",
    "IndustryCheck",
    "IndustryFigures",
    "IndustryRef",
    "IndustryRegion",
    "Interest",
    "Label",
    "Members",
    "NearbyCluster",
    "NearbyRegion",
    "Partnership",
    "Profile",
    "Reading",
    "Reason",
    "RegionRef",
    "RegionalCheck",
    "Verdict",
    "bytes_of",
    "check_claims",
    "check_many",
    "claim_rule",
    "csv_of",
    "json_of",
    "load_demonstration",
    "profile_schema",
    "profiles_of_json",
    "read",
    "read_profiles",
    "read_untrusted",
    "words_of",
    "write_profiles",
]
