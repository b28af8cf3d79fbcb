"""The addresses of practice."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.practice import moderating_pages, reading_pages, writing_pages

_ONE = "practice/<slug:entry>/"

patterns: list[URLPattern] = [
    path("practice/", reading_pages.library_page),
    path("practice/feed.atom", reading_pages.feed),
    path("practice/mine/", writing_pages.mine_page),
    path("practice/new/", writing_pages.new_page),
    path("practice/moderation/", moderating_pages.queue_page),
    path(_ONE, reading_pages.entry_page),
    path(f"{_ONE}file/", reading_pages.entry_file),
    path(f"{_ONE}draft/", writing_pages.draft_page),
    path(f"{_ONE}draft-file/", writing_pages.draft_file),
    path(f"{_ONE}edit/", writing_pages.edit_page),
    path(f"{_ONE}history/", writing_pages.history_page),
    path(f"{_ONE}step/<slug:step>/", writing_pages.step),
    path(f"{_ONE}decide/", moderating_pages.decide_page),
    path(f"{_ONE}decide/<slug:decision>/", moderating_pages.decide),
]
