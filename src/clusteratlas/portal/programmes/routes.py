"""The addresses of programmes."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.programmes import (
    account_block,  # noqa: F401 - its block and entries
    account_page,
    logs_page,
    programme_page,
    register_page,
)
from clusteratlas.portal.programmes.effects import pages as effects
from clusteratlas.portal.routes import table

_ONE = "programmes/<slug:programme>/"
_EFFECTS = f"{_ONE}effects/"
_STUDY = f"{_EFFECTS}<int:study>/"

patterns: list[URLPattern] = [
    path("programmes/", register_page.register_page),
    path(_ONE, programme_page.programme_page),
    path(f"{_ONE}manage/", programme_page.manage_page),
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
]
