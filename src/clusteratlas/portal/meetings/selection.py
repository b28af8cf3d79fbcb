"""Who comes to an event: a rule kept as data, a reason for every applicant, ties left visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

BY: Final = ("supported_claims", "label", "member_kinds", "members", "staff", "completeness")
"""What applicants can be ranked by; the most comes first."""

LABEL_ORDER: Final = ("national", "bronze", "silver", "gold")
"""Labels from the least to the most."""


@dataclass(frozen=True, slots=True)
class SelectionRule:
    """Who is eligible, and in what order places go to those who are.

    Attributes
    ----------
    published
        Only organisations whose profile is published.
    entry_rules
        Only organisations that pass the entry rules of the registry, or are waived.
    countries
        Only organisations of these countries; any where empty.
    labels
        Only organisations with one of these labels; any where empty.
    supported_claims
        Fewest claims that the measured map supports.
    rank_by
        Names of ``BY``, the first one deciding first.
    places
        Organisations that can be selected.
    reserve
        Organisations kept in reserve after them.
    """

    published: bool = True
    entry_rules: bool = False
    countries: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    supported_claims: int = 0
    rank_by: tuple[str, ...] = ("supported_claims",)
    places: int = 40
    reserve: int = 10

    def document(self) -> dict[str, Any]:
        """Return the rule as it is kept."""
        kept = asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in kept.items()}

    @classmethod
    def read(cls, document: dict[str, Any]) -> SelectionRule:
        """Return a kept rule; what it does not say has its default.

        >>> SelectionRule.read({"places": 12, "countries": ["DE"]}).countries
        ('DE',)
        """
        kept: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in document.items()
        }
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the rule looks at. ``None`` is not stated or not measured, which is not zero.

    Attributes
    ----------
    key
        Of the registration.
    applied_at
        When it was sent.
    supported_claims, claims
        Claims that the map supports, and all claims.
    unknown_claims
        Claims that withheld figures leave open.
    passes_entry
        Whether it passes the entry rules of the registry.
    members, member_kinds, staff, completeness
        As the profile says; completeness is the share of the profile that is filled, 0-1.
    """

    key: int
    applied_at: datetime
    published: bool
    country: str = ""
    labels: tuple[str, ...] = ()
    claims: int = 0
    supported_claims: int | None = None
    unknown_claims: int = 0
    passes_entry: bool | None = None
    members: int | None = None
    member_kinds: int | None = None
    staff: float | None = None
    completeness: float | None = None

    @property
    def label_rank(self) -> int:
        """0 without a label, 1 for a national one, 2 to 4 for bronze, silver and gold."""
        ranks = [LABEL_ORDER.index(each) + 1 for each in self.labels if each in LABEL_ORDER]
        return max(ranks, default=0)

    def value(self, name: str) -> float | None:
        """Return what the applicant is ranked by; none where it is not known."""
        if name == "label":
            return float(self.label_rank)
        found: float | None = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class Check:
    """One condition and how an applicant stands to it; ``passed`` is none where nobody can tell."""

    code: str
    passed: bool | None
    found: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule says of an applicant.

    Attributes
    ----------
    state
        ``selected``, ``reserve`` or ``rejected``; ``applied`` where the rule does not decide: a tie
        at the last place, or a condition that nobody can tell.
    checks
        Every condition with what was found.
    rank
        Place among those eligible of its round; tied ones share it.
    tied
        Whether others share the rank.
    """

    key: int
    state: str
    checks: tuple[Check, ...]
    rank: int | None = None
    tied: bool = False


def select(
    rule: SelectionRule,
    applicants: Iterable[Applicant],
    *,
    first_cutoff: datetime,
    second_cutoff: datetime,
) -> list[Decision]:
    """Return what a rule says of each applicant, in the order of keys.

    **Definition.** Those who applied by the first cut-off are ranked first; those who applied by
    the second share what is left. Within a round eligible applicants are ranked by the rule's
    values one after another, an unknown value last. Equal ones share a rank. Where a tie is wider
    than the places left, none of the tied is selected by the rule: the organiser decides. Later
    applicants are late and not selected.

    Returns
    -------
    list of Decision
        One for each applicant.
    """
    given = sorted(applicants, key=lambda each: each.key)
    checks = {each.key: _checks(rule, each, second_cutoff) for each in given}
    found: dict[int, Decision] = {}
    open_: list[Applicant] = []
    for each in given:
        verdicts = [check.passed for check in checks[each.key]]
        if False in verdicts:
            found[each.key] = Decision(each.key, "rejected", checks[each.key])
        elif None in verdicts:
            found[each.key] = Decision(each.key, "applied", checks[each.key])
        else:
            open_.append(each)
    left = {"selected": rule.places, "reserve": rule.reserve}
    before = 0
    for late in (False, True):
        entrants = [each for each in open_ if (each.applied_at > first_cutoff) is late]
        for decision in _ranked(rule, entrants, checks, left, before):
            found[decision.key] = decision
        before += len(entrants)
    return [found[each.key] for each in given]


def _ranked(
    rule: SelectionRule,
    entrants: Sequence[Applicant],
    checks: dict[int, tuple[Check, ...]],
    left: dict[str, int],
    before: int,
) -> list[Decision]:
    groups: dict[tuple[tuple[bool, float], ...], list[Applicant]] = {}
    for each in sorted(entrants, key=lambda one: _order(rule, one)):
        groups.setdefault(_order(rule, each), []).append(each)
    decided, rank = [], before + 1
    for tied in groups.values():
        state = _place(len(tied), left)
        decided += [
            Decision(
                each.key,
                state,
                (*checks[each.key], *_values(rule, each)),
                rank,
                len(tied) > 1,
            )
            for each in tied
        ]
        rank += len(tied)
    return decided


def _values(rule: SelectionRule, each: Applicant) -> Iterable[Check]:
    """What decided the rank, as checks that nobody can fail."""
    for name in rule.rank_by:
        value = each.value(name)
        yield Check(f"ranked_{name}", value is not None, "" if value is None else f"{value:g}")


def _place(count: int, left: dict[str, int]) -> str:
    """Take places for tied applicants all at once."""
    if left["selected"] >= count:
        left["selected"] -= count
        return "selected"
    if left["selected"] > 0:  # wider than what is left: the organiser decides, nobody overtakes
        left["selected"] = 0
        return "applied"
    if left["reserve"] >= count:
        left["reserve"] -= count
        return "reserve"
    left["reserve"] = 0
    return "rejected"


def _order(rule: SelectionRule, each: Applicant) -> tuple[tuple[bool, float], ...]:
    values = [each.value(name) for name in rule.rank_by]
    return tuple((value is None, -(value or 0.0)) for value in values)


def _checks(rule: SelectionRule, each: Applicant, second_cutoff: datetime) -> tuple[Check, ...]:
    found = [Check("in_time", each.applied_at <= second_cutoff)]
    if rule.published:
        found.append(Check("published", each.published))
    if rule.entry_rules:
        found.append(Check("entry_rules", each.passes_entry))
    if rule.countries:
        stands = each.country in rule.countries if each.country else None
        found.append(Check("country", stands, each.country, " ".join(rule.countries)))
    if rule.labels:
        held = bool(set(each.labels) & set(rule.labels))
        found.append(Check("label", held, " ".join(each.labels), " ".join(rule.labels)))
    if rule.supported_claims:
        known = each.supported_claims
        enough: bool | None
        if known is None:
            enough = None
        elif known >= rule.supported_claims:
            enough = True
        else:  # claims that withheld figures leave open might reach it
            enough = None if known + each.unknown_claims >= rule.supported_claims else False
        found.append(
            Check(
                "supported_claims",
                enough,
                "" if known is None else str(known),
                str(rule.supported_claims),
            )
        )
    return tuple(found)
