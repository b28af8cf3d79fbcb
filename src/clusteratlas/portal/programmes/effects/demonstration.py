"""The fictional programme's studies: an effect that stands, and one that is refused."""

from __future__ import annotations

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.effects import keeping
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.demonstration import fictional_panel
from clusteratlas.programmes.effects import (
    Columns,
    Costs,
    Design,
    Outcome,
    Scale,
    Stage,
    Study,
    evaluate,
    study_to_dict,
)

STUDIES = {
    "Jobs in supported firms": (
        Outcome("jobs", Stage.business, "jobs", Scale.log, name="jobs"),
        True,
    ),
    "Exports of supported firms": (
        Outcome("exports", Stage.business, "EUR", Scale.log, money=True, name="exports"),
        True,
    ),
}
"""By title: what is asked, and whether everybody reads the answer."""


def load_studies(programme: Programme, person: User | None = None) -> int:
    """Make the studies that the programme lacks, of figures that stand for no real firm.

    Raises
    ------
    CannotAnswer
        If the packages of the extra ``evaluation`` are not installed.
    """
    known = set(programme.studies.values_list("title", flat=True))
    lacking = {title: asked for title, asked in STUDIES.items() if title not in known}
    panel, support = fictional_panel() if lacking else (None, None)
    for title, (outcome, shown) in lacking.items():
        study = Study(
            Design.matched,
            (outcome,),
            Columns(covariates=("log_size", "age"), industry="industry", region="region"),
            costs=Costs("EUR", 2020),
            programme=programme.name,
            source="Fictional firms of the demonstration",
        )
        report = evaluate(study, panel, support)
        given = {"panel": "firms.csv", "treated": "supported.csv", "study": study_to_dict(study)}
        kept = keeping.keep_study(programme, title, report, given, person=person)
        if shown:
            keeping.publish(kept, person)
    return len(lacking)
