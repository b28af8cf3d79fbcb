"""The tables of the database and their versions: what is to be done, and doing it, up or down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from clusteratlas.tables import Fault, InvalidInput

ZERO = "zero"
ASIDE = "aside"
"""Name under which a second database is open for a while."""

Node = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the tables.

    Attributes
    ----------
    app
        The part of the portal that the tables belong to.
    name
        Name of the change.
    down
        The change is taken back.
    """

    app: str
    name: str
    down: bool


def latest(connection: BaseDatabaseWrapper) -> list[Node]:
    """Return the versions that this code needs."""
    return list(MigrationLoader(connection).graph.leaf_nodes())


def target(connection: BaseDatabaseWrapper, app: str, number: str) -> Node:
    """Return the version of an app that a number or the beginning of a name tells.

    Raises
    ------
    InvalidInput
        If there is no such app, or no or several versions begin so.
    """
    loader = MigrationLoader(connection)
    known = sorted({each for each, _name in loader.disk_migrations})
    if app not in known:
        raise InvalidInput(
            [Fault("no tables belong to that name", value=app, hint=f"one of {', '.join(known)}")]
        )
    if number == ZERO:
        return app, ZERO
    names = sorted(name for each, name in loader.disk_migrations if each == app)
    found = [name for name in names if name.startswith(number)] if number else []
    if len(found) != 1:
        raise InvalidInput(
            [
                Fault(
                    f"{'several versions' if found else 'no version'} of {app} begin so",
                    value=number,
                    hint=f"one of {', '.join([ZERO, *names])}",
                )
            ]
        )
    return app, found[0]


def steps(connection: BaseDatabaseWrapper, targets: Iterable[Node] | None = None) -> list[Step]:
    """Return what is to be done to come to the targets; to this code's version without any."""
    executor = MigrationExecutor(connection)
    wanted = list(latest(connection) if targets is None else targets)
    plan = executor.migration_plan([_for_django(each) for each in wanted])
    return [Step(migration.app_label, migration.name, down) for migration, down in plan]


def bring(connection: BaseDatabaseWrapper, targets: Iterable[Node] | None = None) -> list[Step]:
    """Bring the tables to the targets, each step whole or not at all; return what was done.

    Unlike Django's command it fills no table of permissions, which nobody asks here.
    """
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    wanted = list(latest(connection) if targets is None else targets)
    done = steps(connection, wanted)
    if done:
        executor.migrate([_for_django(each) for each in wanted])
    return done


def applied(connection: BaseDatabaseWrapper) -> list[Node]:
    """Return the versions that the tables have, in the order of the alphabet."""
    return sorted(MigrationLoader(connection).applied_migrations)


def unknown(nodes: Iterable[Node]) -> list[Node]:
    """Return the versions among these that this code does not know."""
    known = MigrationLoader(None).disk_migrations
    return sorted(node for node in nodes if node not in known)


def tips(connection: BaseDatabaseWrapper, nodes: Iterable[Node]) -> list[Node]:
    """Return the last of these versions of each app: what to bring tables to for all of them."""
    graph = MigrationLoader(connection).graph
    held = set(nodes)
    return sorted(
        node
        for node in held
        if node in graph.nodes
        and not any(child.key in held for child in graph.node_map[node].children)
    )


def models_at(connection: BaseDatabaseWrapper, nodes: Iterable[Node]) -> list[type[Model]]:
    """Return every table as it was at these versions, those between two tables included."""
    loader = MigrationLoader(connection)
    state = loader.project_state(tips(connection, nodes))
    found = state.apps.get_models(include_auto_created=True)
    return [each for each in found if each._meta.managed and not each._meta.proxy]


@contextmanager
def opened(settings: dict[str, Any], alias: str = ASIDE) -> Iterator[BaseDatabaseWrapper]:
    """Open a second database beside that of the portal, under a name of its own."""
    connections.databases[alias] = {
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {},
        "TIME_ZONE": None,
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "TEST": {"CHARSET": None, "COLLATION": None, "MIRROR": None, "NAME": None, "MIGRATE": True},
        **settings,
    }
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _for_django(node: Node) -> tuple[str, Any]:
    return (node[0], None) if node[1] == ZERO else node
