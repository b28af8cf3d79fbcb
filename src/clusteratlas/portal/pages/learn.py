"""Learn: short primers, each illustrated with live figures of the release."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import addresses
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages import learn_figures
from clusteratlas.portal.pages.frame import page
from clusteratlas.tables import CannotAnswer


@dataclass(frozen=True, slots=True)
class Primer:
    """A short text: its name in addresses, its title and whom it helps with what."""

    name: str
    title: str
    promise: str

    @property
    def href(self) -> str:
        """Where it stands."""
        return addresses.learn(self.name)


def primers() -> list[Primer]:
    """Return the primers in the order in which one would read them."""
    return [
        Primer(
            "what-is-a-cluster",
            _("What is a cluster?"),
            _("Why some industries gather, what counts as a cluster here and what does not."),
        ),
        Primer(
            "reading-a-specialisation",
            _("Reading a specialisation"),
            _("What 3.4 times the average means, and when a high number means little."),
        ),
        Primer(
            "how-sure-is-a-number",
            _("How sure is a number?"),
            _("Withheld, estimated, intervals, verdicts that could flip: what each asks of you."),
        ),
        Primer(
            "maps-in-policy",
            _("Using a map in policy"),
            _("Which question a map can answer, which it cannot, and eight habits to keep."),
        ),
        Primer(
            "from-figures-to-a-decision",
            _("From figures to a decision"),
            _("One region worked through, from the first look to a note for a minister."),
        ),
        Primer(
            "definitions-and-their-limits",
            _("Definitions and their limits"),
            _("Who decides what belongs to a cluster, and how much hangs on it."),
        ),
        Primer(
            "european-figures",
            _("What the European figures are, and are not"),
            _("Coverage, age and comparability of the European regions."),
        ),
    ]


@require_safe
def learn_page(request: AtlasRequest) -> HttpResponse:
    """Show where to begin."""
    return page(request, "learn/index.html", section="learn", primers=primers())


@require_safe
def primer_page(request: AtlasRequest, name: str) -> HttpResponse:
    """Show a primer with figures of the current release."""
    known = primers()
    at = next((place for place, each in enumerate(known) if each.name == name), None)
    if at is None:
        raise CannotAnswer(
            _("there is no text of that name"),
            value=name,
            hint=_("all texts are listed under /learn/"),
        )
    return page(
        request,
        f"learn/{name}.html",
        section="learn",
        primer=known[at],
        primers=known,
        following=known[at + 1] if at + 1 < len(known) else None,
        live=learn_figures.of(request.release),
    )
