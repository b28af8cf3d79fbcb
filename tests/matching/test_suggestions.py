"""Partner suggestions: one pair by hand, and what must hold of every registry."""

from __future__ import annotations

import math
import random
from string import Formatter

import numpy as np
import pytest
from tests.matching.conftest import (
    CLUSTERS,
    Cell,
    SmallRelease,
    affinity_by_hand,
    claim,
)

from clusteratlas.matching.reasons import SENTENCES
from clusteratlas.matching.records import PART_NAMES, Suggestion, Switches, Wanted, as_document
from clusteratlas.matching.suggestions import PartnerIndex
from clusteratlas.matching.weights import default_weights
from clusteratlas.organisations import (
    Interest,
    Label,
    Members,
    Partnership,
    Profile,
    RegionRef,
    load_demonstration,
)
from clusteratlas.tables import CannotAnswer

NEAR = 1e-4


def wish(topic: str, **more: object) -> Interest:
    return Interest(topic=topic, kind="supply", **more)


LIGHT = Profile(
    name="Light",
    country="DE",
    longitude=0,
    regions=[RegionRef(scheme="s", region="r1")],
    claims=[claim("1"), claim("2", "side")],
    technologies=["photonics", "quantum"],
    ecosystems=["digital"],
    members=Members(counts={"small-firms": 100}),
    languages=["en", "de"],
    offers=[wish("test beds")],
    seeks=[wish("laser sources")],
)
SOURCE = Profile(
    name="Source",
    country="US",
    longitude=60,
    regions=[RegionRef(scheme="s", region="r2")],
    claims=[claim("2")],
    technologies=["photonics"],
    ecosystems=["digital"],
    members=Members(counts={"large-firms": 10}),
    languages=["en"],
    offers=[wish("laser sources")],
    seeks=[wish("test beds")],
)
CELLS = [
    Cell("r1", "1", 3.0, 1.0),
    Cell("r1", "2", None, None, "withheld"),
    Cell("r1", "3", 0.25, 0.0),
    Cell("r2", "2", 1.0, 0.0),
    Cell("r2", "3", 3.0, 1.0),
]
AFFINITY = affinity_by_hand({("1", "2"): (0.9, 0.7, 0.1), ("1", "3"): (0.9, 0.9, 0.5)})


