"""The addresses of programmes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from clusteratlas.portal.programmes.account import logs_page
from clusteratlas.portal.programmes.account import page as account_page
from clusteratlas.portal.programmes.applicants import routes as readiness_routes
from clusteratlas.portal.programmes.effects import pages as effects
from clusteratlas.portal.programmes.register import (
    edit_pages,
    import_pages,
    manage_page,
    programme_page,
    register_page,
    step_pages,
    table_pages,
)
from clusteratlas.portal.routes import table

_ONE = "programmes/<slug:programme>/"
_EFFECTS = f"{_ONE}effects/"
_STUDY = f"{_EFFECTS}<int:study>/"
_IMPORT = "programmes/import/"
_HELD = f"{_IMPORT}<int:register_file>/"


def _file(route: str, view: Callable[..., Any]) -> list[URLPattern]:
    """Register a file of whole programmes at ``route.zip``, ``.xlsx`` and ``.json``."""
    return [path(f"{route}.{end}", view, {"ending": end}) for end in register_page.ENDINGS]


patterns: list[URLPattern] = [
    path("programmes/", register_page.register_page),
    *table("programmes/table", register_page.register_table),
    *_file("programmes/export", register_page.export_file),
    path("programmes/new/", edit_pages.new_page),
    path("programmes/moderation/", step_pages.queue_page),
    path(_IMPORT, import_pages.import_page),
    path(f"{_IMPORT}stated/", import_pages.stated_page),
    path(_HELD, import_pages.preview_page),
    path(f"{_HELD}apply/", import_pages.apply_page),
    path(f"{_HELD}drop/", import_pages.drop_page),
    *readiness_routes.patterns,
    path(_ONE, programme_page.programme_page),
    path(_EFFECTS, effects.effects_page),
    path(f"{_EFFECTS}manage/", effects.manage_page),
    path(f"{_EFFECTS}new/", effects.new_page),
    path(f"{_EFFECTS}files/<slug:files>/", effects.choose_page),
    path(f"{_EFFECTS}files/<slug:files>/forget/", effects.forget_files),
    path(_STUDY, effects.study_page),
    path(f"{_STUDY}draft/", effects.draft_page),
    path(f"{_STUDY}step/<slug:step>/", effects.step),
    path(f"{_STUDY}report.json", effects.report_json),
    *table(f"{_STUDY}estimates", effects.estimates_table),
    *table(f"{_STUDY}events", effects.events_table),
    *table(f"{_STUDY}checks", effects.checks_table),
    path(f"{_ONE}logs/", logs_page.logs_page),
    path(f"{_ONE}logs/take/", logs_page.take_logs),
    path(f"{_ONE}logs/forget/", logs_page.forget_logs),
    path(f"{_ONE}account/", account_page.account_page),
    *table(f"{_ONE}account/table", account_page.account_table),
    path(f"{_ONE}account/<slug:rule>/<int:year>/", account_page.figure_page),
    path(f"{_ONE}account/<slug:rule>/<int:year>/rows/", account_page.rows_page),
    path(f"{_ONE}report.pdf", account_page.report_pdf),
    path(f"{_ONE}versions/", programme_page.versions_page),
    *table(f"{_ONE}money", table_pages.money_table),
    *table(f"{_ONE}awards", table_pages.awards_table),
    *table(f"{_ONE}facts", table_pages.facts_table),
    *_file(f"{_ONE}whole", table_pages.whole_file),
    path(f"{_ONE}manage/", manage_page.manage_page),
    path(f"{_ONE}edit/", edit_pages.edit_page),
    path(f"{_ONE}tables/", edit_pages.tables_page),
    *_file(f"{_ONE}draft", step_pages.draft_file),
    path(f"{_ONE}history/", step_pages.history_page),
    path(f"{_ONE}people/", step_pages.people_page),
    path(f"{_ONE}step/<slug:step>/", step_pages.step_page),
    path(f"{_ONE}decide/", step_pages.decide_page),
    path(f"{_ONE}decide/<slug:decision>/", step_pages.decision_page),
]
