"""Faults of a profile in words for those who fill in the form, in the language spoken now."""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

PLAINER = (
    (r"should be a valid integer.*", gettext_noop("This is no whole number")),
    (r"should be a valid number.*|yes and no are no number", gettext_noop("This is no number")),
    (r"should be a valid date.*|not a day", gettext_noop("This is no day, such as 2025-01-31")),
    (
        r"should be greater than or equal to (?P<least>\S+)",
        gettext_noop("The least that can be stated is %(least)s"),
    ),
    (
        r"should be less than or equal to (?P<most>\S+)",
        gettext_noop("The most that can be stated is %(most)s"),
    ),
    (
        r"string should have at most (?P<most>\d+) characters?",
        gettext_noop("The text is longer than %(most)s characters"),
    ),
    (
        r"string should have at least 1 character|the field is missing|the name shows no letter",
        gettext_noop("This is needed"),
    ),
    (
        r"string should match pattern.*",
        gettext_noop("These are not three capital letters, such as EUR"),
    ),
    (
        r"not an address of the web, such as (?P<example>\S+)",
        gettext_noop("This is no address of the web, such as %(example)s"),
    ),
    (
        r"not a mail address, such as (?P<example>\S+)",
        gettext_noop("This is no mail address, such as %(example)s"),
    ),
    (
        r"not a country's two letters.*",
        gettext_noop("This is no country: write its name or its two letters, such as DE"),
    ),
    (
        r"not a language's two letters.*",
        gettext_noop("This is no language: write its name or its two letters, such as de"),
    ),
    (r"not in the list of this field", gettext_noop("This is not in the list")),
    (
        r"a control character stands in the text",
        gettext_noop("A character that cannot be seen stands in the text"),
    ),
    (
        r"the partnership ends before it begins",
        gettext_noop("The partnership ends before it begins"),
    ),
    (r"several region codes fit", gettext_noop("Several regions have that name")),
    (r"several cluster codes fit", gettext_noop("Several clusters have that name")),
    (r"several industry codes fit", gettext_noop("Several classifications have that code")),
    (
        r"there is no region (of that code or name|with that code in .*)",
        gettext_noop("No region of the map has that name or code"),
    ),
    (
        r"there is no cluster (of that code or name|with that code in .*)",
        gettext_noop("No cluster of the map has that name or code"),
    ),
    (
        r"there is no industry (of that code or name|with that code in .*)",
        gettext_noop("No industry has that code"),
    ),
    (r"there is no region scheme of that name", gettext_noop("The map has no such regions")),
    (
        r"there is no cluster definition of that name",
        gettext_noop("The map has no such definition of clusters"),
    ),
    (
        r"there is no classification of that name",
        gettext_noop("The map has no such classification of industries"),
    ),
    (
        r"the cluster has no subcluster of that name",
        gettext_noop("The cluster has no subcluster of that name"),
    ),
    (r"write one of (?P<names>.+)", gettext_noop("Write one of %(names)s")),
    (r"use one of (?P<names>.+)", gettext_noop("Use one of %(names)s")),
    (r"one of (?P<names>.+)", gettext_noop("Use one of %(names)s")),
    (r"did you mean (?P<names>.+)\?", gettext_noop("Did you mean %(names)s?")),
    (
        r"search for the (region|cluster|industry) to find its code",
        gettext_noop("Search the map for its name"),
    ),
    (
        r"leave the subcluster out; this cluster has none",
        gettext_noop("Leave the subcluster out; this cluster has none"),
    ),
    (r"every organisation needs it.*|digits with a decimal point.*|write year, month.*", ""),
)
"""Problems and hints as the schema and the codes word them, and what the form says instead."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in PLAINER)


def plainer(text: str) -> str:
    """Return a problem or a hint as the form says it; an unknown one as it is.

    >>> plainer("should be a valid integer, unable to parse string as an integer")
    'This is no whole number'
    """
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(text):
            return _(sentence) % found.groupdict() if sentence else ""
    return text[:1].upper() + text[1:]
