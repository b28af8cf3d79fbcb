"""The mix behind the effect on one region, as its page shows it."""

from __future__ import annotations

from tests.programmes.designs.asked import answered
from tests.programmes.designs.sound import synthetic

from clusteratlas.portal.programmes.effects.shown import _more, _sheets
from clusteratlas.portal.programmes.effects.synthetic_tables import SHOWN, donors_sheet


def test_the_mix_is_shown_with_shares_and_the_rank_of_the_region() -> None:
    report = answered(synthetic(5))
    findings = report.of("outcome")
    behind = findings.synthetic
    assert behind is not None
    sheet = donors_sheet(behind, "jobs", "donors-1")
    used = {
        each.unit
        for each in behind.donors
        if max(each.synthetic_control, each.synthetic_difference) >= SHOWN
    }
    assert {row.name for row in sheet.rows} == used
    assert len(used) < len(behind.donors)
    assert sheet.rows[0].cells[1].text == f"{100 * behind.donors[0].synthetic_control:.0f}\u00a0%"
    assert [each.identity for each in _sheets(findings, 1)][-1] == "donors-1"
    told = " ".join(_more(findings))
    assert "among 25 regions that is the gap of rank 1" in told
    assert "Leaving out one donor at a time" in told
    assert "supported unit" not in told
