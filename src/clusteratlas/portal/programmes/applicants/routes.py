"""The addresses of readiness; they stand before that of a programme, whose slug could be theirs."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.programmes.applicants import (
    applicants_pages,
    apply_pages,
    portfolio_page,
    where_to_fund_page,
)
from clusteratlas.portal.routes import table

_ONE = "programmes/<slug:programme>/"
_APPLICANT = f"{_ONE}applicants/<int:applied>/"
_PORTFOLIO = f"{_ONE}portfolio/"

patterns: list[URLPattern] = [
    path("programmes/where-to-fund/", where_to_fund_page.where_to_fund_page),
    *table("programmes/where-to-fund/table", where_to_fund_page.where_to_fund_table),
    path("applications/<int:application>/", apply_pages.application_page),
    path("applications/<int:application>/take-back/", apply_pages.take_back),
    path(f"{_ONE}apply/", apply_pages.apply_page),
    path(f"{_ONE}applicants/", applicants_pages.applicants_page),
    *table(f"{_ONE}applicants/table", applicants_pages.applicants_table),
    *table(f"{_ONE}applicants/criteria", applicants_pages.criteria_table),
    path(_APPLICANT, applicants_pages.applicant_page),
    path(f"{_APPLICANT}decide/", applicants_pages.decide),
    path(f"{_APPLICANT}reopen/", applicants_pages.reopen),
    path(_PORTFOLIO, portfolio_page.portfolio_page),
    *table(f"{_PORTFOLIO}table", portfolio_page.picks_table),
    *table(f"{_PORTFOLIO}variants", portfolio_page.variants_table),
    *table(f"{_PORTFOLIO}flips", portfolio_page.flips_table),
    *table(f"{_PORTFOLIO}swaps", portfolio_page.swaps_table),
]
