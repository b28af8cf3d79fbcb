"""The measures in groups, for the command line and the reference pages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clusteratlas.measures.labelled import MEASURES, Measure

ROOM = "clusteratlas.measures."


@dataclass(frozen=True)
class Group:
    """Measures that answer one kind of question, and the modules that hold them."""

    title: str
    about: str
    package: str
    modules: tuple[str, ...]


GROUPS = (
    Group(
        "Specialisation",
        "How much of an industry a region has, against the nation.",
        "quotients",
        (
            "specialisation",
            "quotient_variants",
            "shrinkage",
            "similarity",
            "tidy_quotient",
        ),
    ),
    Group(
        "Concentration and diversity",
        "How unevenly an industry is spread, and how mixed a region is.",
        "spread",
        (
            "inequality",
            "diversity",
            "concentration",
            "plants",
            "coagglomeration",
        ),
    ),
    Group(
        "Growth",
        "What changed, and which part of it the nation and the mix of industries explain.",
        "change",
        (
            "growth",
            "shift_share",
            "dynamic_shift_share",
            "convergence",
            "entry_exit",
        ),
    ),
    Group(
        "Relatedness and complexity",
        "Which industries go together, and what that says of a region.",
        "networks",
        (
            "presence",
            "cooccurrence",
            "skill_relatedness",
            "relatedness_density",
            "complexity",
            "reflections",
            "fitness",
            "outlook",
        ),
    ),
    Group(
        "Space",
        "Whether neighbours are alike, and at which distances plants cluster.",
        "space",
        (
            "neighbours",
            "autocorrelation",
            "local_autocorrelation",
            "hot_spots",
            "kd",
            "marcon_puech",
            "ripley",
        ),
    ),
    Group(
        "Strength",
        "Which regional clusters are strong, by which rule, and who comes first.",
        "strong",
        (
            "strength",
            "profiles",
            "stars",
            "nodes",
            "survival",
            "ranking",
            "composition",
        ),
    ),
    Group(
        "Uncertainty",
        "How sure a figure is, from draws of what the office withholds.",
        "strong",
        ("uncertainty",),
    ),
)


def every_measure() -> dict[str, Measure]:
    """Return every public function of the room by its name.

    Example
    -------
    >>> every_measure()["location_quotient"].gives
    'cells'
    """
    from clusteratlas import measures  # noqa: PLC0415 - the room imports this module

    return {
        name: MEASURES.get(name, Measure(name, getattr(measures, name), "plain"))
        for name in sorted(measures.__all__)
        if inspect.isfunction(getattr(measures, name))
    }


def measures_of(group: Group) -> list[Measure]:
    """Return the measures of a group, in the order of its modules and then by name.

    Example
    -------
    >>> [measure.name for measure in measures_of(GROUPS[0])][:3]
    ['location_quotient', 'national_share', 'region_share']
    """
    of_module: dict[str, list[Measure]] = {
        f"{group.package}.{module}": [] for module in group.modules
    }
    for measure in every_measure().values():
        module = module_of(measure.function)
        if module in of_module:
            of_module[module].append(measure)
    return [measure for found in of_module.values() for measure in found]


def module_of(function: Callable[..., Any]) -> str:
    """Return the name of a measure's module within the room."""
    return function.__module__.removeprefix(ROOM)
