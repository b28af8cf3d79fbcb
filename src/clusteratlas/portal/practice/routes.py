"""The addresses of practice."""

from __future__ import annotations

from django.urls import URLPattern

patterns: list[URLPattern] = []
