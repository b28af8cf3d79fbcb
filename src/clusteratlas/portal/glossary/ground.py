"""The words for places, industries and where figures come from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clusteratlas.portal.glossary.term import Term


def terms() -> list[Term]:
    """Return them in the language spoken now."""
    return [
        Term(
            "cluster",
            _("cluster"),
            _(
                "A group of industries that tend to gather in the same places because they are "
                "tied by shared skills, suppliers, customers or knowledge."
            ),
            _(
                "On these pages a cluster is a category in a cluster definition, such as "
                "Automotive. What a place has of it is a regional cluster. Firms that sit side "
                "by side without such ties are no cluster."
            ),
            method="definitions",
        ),
        Term(
            "regional-cluster",
            _("regional cluster"),
            _("A cluster in one region: its jobs, establishments and pay there."),
            _("Automotive in Detroit is one regional cluster and Automotive in Stuttgart another."),
            method="employment",
        ),
        Term(
            "cluster-definition",
            _("cluster definition"),
            _("The list that says which industries belong to which cluster."),
            _(
                "Different lists give different clusters. The atlas names the list it uses, can "
                "show two side by side, and tells which industries moved."
            ),
            method="definitions",
        ),
        Term(
            "subcluster",
            _("subcluster"),
            _("A part of a cluster: those of its industries that are closest to each other."),
            method="subclusters",
        ),
        Term(
            "industry",
            _("industry"),
            _(
                "A class of an industry classification: all establishments with the same main "
                "activity."
            ),
            _(
                "A plant is counted under its main activity, whatever else it does. Software "
                "written in a car factory is counted as car making."
            ),
            method="subclusters",
        ),
        Term(
            "classification",
            _("classification"),
            _("The official list of industries with their codes, in one of its editions."),
            _(
                "North America uses NAICS, Europe uses NACE. Both are revised every few years, "
                "so a code means something only with its edition."
            ),
            method="definitions",
        ),
        Term(
            "concordance",
            _("concordance"),
            _("A table that translates codes of one classification or edition into another."),
            _(
                "Where one code becomes several, a concordance has to share its jobs out. What "
                "is lost that way is stated."
            ),
            method="definitions",
        ),
        Term(
            "traded",
            _("traded"),
            _("Traded clusters sell beyond their own region and so gather in some places."),
            _(
                "Car making and insurance are traded. They usually pay more, and a region can "
                "win or lose them."
            ),
            method="traded",
        ),
        Term(
            "local",
            _("local"),
            _("Local clusters serve the people who live nearby and are found everywhere."),
            _(
                "Retail trade and local health care are local. They grow with the region rather "
                "than make it grow."
            ),
            method="traded",
        ),
        Term(
            "employment",
            _("jobs"),
            _("Jobs as the statistical office of the source counts them."),
            _(
                "American figures count paid jobs in mid-March. European ones count persons "
                "employed, the self-employed included, in the business economy. The two are not "
                "added up."
            ),
            method="employment",
        ),
        Term(
            "establishment",
            _("establishment"),
            _("One place of work, such as a plant, an office or a shop; a firm can have many."),
            method="employment",
        ),
        Term(
            "region-scheme",
            _("region scheme"),
            _("One way to divide a country into regions, such as states or metropolitan areas."),
            _("Ranks and rules of strength compare regions of one scheme only."),
            method="neighbours",
        ),
        Term(
            "metro-area",
            _("metropolitan area"),
            _(
                "A city with the counties from which people commute to it, as the American "
                "government draws them."
            ),
            _(
                "Micropolitan areas are the same around a smaller town. An area can cross state "
                "lines."
            ),
            method="neighbours",
        ),
        Term(
            "nuts",
            _("NUTS region"),
            _("A European statistical region: NUTS 0 is a country, NUTS 2 a province or the like."),
            _(
                "Borders and codes change every few years. A region whose code changed has no "
                "figures before the change."
            ),
            method="neighbours",
        ),
        Term(
            "reference-area",
            _("reference area"),
            _(
                "The larger area that a region is compared with: the nation, or all countries of"
                " the source."
            ),
            method="shares",
        ),
        Term(
            "release",
            _("release"),
            _("One published set of all figures; it never changes once it is out."),
            _(
                "Its name is computed from its content, so that a figure can be cited and found "
                "again."
            ),
            method="release",
        ),
        Term(
            "provenance",
            _("provenance"),
            _("Where a figure comes from: publisher, title, licence and the checksum of the file."),
            method="sources",
        ),
    ]