def test_a_pair_by_hand() -> None:
    index = PartnerIndex.of([LIGHT, SOURCE], SmallRelease(CELLS), AFFINITY)
    found = index.suggest("light").suggestions[0]

    def is_(name: str, value: float | None, low: float | None, high: float | None) -> None:
        part = found.part(name)
        for told, wanted in ((part.value, value), (part.low, low), (part.high, high)):
            assert (told is None) == (wanted is None), name
            assert told is None or told == pytest.approx(wanted, abs=NEAR), name

    # Same field: field 1 is claimed by one of two, field 2 by both and by Light as a side field.
    rare, common = (math.log(3 / (count + 0.5)) / math.log(3 / 0.5) for count in (1, 2))
    overlap = 0.5 * math.sqrt(common) / math.sqrt(rare + 0.25 * common)
    is_("same_field", 0.75 * overlap, 0.5 * overlap, overlap)

    # Related: only 1 with 2 are different fields. Nobody else is there to tell what is expected, so
    # each is at 1/2, and the mean of all pairs is of this one twice and of ten at 1/2.
    def related(percentile: float) -> float:
        mean = (2 * percentile + 5) / 12
        expected = 1 / (1 + mean / (1 - mean))
        return max(0.0, (percentile - expected) / (1 - expected))

    for name, percentile in (("skills", 0.9), ("input_output", 0.7), ("colocation", 0.1)):
        is_(f"related_{name}", *[related(percentile)] * 3)

    # Strength: Light's field 1 is 1/2 + 3/8; its side field 2 is withheld. They matter to Source by
    # a tenth and nearness (0.8 of all pairs is 0.6 of the way from the middle), and by 1.1.
    strong, weight, hidden = 0.875, 0.7, 0.5 * 1.1
    low, high = (strong * weight + hidden * end for end in (0, 1))
    here = (strong, low / (weight + hidden), high / (weight + hidden))
    is_("strength", *(2 * each * 0.25 / (each + 0.25) for each in here))

    # Complementarity: field 3 is near to field 1 (0.9: 0.8 of the way), lacks wholly in r1 and is
    # 0.875 strong in r2: 0.7 of a gap is filled. Other fields are at the middle: of no concern.
    is_("complementarity", *[0.7 / 1.7] * 3)

    # Technology: photonics is held by both, quantum by one; both once, by Light.
    photonics, quantum = common, rare
    close = 1 / math.sqrt(7 * 6)
    cosine = math.sqrt(photonics / (photonics + quantum))
    mixed = math.sqrt(photonics * quantum) * close
    soft = (photonics + mixed) / math.sqrt(photonics * (photonics + quantum + 2 * mixed))
    is_("technology", *[(cosine + soft) / 2] * 3)

    is_("priorities", 1.0, 1 / 3, 1.0)  # the ecosystem is one; two of three are not stated
    is_("intent", 1.0, 1.0, 1.0)
    is_("capacity", 0.5, 1.5 / 6, 4.5 / 6)  # members 0, languages 1, four hours 1/2; three unknown
    is_("novelty", None, 0.0, 1.0)
    is_("observed", 0.0, 0.0, 1.0)  # only Light itself combines 1 and 2

    weights = default_weights().parts

    def mean(end: str, back: float | None = None) -> float:
        held = {part.name: getattr(part, end) for part in found.parts}
        if back is not None:
            held["complementarity"] = back
        told = {name: value for name, value in held.items() if value is not None}
        return sum(weights[name] * told[name] for name in told) / sum(weights[n] for n in told)

    there, here_ = mean("value"), mean("value", 0.0)  # Light's region fills no gap of Source's
    assert found.towards == pytest.approx(there, abs=NEAR)
    assert found.back == pytest.approx(here_, abs=NEAR)
    assert found.score == pytest.approx(2 * there * here_ / (there + here_), abs=NEAR)
    assert found.score_low < found.score < found.score_high
    assert found.chance == 1


def test_reasons_of_the_pair_name_figures_and_gaps() -> None:
    index = PartnerIndex.of([LIGHT, SOURCE], SmallRelease(CELLS), AFFINITY)
    found = index.suggest("Light").suggestions[0]
    said = {reason.code: reason for part in found.parts for reason in part.evidence}
    missing = {reason.code: reason for part in found.parts for reason in part.gaps}
    assert said["field_shared"].text == "Both claim Field 2; 2 of 2 organisations here do."
    assert said["strength_exact"].parameters["source"] == "An office, 2021"
    assert "in Region r2 its location quotient is 3.00" in said["gap_filled"].text
    assert said["intent_met"].text == "Source seeks “test beds”, and Light offers “test beds”."
    assert "90 % of all pairs" in said["related_skills"].text
    assert missing["figure_withheld"].text == (
        "The figures of Field 2 in Region r1, 2021, are withheld."
    )
    assert {"staff_unstated", "label_unstated", "partnerships_unstated"} <= missing.keys()
    assert found.why
    assert [each.code for each in found.would_change][:1] == ["would_tell"]
    assert all(part.evidence or part.gaps for part in found.parts)


@pytest.fixture(scope="module")
def index(made_up_registry, made_up_release, made_up_affinity) -> PartnerIndex:
    return PartnerIndex.of(made_up_registry, made_up_release, made_up_affinity)


def by_slug(index: PartnerIndex, who: object) -> dict[str, Suggestion]:
    found = index.suggest(who, 100, Switches(partners=True))
    return {each.slug: each for each in found.suggestions}


@pytest.fixture(scope="module")
def drafts(index: PartnerIndex, made_up_registry: list[Profile]) -> list[dict[str, Suggestion]]:
    """What a draft of each organisation sees."""
    return [by_slug(index, profile) for profile in made_up_registry]


def sayable(pair: Suggestion) -> None:
    """Every sentence can be said in another language: its places are in its parameters."""
    reasons = [*pair.why, *pair.missing, *pair.would_change]
    reasons += [one for part in pair.parts for one in (*part.evidence, *part.gaps)]
    for reason in reasons:
        places = {each[1] for each in Formatter().parse(SENTENCES[reason.code])}
        assert places - {None} <= reason.parameters.keys()
        assert "{" not in reason.text


