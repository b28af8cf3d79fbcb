"""Partner suggestions that requests come from and that wishes begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusteratlas.atlas import Release
from clusteratlas.matching.records import Reason, Switches, as_document
from clusteratlas.portal.organised.partner_index import index_of
from clusteratlas.portal.organised.partner_words import said
from clusteratlas.portal.registry import shelf
from clusteratlas.portal.registry.models import Organisation

LOOKED_AT = 60
"""Suggestions that are looked at; who comes later is not suggested."""


def suggestions_of(release: Release, organisation: Organisation) -> dict[str, dict[str, Any]]:
    """Return what is suggested to an organisation, by the slug of the other one.

    Partners of today are among them: they meet as well. Nothing where the organisation is not
    published.
    """
    published = shelf.published()
    index = index_of(published, release)
    if index is None or organisation.slug not in published.by_slug:
        return {}
    found = as_document(index.suggest(organisation.slug, LOOKED_AT, Switches(partners=True)))
    beside = {"weights": found["weights"], "release": found["release"]}
    return {each["organisation"]["slug"]: {**each, **beside} for each in found["suggestions"]}


def snapshot(
    release: Release, sender: Organisation, receiver: Organisation
) -> dict[str, Any] | None:
    """Return score, parts and reasons of a pair as its suggestion shows them now."""
    return suggestions_of(release, sender).get(receiver.slug)


def reasons_of(suggestion: Mapping[str, Any] | None, name: str) -> list[str]:
    """Return kept reasons as sentences in the language spoken now; ``why`` or ``missing``."""
    return [
        said(
            Reason(
                each["code"],
                {
                    key: tuple(value) if isinstance(value, list) else value
                    for key, value in each["parameters"].items()
                },
                each["text"],
            )
        )
        for each in (suggestion or {}).get(name, ())
    ]
