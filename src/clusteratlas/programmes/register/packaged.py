"""Programmes that come with the product: stated facts with their sources, and a fictional one."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from clusteratlas.programmes.register.document import Programme
from clusteratlas.programmes.register.json_faults import programme_of_json
from clusteratlas.programmes.register.reading import FORM
from clusteratlas.tables import InvalidInput

FICTIONAL = "imaginary-cluster-boost"
"""The slug of the fictional programme."""


@lru_cache(maxsize=1)
def stated_programmes() -> tuple[Programme, ...]:
    """Return programmes of which facts are stated in public, each fact with its source.

    Nothing in them is estimated, and nothing that nobody stated is filled in.

    Example
    -------
    >>> regional = {each.slug: each for each in stated_programmes()}["regional-challenge"]
    >>> len(regional.awards), sum(each.money[0].amount for each in regional.awards)
    (21, 970000000.0)
    """
    return _read("stated-programmes.json")


@lru_cache(maxsize=1)
def fictional_programme() -> Programme:
    """Return the programme of the demonstration; everything in it is made up.

    >>> fictional_programme().fictional
    True
    """
    return _read("imaginary-cluster-boost.json")[0]


def _read(name: str) -> tuple[Programme, ...]:
    place = files("clusteratlas.programmes.register").joinpath("data", name)
    programmes, faults = [], []
    for row, each in enumerate(FORM.listed(place.read_bytes(), name), 1):
        programme, wrong = programme_of_json(each, file=name, row=row)
        faults += wrong
        if programme is not None:
            programmes.append(programme)
    if faults:
        raise InvalidInput(faults)
    return tuple(programmes)
