"""The sentences of partner suggestions: a code, named places, and how it reads in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clusteratlas.matching.records import Parameter, Reason

_SENTENCES: Final[dict[str, str]] = {
    # Same field
    "field_shared": "Both claim {field}; {count} of {all} organisations here do.",
    "field_none": "They claim no field in common.",
    "subclusters_shared": "In {field} both name {subclusters}.",
    "subclusters_differ": "In {field} they name different subclusters.",
    "claims_unstated": "{who} claims no field.",
    "definitions_differ": "They claim fields of different cluster definitions.",
    "subclusters_unstated": "{who} names no subcluster of {field}.",
    # Related fields
    "related_skills": "{field} of {mine} and {other} of {theirs} are nearer in the skills of their "
    "staff than {percent} % of all pairs of clusters.",
    "related_input_output": "{field} of {mine} and {other} of {theirs} buy and sell more with one "
    "another than {percent} % of all pairs of clusters.",
    "related_colocation": "{field} of {mine} and {other} of {theirs} are found in the same places "
    "more than {percent} % of all pairs of clusters.",
    "related_unknown": "How the fields of the two are related is not known.",
    "related_in_part": "Some of the fields have no known relatedness.",
    "related_same": "Both claim one and the same field, so there is no other to be related to.",
    # Strength
    "strength_measured": "{who} claims {field}: in {region} its location quotient is {quotient} "
    "({low} to {high}), and it is a strong cluster in {percent} of 100 draws ({year}, {status}).",
    "strength_exact": "{who} claims {field}: in {region} its location quotient is {quotient}, and "
    "it is a strong cluster in {percent} of 100 draws ({year}, {status}).",
    "strength_quotient": "{who} claims {field}: in {region} its location quotient is {quotient} "
    "({low} to {high}); whether it is a strong cluster is not told ({year}, {status}).",
    "figure_withheld": "The figures of {field} in {region}, {year}, are withheld.",
    "figure_unpublished": "The office prints no row of {field} in {region}, {year}.",
    "figure_none": "{field} is not measured in {region}.",
    "regions_unstated": "{who} states no region.",
    "regions_unmeasured": "The regions of {who} are not in this release.",
    "release_none": "There is no release at hand, so nothing is measured.",
    # Complementarity
    "gap_filled": "{field} is lacking in the region of {who} and near to {claim}, which it claims; "
    "in {region} its location quotient is {quotient} ({year}, {status}).",
    "gap_none": "The region of {theirs} has nothing in particular that the region of {mine} lacks.",
    # Technology and priorities
    "technology_shared": "Both work with {tag}; {count} of {all} organisations here do.",
    "technology_near": "{tag} of {mine} and {other} of {theirs} often go together here.",
    "technology_none": "They state no technology in common.",
    "technology_unstated": "{who} states no technology.",
    "ecosystems_shared": "Both name the ecosystems {tags}.",
    "emerging_shared": "Both name the emerging industries {tags}.",
    "priorities_shared": "Their specialisation priorities are alike: {one} and {other}.",
    "priorities_none": "They state no priority in common.",
    "ecosystems_unstated": "{who} names no ecosystem.",
    "emerging_unstated": "{who} names no emerging industry.",
    "priorities_unstated": "{who} states no specialisation priority.",
    # Intent
    "intent_met": "{who} seeks “{sought}”, and {other} offers “{offered}”.",
    "intent_fitting": "{who} seeks “{sought}”, and {other} states no offer; its profile fits.",
    "intent_unmet": "Nothing that {other} offers meets what {who} seeks.",
    "seeks_unstated": "{who} states no request, so nobody knows what it would return.",
    "offers_unstated": "{who} states no offer.",
    # Capacity
    "members_both": "They have {mine} and {theirs} members.",
    "staff_both": "They have a staff of {mine} and {theirs}.",
    "budget_both": "Their budgets are {mine} and {theirs}.",
    "label_both": "Their labels are {mine} and {theirs}.",
    "hours_both": "They are {hours} hours apart by longitude.",
    "languages_both": "Both speak {languages}.",
    "languages_none": "They state no language in common.",
    "members_unstated": "{who} states no number of members.",
    "staff_unstated": "{who} states no staff.",
    "budget_unstated": "{who} states no budget.",
    "label_unstated": "{who} states no label.",
    "hours_unstated": "Where {who} is cannot be told.",
    "languages_unstated": "{who} states no language.",
    # Novelty and observed
    "partners_already": "They are partners already.",
    "community_other": "They belong to different communities of partnerships and would join them.",
    "community_same": "They belong to one community of partnerships and are no partners yet.",
    "partnerships_unstated": "{who} states no partnership.",
    "partners_unnamed": "{who} names no partner in its partnerships, and nobody names it.",
    "partners_common": "Both are partners of {partners}.",
    "fields_combined": "Other organisations or partnerships of this registry that combine {field} "
    "and {other}: {count}.",
    "combined_none": "No other organisation here combines fields of the two.",
    "combined_unknown": "This registry shows no combination of fields and no partnership.",
    # The whole
    "would_tell": "If it were known ({what}), the score would lie between {low} and {high}.",
    "would_raise": "An offer that meets each other's requests would bring the score to {high}.",
    "note_no_release": "There is no release at hand: strength and complementarity are not known "
    "for anybody.",
    "note_nobody": "Not known for anybody here: {parts}.",
    "note_colocation": "Co-location is shown and not counted: on real organisations it told no "
    "better than chance which fields they combine.",
    "note_alone": "There is nobody else to compare with.",
}

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(_SENTENCES)
"""English sentences by code; their places are the parameters of a `Reason`."""

WORDS_OF_PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "same_field": "same field",
        "related_skills": "related field by skills",
        "related_input_output": "related field by input and output",
        "related_colocation": "related field by co-location",
        "strength": "strength behind it",
        "complementarity": "complementarity",
        "technology": "technology",
        "priorities": "priorities",
        "intent": "intent",
        "capacity": "capacity",
        "novelty": "novelty",
        "observed": "observed combinations",
    }
)
"""What the parts of a score are called in English."""


def said(code: str, **parameters: Parameter) -> Reason:
    """Return a reason with its English sentence.

    >>> said("field_shared", field="Optics", count=4, all=1073).text
    'Both claim Optics; 4 of 1,073 organisations here do.'
    """
    shown = {name: _shown(value) for name, value in parameters.items()}
    return Reason(code, MappingProxyType(parameters), SENTENCES[code].format_map(shown))


def _shown(value: Parameter) -> str:
    """How a parameter reads.

    >>> _shown(("a", "b", "c")), _shown(0.5), _shown(None)
    ('a, b and c', '0.50', 'not known')
    """
    if value is None:
        return "not known"
    if isinstance(value, tuple):
        return " and ".join([", ".join(value[:-1]), value[-1]] if len(value) > 1 else value)
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else value
