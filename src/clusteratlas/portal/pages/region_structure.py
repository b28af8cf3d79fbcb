"""Why a region changed, and how mixed it is: one sentence each."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from clusteratlas.atlas import RegionProfile
from clusteratlas.portal import figures
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.sentences import told


def change_sentence(view: View, profile: RegionProfile) -> SafeString | None:
    """Split the change of the clusters' jobs into its shift-share parts; None where not known."""
    parts = (
        profile.change_national,
        profile.change_mix,
        profile.change_competitive,
        profile.change_new,
    )
    if any(part is None for part in parts):
        return None
    national, mix, own, new = (
        told(figures.signed(round(part)), "shift-share") for part in parts if part is not None
    )
    words = view.definition.group_words
    sentence = format_html(
        "Growing like all {} together would have brought {} {}; its mix of {} brought {}, and how "
        "its {} did against the same ones elsewhere {}",
        view.scheme.region_words,
        national,
        view.scheme.employment_word,
        words,
        mix,
        words,
        own,
    )
    if profile.change_new and round(profile.change_new):
        return format_html("{}; {} new here brought {}.", sentence, words, new)
    return format_html("{}.", sentence)


def variety_sentence(profile: RegionProfile) -> SafeString | None:
    """Say as how many industries of equal size a region is mixed; None where not known."""
    if not profile.concentration or profile.related_variety is None:
        return None
    return format_html(
        "Its jobs are as mixed as {} of equal size; related variety {} bits, unrelated {} bits.",
        told(f"{figures.whole(1 / profile.concentration)} industries", "variety"),
        told(f"{profile.related_variety:.1f}", "variety"),
        told(f"{profile.unrelated_variety or 0:.1f}", "variety"),
    )
