"""From where on a check fails: every limit of this room in one place, each with its reason.

The limits of tests are set so that all of them together refuse a sound design in at most 4 of 100
cases, however many checks look at it.
"""

from __future__ import annotations

from typing import Final

FULL_WINDOW: Final = 4
"""Years under treatment looked at unless chosen otherwise: cluster organisations take three years
to get going."""

LEAST_SEEN: Final = 0.5
"""Share of treated units that have to be seen for the whole window: less, and later years speak of
others than earlier ones."""

LEAST_BEFORE: Final = 2
"""Years before the start that half of the treated units need: with one, no trend can be seen."""

GOOD_BEFORE: Final = 4
"""Years before the start from which on a drift can be told from chance."""

LEAST_ASSIGNMENTS: Final = 5
"""Independent treated assignments (and controls): with fewer, an interval rests on less than four
degrees of freedom, and one place's luck cannot be told from the programme."""

GOOD_ASSIGNMENTS: Final = 15
"""From here on no single assignment carries the answer."""

MOST_NEW: Final = 0.10
"""Share of treated units without any year before the start, beyond which those called treated are
others after than before."""

MOST_UNMATCHED: Final = 0.20
"""Share of treated units without a like, beyond which the answer is about others than those
supported."""

SOME_UNMATCHED: Final = 0.05
"""From here on it is told."""

MOST_IMBALANCE: Final = 0.25
"""Standardised difference left after matching, beyond which a regression extrapolates (Rubin
2001)."""

SOME_IMBALANCE: Final = 0.10
"""From here on it is told (Austin 2009)."""

LEAST_EFFECTIVE_CONTROLS: Final = 20.0
"""Controls of alike weight that a matched comparison has to rest on."""

DRIFT_ERROR: Final = 0.02
"""Chance that a sound design is refused for its years before the start; three tests share it."""

GONE_ERROR: Final = 0.005
"""Chance that a sound design is refused for units that leave."""

MOST_GONE_APART: Final = 0.05
"""Difference in the share of units that leave, below which it cannot move the answer much."""

MANY_GONE: Final = 0.20
"""Share of units that leave from which on it is told."""

CONTAMINATED_ERROR: Final = 0.005
"""Chance that a sound design is refused for controls that feel the programme."""

MIX_ERROR: Final = 0.005
"""Chance that a sound design is refused for the industries of its controls."""

WARNED_ERROR: Final = 0.05
"""p below which a test that does not refuse is told."""

SLIGHT: Final = 0.10
"""Part of the effect below which a drift or contamination, sure as it may be, is told and does not
refuse: in a panel of a million rows everything differs significantly."""

BLIND: Final = 0.5
"""Part of the effect that a drift could make up unseen, four times in five, from which on it is
told."""

MOST_FALSE: Final = 0.15
"""Share of fake treatments among controls that come out significant at 5 %, beyond which intervals
are too narrow for this panel."""

SOME_FALSE: Final = 0.10
"""From here on it is told."""

LEAST_PLACEBO: Final = 10
"""Control assignments that fake treatments need."""

LEAST_REGIONS: Final = 5
"""Regions with, and regions without, treated units that a look at neighbours needs."""

LISTED: Final = 20
"""Units and periods that a check names at most."""
