"""A small fictional registry that shows every state of a profile and of the claim check."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from clusteratlas.organisations.json_form import profiles_of_json
from clusteratlas.organisations.profile import Profile


@lru_cache(maxsize=1)
def load_demonstration() -> tuple[Profile, ...]:
    """Return the fictional organisations, each with ``fictional`` set.

    Their regions and clusters are those of the bundled sample, so that claims are supported,
    emerging, unsupported and unknown. Mail addresses end in ``example.org``.

    Example
    -------
    >>> all(each.fictional for each in load_demonstration())
    True
    """
    place = files("clusteratlas.organisations").joinpath("data", "demonstration.json")
    return profiles_of_json(place.read_bytes(), file="demonstration.json")