def test_both_sides_see_the_same_score(index: PartnerIndex) -> None:
    everybody = {slug: by_slug(index, slug) for slug in index.slugs}
    for one, seen in everybody.items():
        assert one not in seen
        for other, pair in seen.items():
            sayable(pair)
            back = everybody[other][one]
            assert back.score == pytest.approx(pair.score, abs=1e-5)
            assert back.towards == pytest.approx(pair.back, abs=1e-5)
            for part in pair.parts:
                if part.name != "complementarity" and part.value is not None:
                    assert back.part(part.name).value == pytest.approx(part.value, abs=1e-5)
            assert 0 <= pair.score_low <= pair.score + 1e-6 <= pair.score_high + 2e-6 <= 1 + 3e-6
            for part in pair.parts:
                assert part.evidence or part.gaps or not part.applies, part
                if part.value is not None:
                    assert part.low - 1e-6 <= part.value <= part.high + 1e-6, part


EMPTY = {
    "claims": (),
    "regions": (),
    "technologies": (),
    "ecosystems": (),
    "priorities": (),
    "members": Members(),
    "staff": None,
    "budget": "",
    "labels": (),
    "languages": (),
    "longitude": None,
    "offers": (),
    "seeks": (),
}


@pytest.mark.parametrize("field", EMPTY)
def test_what_is_not_stated_widens_and_is_never_zero(
    index: PartnerIndex,
    made_up_registry: list[Profile],
    drafts: list[dict[str, Suggestion]],
    field: str,
) -> None:
    stating = [
        (profile, whole)
        for profile, whole in zip(made_up_registry, drafts, strict=True)
        if getattr(profile, field) not in (EMPTY[field], Members())
    ]
    kept = lost = 0
    assert len(stating) > 4
    for profile, whole in stating[:9]:
        gappy = by_slug(index, profile.model_copy(update={field: EMPTY[field]}))
        for slug, before in whole.items():
            if slug not in gappy:
                lost += 1  # nothing that is known speaks for it any more
                continue
            kept += 1
            after = gappy[slug]
            assert after.score_low - 1e-4 <= before.score <= after.score_high + 1e-4, slug
            for part in after.parts:
                known = before.part(part.name).value
                if known is not None and part.applies:
                    assert part.low - 1e-4 <= known <= part.high + 1e-4, (slug, part)
                if part.value is not None:
                    assert part.value >= part.low - 1e-6
    assert lost < kept / 4


def test_a_draft_of_an_organisation_is_compared_as_the_organisation(
    index: PartnerIndex, made_up_registry: list[Profile], drafts: list[dict[str, Suggestion]]
) -> None:
    for profile, draft in zip(made_up_registry[:8], drafts, strict=False):
        own = by_slug(index, index.find(profile.name))
        assert own.keys() == draft.keys()
        for slug, pair in own.items():
            for name in PART_NAMES:
                before, after = pair.part(name).value, draft[slug].part(name).value
                assert (before is None) == (after is None)
                assert before is None or after == pytest.approx(before, abs=1e-4), name


def test_the_order_of_the_registry_is_irrelevant(
    index: PartnerIndex, made_up_registry, made_up_release, made_up_affinity
) -> None:
    mixed = list(made_up_registry)
    random.Random(1).shuffle(mixed)
    other = PartnerIndex.of(mixed, made_up_release, made_up_affinity)
    for slug in index.slugs[:4]:
        assert as_document(index.suggest(slug)) == as_document(other.suggest(slug))


def test_all_against_all_is_one_against_all_many_times(index: PartnerIndex) -> None:
    found = index.all_against_all(6)
    for row, slug in enumerate(found.slugs):
        alone = index.suggest(slug, 6).suggestions
        listed = [found.slugs[at] for at in found.partners[row] if at >= 0]
        assert listed == [each.slug for each in alone]
        for place, each in enumerate(alone):
            assert found.score[row, place] == pytest.approx(each.score, abs=1e-5)
            for order, name in enumerate(PART_NAMES):
                told = found.parts[row, place, order]
                part = each.part(name)
                wanted = [np.nan if x is None else x for x in (part.value, part.low, part.high)]
                assert told == pytest.approx(wanted, abs=1e-5, nan_ok=True)
        assert np.isnan(found.score[row, len(alone) :]).all()


