"""Cluster organisations: their profiles, what they claim, and whether the map bears it out."""

from clusteratlas.organisations.changes import Change, changes
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
from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.coverage import (
    Coverage,
    CoverageCount,
    CoverageRow,
    Covered,
    OverlapRow,
    coverage_of,
)
from clusteratlas.organisations.demonstration import load_demonstration
from clusteratlas.organisations.entry_rules import (
    EntryRule,
    EntryRules,
    RuleAnswer,
    check_entry,
    default_entry_rules,
    may_enter,
    read_entry_rules,
)
from clusteratlas.organisations.json_form import profiles_of_json
from clusteratlas.organisations.merging import Conflict, Merge, merge, undo
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
    folded_name,
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
    "Change",
    "Claim",
    "ClaimCheck",
    "ClaimFigures",
    "ClaimReport",
    "ClaimRule",
    "Codebook",
    "Conflict",
    "Contact",
    "Coverage",
    "CoverageCount",
    "CoverageRow",
    "Covered",
    "EntryRule",
    "EntryRules",
    "Evidence",
    "IndustryCheck",
    "IndustryFigures",
    "IndustryRef",
    "IndustryRegion",
    "Interest",
    "Label",
    "Members",
    "Merge",
    "NearbyCluster",
    "NearbyRegion",
    "OverlapRow",
    "Partnership",
    "Profile",
    "Reading",
    "Reason",
    "RegionRef",
    "RegionalCheck",
    "RuleAnswer",
    "Verdict",
    "bytes_of",
    "changes",
    "check_claims",
    "check_entry",
    "check_many",
    "claim_rule",
    "coverage_of",
    "csv_of",
    "default_entry_rules",
    "folded_name",
    "json_of",
    "load_demonstration",
    "may_enter",
    "merge",
    "profile_schema",
    "profiles_of_json",
    "read",
    "read_entry_rules",
    "read_profiles",
    "read_untrusted",
    "undo",
    "words_of",
    "write_profiles",
]
