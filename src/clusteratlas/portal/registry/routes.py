"""The addresses of the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from clusteratlas.portal.registry import (
    edit_page,
    export_pages,
    history_pages,
    import_pages,
    listing,
    manage_page,
    merge_page,
    people_pages,
    profile_page,
    propose_page,
    review_pages,
    steps,
)
from clusteratlas.portal.routes import table

_ONE = "organisations/<slug:organisation>/"
_EDIT = f"{_ONE}edit/"
_MODERATION = "organisations/moderation/"
_IMPORT = "organisations/import/"


def _file(route: str, view: Callable[..., Any]) -> list[URLPattern]:
    """Register a file of whole profiles at ``route.csv``, ``.xlsx`` and ``.json``."""
    return [path(f"{route}.{ending}", view, {"ending": ending}) for ending in manage_page.ENDINGS]


patterns: list[URLPattern] = [
    path("organisations/", listing.listing_page),
    *table("organisations/table", listing.listing_table),
    *_file("organisations/export", export_pages.export_file),
    path("organisations/propose/", propose_page.propose_page),
    path(_MODERATION, review_pages.queue_page),
    path(f"{_MODERATION}many/", review_pages.many_page),
    path(f"{_MODERATION}owners/<int:asked>/", review_pages.take_over_page),
    path(_IMPORT, import_pages.import_page),
    path(f"{_IMPORT}<int:upload>/", import_pages.preview_page),
    path(f"{_IMPORT}<int:upload>/apply/", import_pages.apply_page),
    path(f"{_IMPORT}<int:upload>/drop/", import_pages.drop_page),
    path(_ONE, profile_page.profile_page),
    path(f"{_ONE}versions/", profile_page.versions_page),
    path(f"{_ONE}manage/", manage_page.manage_page),
    *_file(f"{_ONE}profile", manage_page.own_file),
    path(_EDIT, edit_page.edit_page),
    path(f"{_EDIT}typed/", edit_page.typed_page),
    path(f"{_EDIT}discard/", edit_page.discard_page),
    path(f"{_EDIT}merge/", merge_page.merge_page),
    path(f"{_ONE}preview/", edit_page.preview_page),
    path(f"{_ONE}submit/", steps.submit_page),
    path(f"{_ONE}withdraw/", steps.withdraw_page),
    path(f"{_ONE}drop/", steps.drop_page),
    path(f"{_ONE}review/", review_pages.review_page),
    path(f"{_ONE}history/", history_pages.history_page),
    path(f"{_ONE}history/<int:version>/", history_pages.version_page),
    path(f"{_ONE}history/<int:version>/restore/", history_pages.restore_page),
    path(f"{_ONE}people/", people_pages.people_page),
    path(f"{_ONE}people/<int:member>/", people_pages.member_page),
    path(f"{_ONE}people/invitations/<int:pk>/", people_pages.uninvite_page),
    path(f"{_ONE}leave/", people_pages.leave_page),
    path(f"{_ONE}take-over/", people_pages.take_over_page),
    path("invitations/<str:invitation>/", people_pages.invitation_page),
]
