"""The fictional programme of the demonstration, as an organisation runs it."""

from __future__ import annotations

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register import keeping
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.register import FICTIONAL, fictional_programme


def load_fictional_programme(run_by: Organisation, person: User | None = None) -> Programme:
    """Publish the fictional programme, run by an organisation; it stays where it is there already.

    Parameters
    ----------
    run_by
        The organisation whose editors run it.
    person
        Who stands in its history as its author.
    """
    known = Programme.objects.filter(slug=FICTIONAL).first()
    if known is not None:
        return known
    row = keeping.begin(fictional_programme(), person, organisation=run_by, runs=False)
    keeping.publish(row, person, version=row.version)
    return row
