"""The readiness screen in the language spoken now, from the codes and figures of the room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clusteratlas.organisations import Reason
from clusteratlas.portal import figures, words
from clusteratlas.portal.language import ENGLISH, active, number
from clusteratlas.portal.organised import reason_words
from clusteratlas.programmes.readiness import Criteria, Criterion

VERDICTS: Mapping[str, str] = {
    "ready": gettext_noop("ready"),
    "nearly_ready": gettext_noop("nearly ready"),
    "not_ready": gettext_noop("not ready"),
    "cannot_be_told": gettext_noop("cannot be told"),
}
MET: Mapping[str, str] = {
    "met": gettext_noop("met"),
    "not_met": gettext_noop("not met"),
    "cannot_be_told": gettext_noop("cannot be told"),
}
MARKS: Mapping[str, str] = {"met": "yes", "not_met": "no", "cannot_be_told": "unknown"}
"""The mark of a criterion in a list of checks."""

CRITERIA: Mapping[str, str] = {
    "strong-cluster": gettext_noop("A strong cluster"),
    "base-jobs": gettext_noop("Jobs in the cluster"),
    "concentration": gettext_noop("Concentration of jobs"),
    "strategy": gettext_noop("A strategic plan"),
    "action-plan": gettext_noop("A plan of actions"),
    "members": gettext_noop("Members"),
    "member-kinds": gettext_noop("Kinds of members"),
    "staff": gettext_noop("Staff"),
    "governance": gettext_noop("Governance or commitments"),
}
KINDS: Mapping[str, str] = {
    "strategy": gettext_noop("strategic plan"),
    "action-plan": gettext_noop("plan of actions with dates, people and money"),
    "governance": gettext_noop("statutes, or rules of who decides"),
    "commitments": gettext_noop("commitments of members in writing"),
    "other": gettext_noop("something else"),
}
GROUPS: Mapping[str, str] = {
    "base": gettext_noop("Cluster base"),
    "plan": gettext_noop("Strategic plan"),
    "structure": gettext_noop("Structure of collaboration"),
}
UNITS: Mapping[str, str] = {
    "base.probability_strong": gettext_noop("share of possible tables"),
    "base.employment": gettext_noop("jobs"),
    "base.location_quotient": gettext_noop("location quotient"),
    "base.share_of_nation": gettext_noop("share of the reference area"),
    "base.reported_share": gettext_noop("share of jobs reported"),
    "base.supported_claims": gettext_noop("claims borne out"),
    "evidence": gettext_noop("pieces of evidence"),
    "profile.staff": gettext_noop("full-time posts"),
    "profile.members.total": gettext_noop("members"),
    "profile.members.kinds": gettext_noop("kinds of members"),
    "profile.members.firms": gettext_noop("firms"),
    "profile.members.firm_share": gettext_noop("share of members"),
}
STATUS: Mapping[str, str] = {
    "stated": gettext_noop("stated by the applicant"),
    "shown": gettext_noop("shown by the applicant"),
    "reported": gettext_noop("reported"),
    "estimated": gettext_noop("estimated"),
    "withheld": gettext_noop("withheld"),
    "unpublished": gettext_noop("not published"),
}
REASONS: Mapping[str, str] = {
    "no_claim": gettext_noop("The organisation claims no field."),
    "claims": gettext_noop("%(supported)s of %(claims)s claims are borne out."),
    "measured": gettext_noop("As the map has it."),
    "added": gettext_noop("Added over %(regions)s regions of the map."),
    "stated": gettext_noop("As the organisation states it."),
    "not_stated": gettext_noop("The organisation does not state it."),
    "stated_undated": gettext_noop("The organisation does not say of which day its figure is."),
    "stated_long_ago": gettext_noop("The figure is of %(year)s: too old to count."),
    "nothing_shown": gettext_noop("Nothing of the kind is shown."),
    "none_of_it": gettext_noop("The applicant says that it has none."),
    "undated": gettext_noop("A piece without its day: how old it is cannot be told."),
    "too_old": gettext_noop("What is shown is too old to count, or of a day to come."),
    "shown": gettext_noop("Pieces that count: %(pieces)s."),
}
PIECES: Mapping[str, str] = {
    "counts": gettext_noop("counts"),
    "too_old": gettext_noop("too old to count"),
    "undated": gettext_noop("without its day"),
    "not_yet": gettext_noop("of a day to come"),
}
PASSED: Mapping[str, str] = {
    "not_eligible": gettext_noop("not ready enough, or that cannot be told"),
    "asks_nothing": gettext_noop("states no money asked for"),
    "asks_other_money": gettext_noop("asks for money of another currency or price base"),
    "not_chosen": gettext_noop("others together have a higher score"),
}


def verdict(code: str) -> str:
    """Return the words of a verdict."""
    return _(VERDICTS[code])


def met(code: str) -> str:
    """Return the words for whether a criterion is met."""
    return _(MET[code])


def criterion_name(criterion: Criterion) -> str:
    """Return what a criterion is called: a site's own text as it is, else the words we have."""
    if criterion.text:
        return criterion.text
    return name_of(criterion.name, criterion.name.replace("-", " "))


