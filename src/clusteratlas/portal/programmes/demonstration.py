"""The demonstration of programmes: stated facts of real ones, and a fictional one as it is run."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.account.demonstration import load_logs
from clusteratlas.portal.programmes.applicants.demonstration import load_applications
from clusteratlas.portal.programmes.effects.demonstration import load_studies
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register.demonstration import load_fictional_programme
from clusteratlas.portal.programmes.register.loading import load_register
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.register import stated_programmes
from clusteratlas.tables import CannotAnswer


def load_programmes(release: Release, editor: User, decider: User) -> int:
    """Fill the register; again it adds only what lacks.

    Parameters
    ----------
    editor
        Owns the organisation that runs the fictional programme.
    decider
        Brings the stated facts and has decided on applications.

    Returns
    -------
    How many programmes are in the register now.
    """
    run_by = Organisation.objects.filter(fictional=True).order_by("pk")[0]
    with transaction.atomic():
        load_register(stated_programmes(), person=decider, file="stated facts")
        programme = load_fictional_programme(run_by, editor)
        if not programme.logs.exists():
            load_logs(programme, editor)
        load_applications(programme, release, decider)
    with suppress(CannotAnswer):  # the extra is optional; who asks for an effect is told of it
        load_studies(programme, editor)
    return Programme.objects.count()