@pytest.mark.parametrize("more", [0.5, 1.5, 6.0])
def test_a_stronger_region_never_lowers_strength(more: float) -> None:
    def strength(quotient: float, chance: float | None) -> tuple[float, float, float]:
        cells = [Cell("r1", "1", quotient, chance), *CELLS[1:]]
        index = PartnerIndex.of([LIGHT, SOURCE], SmallRelease(cells), AFFINITY)
        part = index.suggest("light").suggestions[0].part("strength")
        return part.value or 0, part.low or 0, part.high or 0

    weaker = strength(0.4, 0.0)
    for chance in (0.0, 0.5, 1.0):
        stronger = strength(0.4 + more, chance)
        assert all(now >= before for now, before in zip(stronger, weaker, strict=True))
        weaker = stronger


def test_two_empty_claims_score_low_and_two_strong_ones_high() -> None:
    def pair(quotient: float, chance: float) -> Suggestion:
        cells = [Cell(region, "1", quotient, chance) for region in ("r1", "r2")]
        home = [RegionRef(scheme="s", region="r1")], [RegionRef(scheme="s", region="r2")]
        both = [Profile(name=f"O{at}", claims=[claim("1")], regions=home[at]) for at in (0, 1)]
        index = PartnerIndex.of(both, SmallRelease(cells), AFFINITY)
        return index.suggest("o0").suggestions[0]

    empty, strong = pair(0.05, 0.0), pair(4.0, 1.0)
    assert (empty.part("strength").value or 0) < 0.05
    assert (strong.part("strength").value or 0) > 0.85
    assert strong.score > empty.score + 0.2


def test_without_a_release_measured_parts_are_not_known() -> None:
    found = PartnerIndex.of([LIGHT, SOURCE], None, AFFINITY).suggest("light")
    first = found.suggestions[0]
    for name in ("strength", "complementarity"):
        part = first.part(name)
        assert (part.value, part.low, part.high) == (None, 0, 1)
        assert [gap.code for gap in part.gaps] == ["release_none"]
    assert "note_no_release" in [note.code for note in found.notes]
    assert found.release == ""


def test_whoever_claims_everything_does_not_match_everybody() -> None:
    draw = random.Random(2)
    small = [
        Profile(name=f"Small {at:02d}", claims=[claim(each) for each in draw.sample(CLUSTERS, 2)])
        for at in range(60)
    ]
    hub = Profile(name="Hub", claims=[claim(each) for each in CLUSTERS])
    affinity = affinity_by_hand(
        {
            (one, other): (draw.random(), draw.random(), draw.random())
            for one in CLUSTERS
            for other in CLUSTERS
            if one < other
        }
    )
    index = PartnerIndex.of([*small, hub], None, affinity)
    found = index.all_against_all(10)
    row = found.slugs.index("hub")
    listed = (found.partners == row).any(axis=1).sum()
    # Its raw overlap is above nobody's but above nothing with all sixty: ten of sixty is its share.
    assert listed <= 20
    everybody = index.all_against_all(60)
    hub_listed = everybody.partners == row
    others = (everybody.partners >= 0) & ~hub_listed
    for name in ("same_field", "related_skills", "related_input_output"):
        values = everybody.parts[:, :, PART_NAMES.index(name), 0]
        assert np.nanmean(values[hub_listed]) <= np.nanmean(values[others]) + 0.02, name


def wishing(name: str, country: str, **wishes: object) -> Profile:
    return Profile(name=name, country=country, claims=[claim("1")], **wishes)