def name_of(code: str, otherwise: str) -> str:
    """Return the words of a packaged criterion, else what the site calls it."""
    return _(CRITERIA[code]) if code in CRITERIA else otherwise


def unit_of(measure: str) -> str:
    """Return the unit of a measure; a field of the profile by its name."""
    if measure in UNITS:
        return _(UNITS[measure])
    return measure.removeprefix("profile.").replace("_", " ").replace(".", ": ")


def kinds_of(criteria: Criteria) -> list[tuple[str, str]]:
    """Return the kinds of evidence with their words."""
    return [(each.name, kind_of(each.name, each.text)) for each in criteria.kind]


def kind_of(code: str, otherwise: str = "") -> str:
    """Return the words of a kind of evidence."""
    return _(KINDS[code]) if code in KINDS else (otherwise or code)


def amount(value: float | None, measure: str) -> str:
    """Return a figure of a measure as it is read."""
    if value is None:
        return figures.NOTHING
    if measure in ("base.probability_strong", "base.share_of_nation", "base.reported_share"):
        return figures.percent(value)
    if value == int(value) and measure != "base.location_quotient":
        return figures.whole(value)
    return figures.quotient(value)


def score(value: float) -> str:
    """Return a score of 0 to 1, or a quotient of thresholds and weights, with two decimals."""
    return number(f"{value:.2f}")


def in_field(value: float) -> str:
    """Return a number as it stands in a field: digits with a decimal point, never a power of ten.

    >>> in_field(1_800_000.0), in_field(0.1)
    ('1800000', '0.1')
    """
    return f"{value:.15g}"


def between(low: float, high: float | None, measure: str) -> str:
    """Return the two ends of a figure, nothing where it has one value."""
    if high is None:
        return _("%(low)s or more") % {"low": amount(low, measure)}
    one, other = amount(low, measure), amount(high, measure)
    return "" if one == other else f"{one}–{other}"


def reason_of(row: Mapping[str, Any]) -> str:
    """Return why a criterion is met, not met or cannot be told, from a row of the document."""
    given = dict(row["reason"])
    code = given.pop("code")
    if code in REASONS:
        told = {
            name: figures.whole(value)
            if isinstance(value, int | float) and name != "year"
            else value
            for name, value in given.items()
        }
        return _(REASONS[code]) % told
    return reason_words.said(Reason(code, given))


def said_of(document: Mapping[str, Any]) -> str:
    """Return the verdict of an applicant in one sentence, from its document."""
    names = {
        row["criterion"]: name_of(row["criterion"], row["name"]) for row in document["criteria"]
    }
    lacks = figures.listed([_lower(names[each]) for each in document["lacks"]])
    unknown = figures.listed([_lower(names[each]) for each in document["open"]])
    match document["verdict"]:
        case "ready":
            return _("Ready: every criterion is met.")
        case "nearly_ready":
            return _("Nearly ready: it lacks %(criteria)s.") % {"criteria": lacks}
        case "not_ready":
            return _("Not ready: it lacks %(criteria)s.") % {"criteria": lacks}
    told = _("Cannot be told, between %(least)s and %(most)s: open are %(criteria)s.") % {
        "least": verdict(document["least"]),
        "most": verdict(document["most"]),
        "criteria": unknown,
    }
    return f"{told} {_('It lacks %(criteria)s.') % {'criteria': lacks}}" if lacks else told


def _lower(name: str) -> str:
    """A name within a sentence: other languages keep the capitals of their nouns."""
    return name[:1].lower() + name[1:] if active() == ENGLISH else name


def base_of(document: Mapping[str, Any]) -> str:
    """Return the base of an applicant as a sentence; empty where it has none."""
    base = document["base"]
    if not base["cluster"]:
        return ""
    values = {"cluster": words.cluster(base["cluster_name"]), "region": base["region_name"]}
    if not base["region_name"]:
        return _("The base: %(cluster)s, in no region of the map.") % values
    return _("The base: %(cluster)s in %(region)s.") % values


def money(amount: float, currency: str, price_base: int | None = None) -> str:
    """Return an amount with its currency, and the year of its prices where one is given."""
    told = {"amount": figures.whole(round(amount)), "currency": currency, "year": price_base}
    if price_base is None:
        return _("%(amount)s %(currency)s") % told
    return _("%(amount)s %(currency)s in prices of %(year)s") % told


def money_of(document: Mapping[str, Any]) -> str:
    """Return the money that an applicant asks for."""
    return figures.listed(
        [money(each["amount"], each["currency"], each["price_base"]) for each in document["asked"]]
    )
