"""The tables of a portfolio: places and choice, variants, flips and swaps; shown and to take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.programmes.applicants import screen_words
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.readiness import Choice, Criteria, Ranked, Sensitivity

SOURCE = "applications to the programme, profiles of the applicants and the measured map"
MOST_SWAPS = 40
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PickRow:
    """An applicant's place and whether it is chosen; a row of the table to take away."""

    place: int
    place_low: int
    place_high: int
    applicant: str
    verdict: str
    score: float
    score_low: float
    score_high: float
    probability_first_low: float
    probability_first_high: float
    chosen: bool
    why_not: str
    share_of_draws: float
    share_of_variants: float
    robust: bool
    asked: float | None
    currency: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    """The choice with one thing changed."""

    kind: str
    criterion: str
    step: float | None
    value: float | None
    chosen: str
    enter: str
    leave: str
    turned: str


@dataclass(frozen=True, slots=True)
class FlipRow:
    """A threshold at which a verdict flips."""

    criterion: str
    threshold: float
    applicant: str
    flips_at: float
    verdict_upto: str
    verdict_beyond: str


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A weight at which two applicants have the same score."""

    criterion: str
    weight: float
    chosen: str
    not_chosen: str
    equal_at: float
    ahead_above: str


PICK_WORDS = {
    "place": "place by score",
    "place_low": "best place it could be at",
    "place_high": "worst place it could be at",
    "applicant": "name of the organisation",
    "verdict": "ready, nearly_ready, not_ready, cannot_be_told",
    "score": "degrees of the criteria weighted, 0-1",
    "score_low": "low end of the score",
    "score_high": "high end of the score",
    "probability_first_low": "least share of possible tables in which it is among the first",
    "probability_first_high": "greatest share of possible tables in which it is among the first",
    "chosen": "whether it is chosen",
    "why_not": "why it is not chosen: not_eligible, asks_nothing, asks_other_money, not_chosen",
    "share_of_draws": "in which share of possible tables it is chosen",
    "share_of_variants": "in which share of the variants it is chosen",
    "robust": "whether it is chosen in all variants",
    "asked": "public money asked for, where it is of one currency and price base",
    "currency": "currency of the money asked for",
}
VARIANT_WORDS = {
    "kind": "what is changed: threshold, weight, without (the criterion is left out)",
    "criterion": "name of the criterion",
    "step": "factor",
    "value": "what the threshold or weight then is",
    "chosen": "who is chosen then",
    "enter": "who is chosen then and not now",
    "leave": "who is chosen now and not then",
    "turned": "whose verdict differs then, with the verdict",
}
FLIP_WORDS = {
    "criterion": "name of the criterion",
    "threshold": "its threshold now",
    "applicant": "name of the organisation",
    "flips_at": "the threshold at which the verdict flips, all others as they are",
    "verdict_upto": "verdict at this threshold and just below",
    "verdict_beyond": "verdict just above",
}
SWAP_WORDS = {
    "criterion": "name of the criterion",
    "weight": "its weight now",
    "chosen": "an applicant that is chosen",
    "not_chosen": "one that is not",
    "equal_at": "the weight at which both have the same score, all others as they are",
    "ahead_above": "who is ahead above that weight",
}


def pick_rows(ranked: tuple[Ranked, ...], choice: Choice, depends: Sensitivity) -> list[PickRow]:
    """Return the places and the choice as records."""
    stable = dict(choice.stability)
    why = {each.applicant.applicant.identity: each.code for each in choice.passed}
    found = []
    for each in ranked:
        applicant = each.applicant.applicant
        totals = applicant.totals
        found.append(
            PickRow(
                each.place,
                each.place_low,
                each.place_high,
                applicant.profile.name,
                each.applicant.verdict.value,
                each.score,
                each.score_low,
                each.score_high,
                *each.probability_first,
                applicant.identity in choice.names,
                why.get(applicant.identity, ""),
                stable[applicant.identity],
                depends.held(applicant.identity),
                applicant.identity in depends.robust,
                totals[0].amount if len(totals) == 1 else None,
                totals[0].currency if len(totals) == 1 else "",
            )
        )
    return found


def variant_rows(depends: Sensitivity, names: Names) -> list[VariantRow]:
    """Return the variants as records."""
    return [
        VariantRow(
            each.kind,
            each.criterion,
            each.step,
            each.value,
            _listed(each.picks, names),
            _listed(each.enter, names),
            _listed(each.leave, names),
            "; ".join(f"{names[who]}: {after.value}" for who, _before, after in each.turned),
        )
        for each in depends.variants
    ]


def flip_rows(depends: Sensitivity, names: Names) -> list[FlipRow]:
    """Return the flips as records."""
    return [
        FlipRow(
            each.criterion,
            each.threshold,
            names[each.applicant],
            each.at,
            each.upto.value,
            each.beyond.value,
        )
        for each in depends.flips
    ]


def swap_rows(depends: Sensitivity, names: Names) -> list[SwapRow]:
    """Return the swaps as records."""
    return [
        SwapRow(
            each.criterion,
            each.weight,
            names[each.one],
            names[each.other],
            each.at,
            names[each.ahead_above],
        )
        for each in depends.swaps
    ]


def _listed(identities: frozenset[str] | tuple[str, ...], names: Names) -> str:
    return "; ".join(sorted(names[each] for each in identities))


# On the page


def picks_sheet(
    ranked: tuple[Ranked, ...],
    choice: Choice,
    depends: Sensitivity,
    links: Mapping[str, str],
) -> Sheet:
    """Return places, scores, chances and the choice as a table."""
    stable = dict(choice.stability)
    why = {each.applicant.applicant.identity: each.code for each in choice.passed}
    first = choice.rules.first
    columns = [
        SheetColumn(_("Applicant"), number=False),
        SheetColumn(_("Place")),
        SheetColumn(_("Score"), _("0 to 1")),
        SheetColumn(_("Readiness"), number=False),
        SheetColumn(_("Asks for")),
        SheetColumn(_("Chosen"), number=False),
        SheetColumn(_("Chosen in"), _("possible tables")),
        SheetColumn(_("Chosen in"), _("variants")),
    ]
    if first is not None:
        chance = _("among the first %(count)s") % {"count": figures.whole(first)}
        columns.insert(3, SheetColumn(_("Chance"), chance))
    rows = []
    for each in ranked:
        applicant = each.applicant.applicant
        identity = applicant.identity
        chosen = identity in choice.names
        cells = [
            Cell(figures.whole(each.place), between=_range(each.place_low, each.place_high)),
            Cell(
                screen_words.score(each.score),
                between=_range(each.score_low, each.score_high, whole=False),
            ),
            Cell(screen_words.verdict(each.applicant.verdict.value), number=False),
            Cell(
                figures.listed(
                    [screen_words.money(t.amount, t.currency, t.price_base)
                     for t in applicant.totals]
                ) or figures.NOTHING
            ),
            Cell(
                _("chosen") if chosen else _(screen_words.PASSED[why[identity]]), number=False
            ),
            Cell(figures.percent(stable[identity])),
            Cell(figures.percent(depends.held(identity))),
        ]  # fmt: skip
        if first is not None:
            low, high = (figures.percent(end) for end in each.probability_first)
            cells.insert(2, Cell(low if low == high else f"{low}–{high}"))
        pills = [("fictional", _("fictional"))] if applicant.profile.fictional else []
        if identity in depends.robust:
            pills.append(("robust", _("robust")))
        elif chosen:
            pills.append(("fragile", _("fragile")))
        rows.append(
            SheetRow(
                applicant.profile.name,
                cells,
                links[identity],
                pills=pills,
                kind="chosen" if chosen else "",
                lang="und",
            )
        )
    return Sheet(
        "picks", _("Places and choice"), columns, rows, empty=_("Nobody waits for a decision.")
    )


def _range(low: float, high: float, *, whole: bool = True) -> str:
    write = figures.whole if whole else screen_words.score
    one, other = write(low), write(high)
    return "" if one == other else f"{one}–{other}"


def _named(criteria: Criteria, name: str) -> str:
    found = criteria.of(name)
    return screen_words.criterion_name(found) if found is not None else name


def variants_sheet(depends: Sensitivity, names: Names, criteria: Criteria) -> Sheet:
    """Return the variants in which somebody enters or leaves as a table."""
    kinds = {
        "threshold": _("threshold"),
        "weight": _("weight"),
        "without": _("left out"),
    }
    return Sheet(
        "variants",
        _("Who enters and leaves when one thing is moved"),
        [
            SheetColumn(_("Criterion"), number=False),
            SheetColumn(_("What is moved"), number=False),
            SheetColumn(_("Moved to")),
            SheetColumn(_("Enters"), number=False),
            SheetColumn(_("Leaves"), number=False),
        ],
        [
            SheetRow(
                _named(criteria, each.criterion),
                [
                    Cell(kinds[each.kind], number=False),
                    Cell(figures.NOTHING if each.value is None else _plain(each.value)),
                    Cell(_listed(each.enter, names) or figures.NOTHING, number=False),
                    Cell(_listed(each.leave, names) or figures.NOTHING, number=False),
                ],
            )
            for each in depends.variants
            if each.enter or each.leave
        ],
        empty=_("Whatever is moved, the same are funded."),
    )


def flips_sheet(depends: Sensitivity, names: Names, criteria: Criteria) -> Sheet:
    """Return the thresholds at which verdicts flip as a table."""
    rows = []
    for each in depends.flips:
        found = criteria.of(each.criterion)
        measure = found.measure if found is not None else ""
        rows.append(
            SheetRow(
                _named(criteria, each.criterion),
                [
                    Cell(screen_words.amount(each.threshold, measure)),
                    Cell(names[each.applicant], number=False),
                    Cell(screen_words.amount(each.at, measure)),
                    Cell(screen_words.verdict(each.upto.value), number=False),
                    Cell(screen_words.verdict(each.beyond.value), number=False),
                ],
            )
        )
    return Sheet(
        "flips",
        _("Thresholds at which a verdict flips"),
        [
            SheetColumn(_("Criterion"), number=False),
            SheetColumn(_("Threshold now")),
            SheetColumn(_("Applicant"), number=False),
            SheetColumn(_("Flips at")),
            SheetColumn(_("Up to there"), number=False),
            SheetColumn(_("Above"), number=False),
        ],
        rows,
        tall=True,
        empty=_("No threshold changes a verdict."),
    )


def swaps_sheet(depends: Sensitivity, names: Names, criteria: Criteria) -> Sheet:
    """Return the weights at which a chosen and an unchosen applicant are level as a table."""
    return Sheet(
        "swaps",
        _("Weights at which two change places"),
        [
            SheetColumn(_("Criterion"), number=False),
            SheetColumn(_("Weight now")),
            SheetColumn(_("Level at")),
            SheetColumn(_("Chosen"), number=False),
            SheetColumn(_("Not chosen"), number=False),
            SheetColumn(_("Ahead above"), number=False),
        ],
        [
            SheetRow(
                _named(criteria, each.criterion),
                [
                    Cell(_plain(each.weight)),
                    Cell(_plain(each.at)),
                    Cell(names[each.one], number=False),
                    Cell(names[each.other], number=False),
                    Cell(names[each.ahead_above], number=False),
                ],
            )
            for each in depends.swaps[:MOST_SWAPS]
        ],
        tall=True,
        empty=_("No weight makes a chosen and an unchosen applicant level."),
    )


def _plain(value: float) -> str:
    return figures.whole(value) if value == int(value) else screen_words.score(value)