def test_a_match_that_nobody_returns_is_none() -> None:
    asking = wishing("Asking", "DE", seeks=[wish("laser sources")], offers=[wish("test beds")])
    deaf = wishing(
        "Deaf", "US", offers=[wish("laser sources")], seeks=[wish("test beds", countries=["FR"])]
    )
    other = wishing(
        "Other", "US", offers=[wish("laser sources")], seeks=[wish("protein from peas")]
    )
    mutual = wishing("Mutual", "US", offers=[wish("laser source")], seeks=[wish("a test bed")])
    silent = wishing("Silent", "US", offers=[wish("laser sources")])
    index = PartnerIndex.of([asking, deaf, other, mutual, silent], None, AFFINITY)
    seen = by_slug(index, "asking")
    for slug in ("deaf", "other"):
        part = seen[slug].part("intent")
        assert (part.value, part.low, part.high) == (0, 0, 0)
        assert "intent_unmet" in [each.code for each in part.evidence]
    assert seen["mutual"].part("intent").value == pytest.approx(1, abs=1e-5)
    unknown = seen["silent"].part("intent")
    assert (unknown.value, unknown.low) == (None, 0)
    assert unknown.high == pytest.approx(1, abs=1e-5)
    assert "seeks_unstated" in [each.code for each in unknown.gaps]


def test_kinds_countries_fields_and_technologies_of_wishes_count() -> None:
    def fit(seek: Interest, offer: Interest, country: str = "US") -> float | None:
        seeking = wishing("A", "DE", seeks=[seek], offers=[wish("test beds")])
        offering = wishing("B", country, offers=[offer], seeks=[wish("test beds")])
        return (
            by_slug(PartnerIndex.of([seeking, offering], None, AFFINITY), "a")["b"]
            .part("intent")
            .value
        )

    plain = fit(wish("laser sources"), wish("laser sources"))
    assert plain == pytest.approx(1, abs=1e-5)
    # Half, by the harmonic mean with the way back.
    kind = fit(wish("laser sources"), Interest(topic="laser sources", kind="training"))
    assert kind == pytest.approx(2 * 0.5 / 1.5, abs=1e-5)
    assert fit(wish("laser sources", countries=["FR"]), wish("laser sources")) == 0
    assert fit(wish("laser sources"), wish("laser sources", countries=["FR"])) == 0
    assert fit(wish("laser sources", countries=["US"]), wish("laser sources")) == pytest.approx(
        1, abs=1e-5
    )
    away = fit(wish("laser sources", clusters=[claim("5")]), wish("laser sources"))
    there = fit(wish("laser sources", clusters=[claim("1")]), wish("laser sources"))
    assert away < there == pytest.approx(1, abs=1e-5)
    tags = fit(
        wish("laser sources", technologies=["quantum"]),
        wish("laser sources", technologies=["photonics"]),
    )
    assert tags < 1


def test_switches_leave_out_and_say_how_many(index: PartnerIndex) -> None:
    world = [
        Profile(name="Me", country="DE", claims=[claim("1")]),
        Profile(name="Same here", country="DE", claims=[claim("1")]),
        Profile(name="Same there", country="US", claims=[claim("1")]),
        Profile(name="Other there", country="US", claims=[claim("2")]),
        Profile(name="Nowhere", claims=[claim("2")]),
        Profile(name="Nothing", country="US", languages=["en"]),
        Profile(
            name="Partner",
            country="US",
            claims=[claim("1")],
            partnerships=[Partnership(name="Alliance", partners=["Me"])],
        ),
    ]
    index = PartnerIndex.of(world, None, AFFINITY)

    def asked(**switches: object) -> tuple[set[str], dict[str, int]]:
        found = index.suggest("me", 10, Switches(**switches))
        return {each.name for each in found.suggestions}, dict(found.left_out)

    assert asked() == (
        {"Same here", "Same there", "Other there", "Nowhere"},
        {"sector": 0, "border": 0, "partners": 1, "not_known": 1, "no_reason": 0},
    )
    names, left = asked(sector=Wanted.cross, border=Wanted.cross)
    assert names == {"Other there"}
    assert left == {"sector": 3, "border": 0, "partners": 0, "not_known": 2, "no_reason": 0}
    assert asked(sector=Wanted.same, border=Wanted.same)[0] == {"Same here"}
    assert "Partner" in asked(partners=True)[0]
    partner = {
        each.name: each for each in index.suggest("me", 9, Switches(partners=True)).suggestions
    }
    assert partner["Partner"].part("novelty").value == 0


