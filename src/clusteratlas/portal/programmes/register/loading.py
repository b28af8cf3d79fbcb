"""Take programmes in at once: from a file, or the packaged facts. All of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from clusteratlas.organisations import folded_name
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register import keeping
from clusteratlas.programmes.register import Programme as Document

KINDS = ("new", "changed", "same", "waiting")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a programme of a file is to the register.

    ``kind`` is ``new``, ``changed``, ``same``, or ``waiting``: those who run it have a change of
    their own that is not published yet, so the file leaves it alone.
    """

    kind: str
    document: Document
    row: Programme | None = None

    @property
    def slug(self) -> str:
        """Its name in addresses; empty before it is taken in."""
        return self.row.slug if self.row is not None else ""


def arrivals(documents: Iterable[Document]) -> list[Arrival]:
    """Say of each programme what it is to the register, without changing anything.

    A programme is known again by its slug where it has one, else by its name.
    """
    rows = list(Programme.objects.all())
    by_slug = {row.slug: row for row in rows}
    by_name = {folded_name(row.name): row for row in rows}
    return [
        _arrival(each, by_slug.get(each.slug) or by_name.get(folded_name(each.name)))
        for each in documents
    ]


def _arrival(document: Document, row: Programme | None) -> Arrival:
    if row is None:
        return Arrival("new", document)
    document = document.model_copy(update={"slug": row.slug})
    if row.document.model_copy(update={"slug": row.slug}) == document:
        return Arrival("same" if row.draft is None else "waiting", document, row)
    run = row.organisation_id is not None or row.runners.exists()
    return Arrival("waiting" if row.draft is not None and run else "changed", document, row)


@transaction.atomic
def load_register(
    documents: Iterable[Document],
    *,
    person: User | None = None,
    publish: bool = True,
    file: str = "",
) -> Sequence[Arrival]:
    """Take programmes in: new ones, and changes of those that are here; in one transaction.

    Parameters
    ----------
    documents
        As `read_register` gave them, or the packaged facts.
    person
        Who brings them; does not run them because of that.
    publish
        Everybody reads them at once; else they wait for a moderator.
    file
        Where they come from, for the audit log.
    """
    done = []
    for each in arrivals(documents):
        row = each.row
        if each.kind == "new":
            row = keeping.begin(each.document, person, runs=False)
        elif each.kind == "changed" and row is not None:
            keeping.keep(row, each.document, base=row.version, person=person, note=file)
        if row is not None and each.kind in ("new", "changed"):
            if publish:
                keeping.publish(row, person, version=row.version)
            else:
                keeping.submit(row, person)
        done.append(Arrival(each.kind, each.document, row))
    counts = {kind: sum(each.kind == kind for each in done) for kind in KINDS}
    audit.note(person, "programme.load", file[:200], **counts)
    return done
