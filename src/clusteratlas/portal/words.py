"""The words of a release in the language spoken now: names of clusters, kinds of regions, units.

A release speaks English. Its few fixed words stand in the catalogues of ``locale_names``; a word
that is not there, such as a name in a user's own definition, stays as it is.
"""

from __future__ import annotations

import re

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusteratlas.portal.language import active

COUNTED_COUNTRIES = re.compile(r"Europe \((\d+) countries\)")


def cluster(name: str) -> str:
    """Return the name of a cluster, a subcluster or an industry group."""
    return pgettext("cluster", name) if name else name


STATISTICAL = {"EL": "GR", "UK": "GB"}
"""Codes of countries that European statistics write in their own way."""


def country(code: str | None) -> str:
    """Return the name of a country by its code.

    >>> country("EL"), country("DE"), country(None)
    ('Greece', 'Germany', '')
    """
    names = Locale.parse(active()).territories
    return str(names.get(STATISTICAL.get(code or "", code or ""), code or ""))


def word(text: str) -> str:
    """Return a word that a release uses of its figures, such as the kind of a region."""
    if counted := COUNTED_COUNTRIES.fullmatch(text):
        return _("Europe (%(count)s countries)") % {"count": counted[1]}
    return pgettext("word", text) if text else text