def test_partners_in_common_and_communities() -> None:
    def member(name: str, *alliances: str) -> Profile:
        return Profile(
            name=name,
            claims=[claim("1")],
            partnerships=[
                Partnership(name=each, partners=[f"Hidden {each}"]) for each in alliances
            ],
        )

    world = [member("A", "North"), member("B", "North"), member("C", "South"), member("D", "South")]
    seen = by_slug(PartnerIndex.of(world, None, AFFINITY), "a")
    assert seen["b"].part("novelty").value == 0
    assert seen["c"].part("novelty").value == 1
    assert (seen["b"].part("observed").value or 0) > 0
    assert [each.code for each in seen["b"].part("observed").evidence] == ["partners_common"]
    assert seen["c"].part("observed").value == 0


def test_what_others_combine_counts_and_ones_own_does_not() -> None:
    world = [
        Profile(name="One", claims=[claim("1")]),
        Profile(name="Two", claims=[claim("2")]),
        Profile(name="Three", claims=[claim("3"), claim("4")]),
        *(Profile(name=f"Both {at}", claims=[claim("1"), claim("2")]) for at in range(3)),
    ]
    index = PartnerIndex.of(world, None, AFFINITY)
    seen = by_slug(index, "one")
    assert (seen["two"].part("observed").value or 0) > 0.5
    assert seen["three"].part("observed").value == 0
    lone = by_slug(PartnerIndex.of(world[2:4], None, AFFINITY), "three")
    assert next(iter(lone.values())).part("observed").value == 0


def test_the_list_is_not_the_same_organisation_ten_times() -> None:
    clones = [Profile(name=f"Clone {at}", country="US", claims=[claim("1")]) for at in range(6)]
    other = Profile(name="Else", country="FR", claims=[claim("2")])
    me = Profile(name="Me", country="DE", claims=[claim("1"), claim("2")])
    found = PartnerIndex.of([me, other, *clones], None, AFFINITY).suggest("me", 4)
    names = [each.name for each in found.suggestions]
    assert "Else" in names[:2]
    assert [each.rank for each in found.suggestions] == [1, 2, 3, 4]


def test_names_are_found_or_suggested(index: PartnerIndex) -> None:
    assert index.find(" organisation 07 ") == "organisation-07"
    with pytest.raises(CannotAnswer, match=r"did you mean Organisation 0"):
        index.suggest("Organisatoin 07")
    with pytest.raises(CannotAnswer, match="at least one"):
        index.suggest("organisation-07", 0)
    with pytest.raises(CannotAnswer, match="no organisation"):
        PartnerIndex.of([], None, AFFINITY)
    twice = PartnerIndex.of(
        [Profile(name="Optics"), Profile(name="Optics", country="DE")], None, AFFINITY
    )
    assert twice.slugs == ("optics", "optics-2")
    with pytest.raises(CannotAnswer, match="say which by its slug: optics, optics-2"):
        twice.find("OPTICS")


def test_nobody_and_nothing_to_compare() -> None:
    alone = PartnerIndex.of([LIGHT], None, AFFINITY).suggest("light")
    assert alone.suggestions == ()
    assert alone.notes[0].code == "note_alone"
    bare = PartnerIndex.of([Profile(name="A"), Profile(name="B")], None, AFFINITY).suggest("a")
    assert bare.suggestions == ()
    assert bare.left_out["not_known"] == 1


def test_labels_are_levels() -> None:
    gold, bronze = (
        Profile(name=each, claims=[claim("1")], labels=[Label(label=each)])
        for each in ("gold", "bronze")
    )
    seen = by_slug(PartnerIndex.of([gold, bronze], None, AFFINITY), "gold")
    assert seen["bronze"].part("capacity").value == 0


def test_technologies_are_said_to_go_together_only_where_that_counts() -> None:
    index = PartnerIndex.of(load_demonstration())
    told = [
        part.value
        for each in load_demonstration()
        for pair in index.suggest(each, 30).suggestions
        for part in pair.parts
        if any(reason.code == "technology_near" for reason in part.evidence)
    ]
    assert told
    assert all(told)
