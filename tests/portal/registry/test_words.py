"""Every page of the registry is whole in another language."""

from __future__ import annotations

import pytest
from babel import Locale
from django.test import Client

from clusteratlas.organisations import Profile, load_demonstration
from clusteratlas.portal.registry import keeping
from clusteratlas.portal.registry.form.typed import typed_of
from clusteratlas.portal.registry.loading import load
from clusteratlas.portal.registry.models import Organisation, WorkingCopy
from clusteratlas.portal.roles import InsideRole, SiteRole

from ..people import join, person, signed_in
from ..test_languages import given_words, left, marked  # noqa: F401 - fixtures

ONE = "/organisations/imaginary-lakes-medical-device-alliance/"
OWN = frozenset(
    (
        *Locale("de").languages.values(),
        "nuts",
        "naics",
        "cbsa",
        "us-benchmark",
        "nace-divisions",
        "Ada",
        "ada@example.org",
        "Mod",
        "example",
        "org",
        "www",
        "https",
        "mailto",
        "medical-devices",
    )
)


@pytest.mark.parametrize(
    "address",
    [
        "/organisations/",
        "/organisations/propose/",
        "/organisations/moderation/",
        "/organisations/import/",
        f"{ONE}versions/",
        f"{ONE}manage/",
        f"{ONE}edit/",
        f"{ONE}edit/merge/",
        f"{ONE}history/",
        f"{ONE}history/2/",
        f"{ONE}people/",
        f"{ONE}review/",
        "/organisations/unowned/take-over/",
        "/account/",
    ],
)
def test_no_word_is_left_in_english(
    portal: Client,
    marked: None,  # noqa: F811
    given_words: frozenset[str],  # noqa: F811
    address: str,
) -> None:
    ada = person(site_role=SiteRole.ADMINISTRATOR)
    demo = load_demonstration()[0]
    load([demo, Profile(name="Unowned")])
    row = Organisation.objects.get(slug=ONE.split("/")[2])
    join(ada, row, InsideRole.OWNER)
    keeping.keep(row, demo.model_copy(update={"staff": 7.0, "town": "X"}), base=1, person=ada)
    if "merge" in address:
        from clusteratlas.portal.current import current_release

        typed = typed_of(demo.model_copy(update={"staff": 8.0}), current_release())
        WorkingCopy.objects.create(user=ada, organisation=row, base=1, typed=typed)
    response = signed_in(ada).get(f"/de{address}")
    assert response.status_code == 200
    texts = {value for value in _texts(demo.model_dump(mode="json")) if len(value) > 2}
    assert not left(response.content.decode(), given_words | OWN | texts | {"Unowned"})


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []
