"""The words for what is measured of a region or cluster."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clusteratlas.portal.glossary.term import Term


def terms() -> list[Term]:
    """Return them in the language spoken now."""
    return [
        Term(
            "specialisation",
            _("specialisation"),
            _(
                "How much larger a cluster is in a region than one would expect from the "
                "region's size."
            ),
            _(
                "It is measured by the location quotient. It says nothing of productivity, and a"
                " small place can be very specialised on few jobs."
            ),
            method="location-quotient",
        ),
        Term(
            "location-quotient",
            _("location quotient"),
            _(
                "How many times as large a cluster's share of jobs is in the region as in the "
                "reference area; 1 is the average."
            ),
            _(
                "At 2 the region has twice the jobs one would expect from its size, at 0.5 half "
                "of them."
            ),
            _(
                "quotient = (jobs of the cluster in the region / jobs of the region) / (the same"
                " two in the reference area)"
            ),
            "location-quotient",
        ),
        Term(
            "share-of-region",
            _("share of the region"),
            _("The part of all jobs of a region that a cluster has."),
            "",
            _("share of the region = jobs of the cluster in the region / all jobs of the region"),
            "shares",
        ),
        Term(
            "share-of-nation",
            _("share of the nation"),
            _("The part of a cluster's jobs in the reference area that lies in the region."),
            "",
            _(
                "share of the nation = jobs of the cluster in the region / its jobs in the "
                "reference area"
            ),
            "shares",
        ),
        Term(
            "strong-cluster",
            _("strong cluster"),
            _("A regional cluster that stands out among regions of its kind by a written rule."),
            _(
                "By the usual rule it is in the top quarter by location quotient, at or above "
                "the average share, and not among the smallest quarter by jobs or "
                "establishments. Some region is always in the top quarter: strong is a place in "
                "an order, not a certificate."
            ),
            method="strength",
        ),
        Term(
            "strength-profile",
            _("strength profile"),
            _("A named rule that says when a cluster counts as strong."),
            _(
                "Rules of American and European observatories differ, so a cluster can be strong"
                " by one and not by another. The page of a regional cluster lists them."
            ),
            method="strength",
        ),
        Term(
            "cluster-strength",
            _("share in strong clusters"),
            _("The part of a region's traded jobs that is in its strong clusters."),
            "",
            _("share in strong clusters = traded jobs in strong clusters / all traded jobs"),
            "cluster-strength",
        ),
        Term(
            "rank",
            _("rank"),
            _("The place among regions of the same kind; 1 is the highest."),
            _(
                "Only regions with a figure are ranked, and none among fewer than ten. "
                "Neighbouring ranks often differ by less than the doubt about them."
            ),
            method="rank",
        ),
        Term(
            "percentile",
            _("percentile"),
            _("The part of the regions, in hundredths, that lie at or below a value."),
            _("At the 75th percentile three quarters of the regions are at or below."),
            method="strength",
        ),
        Term(
            "concentration",
            _("concentration"),
            _("How much of a region's work is gathered in few industries."),
            "",
            _("concentration = sum of the squared shares of the industries"),
            "variety",
        ),
        Term(
            "locational-gini",
            _("locational Gini"),
            _(
                "How unevenly a cluster is spread over regions, compared with all jobs: 0 is "
                "evenly, near 1 is in very few places."
            ),
            method="variety",
        ),
        Term(
            "variety",
            _("variety"),
            _(
                "How mixed the work of a region is, within its sectors (related) and across them"
                " (unrelated)."
            ),
            _(
                "Related variety is linked with learning between firms, unrelated variety with "
                "safety when one sector is hit."
            ),
            method="variety",
        ),
        Term(
            "quantiles",
            _("quantiles"),
            _("Classes of a map with about the same number of regions in each."),
            _(
                "They show the order well and the distances badly: two regions of one class can "
                "be far apart."
            ),
            method="maps",
        ),
        Term(
            "natural-breaks",
            _("natural breaks"),
            _("Classes of a map whose limits lie in the gaps between the values."),
            method="maps",
        ),
    ]
