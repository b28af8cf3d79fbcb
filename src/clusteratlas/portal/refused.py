"""Refusals in the language spoken now.

A release, and whatever reads an address, refuses in English. The sentences a visitor can meet
stand here with places for what changes in them; one that is not here stays English.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clusteratlas.portal import words
from clusteratlas.portal.language import ENGLISH, active

SENTENCES = (
    gettext_noop("there are no figures of %(scheme)s for that year"),
    gettext_noop("the sources print nothing of this region in %(year)s"),
    gettext_noop("the sources print nothing of these regions in %(year)s"),
    gettext_noop("%(scheme)s is not mapped by that cluster definition"),
    gettext_noop("there is no region with that code in %(scheme)s"),
    gettext_noop("there is no region with that code or name"),
    gettext_noop("there is no cluster with that code or name"),
    gettext_noop("several regions have that code or name"),
    gettext_noop("there is no region of that name"),
    gettext_noop("there is no %(kind)s with that code"),
    gettext_noop("there is no %(kind)s of that name"),
    gettext_noop("the definitions group industries of different classifications"),
    gettext_noop("there is no such industry"),
    gettext_noop("there is no such cluster"),
    gettext_noop("an industry is moved twice"),
    gettext_noop("the industry is in %(cluster)s already"),
    gettext_noop("the text holds too many codes to be read"),
    gettext_noop("there is no such place on the Earth"),
    gettext_noop("the distance cannot be used"),
    gettext_noop("this portal has no figures to show"),
    gettext_noop("the current release cannot be opened"),
    gettext_noop("no release has such a name"),
    gettext_noop("this release is not kept here any more"),
    gettext_noop("the release has no such file"),
    gettext_noop("no view of this atlas lives at that address"),
    gettext_noop("there is no such figure in this view"),
    gettext_noop("no regions are mapped by this definition"),
    gettext_noop("no derivation is kept of a figure of that name"),
    gettext_noop("that is too long for the name of a region"),
    gettext_noop("a region cannot be compared with itself"),
    gettext_noop("a release has a name such as that of the current one, %(release)s"),
    gettext_noop("leave release out of the address to see the current one, %(release)s"),
    gettext_noop("give the address from the first slash on, such as /regions/us-cbsa/41940/"),
    gettext_noop("it has none at all"),
    gettext_noop("it has %(names)s"),
    gettext_noop("give nation, neighbours, peers, or another region"),
    gettext_noop("give nation, neighbours, peers, or the code or name of a region"),
    gettext_noop("search by name to find the code"),
    gettext_noop("use one of %(names)s"),
    gettext_noop("the release holds %(years)s"),
    gettext_noop("try another year"),
    gettext_noop("undo this move"),
    gettext_noop("keep one of the moves"),
    gettext_noop("say which with its scheme: %(names)s"),
    gettext_noop("did you mean %(names)s?"),
)
"""Problems and hints as they are written where they are raised, most special first."""

SPOKEN = ("kind", "cluster")
"""What is put in and has a word of its own in each language."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (
            re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(each)), re.DOTALL),
            each,
        )
        for each in SENTENCES
    )


def said(text: str) -> str:
    """Return a refusal in the language spoken now; as it is where its sentence is not known.

    >>> said("there is no region with that code in us-cbsa")
    'there is no region with that code in us-cbsa'
    """
    if active() == ENGLISH:
        return text
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(text):
            given = {
                name: words.word(value) if name in SPOKEN else value
                for name, value in found.groupdict().items()
            }
            return _(sentence) % given
    return text
