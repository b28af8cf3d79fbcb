"""An example of every parameter of the API, of the release that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusteratlas.atlas import Release
from clusteratlas.portal import addresses
from clusteratlas.portal.picks import default_scheme, featured_cluster
from clusteratlas.portal.programmes.register.shelf import published as programmes
from clusteratlas.portal.registry.shelf import published

FIXED = {
    "q": "manufacturing",
    "table": "clusters",
    "limit": "5",
    "order": "employment",
    "measure": "employment",
    "kind": "absent",
    "show": "level",
    "change": "yearly",
    "against": "nation",
    "format": "csv",
    "traded": "true",
    "name": "Own region",
    "effect": "bavaria-rd",
    "grade": "B",
    "stage": "intermediate",
    "design": "triple_difference",
    "outcome": "rd_spend",
    "questionnaire": "european-gold-1",
}
"""Examples that hold for every release; what is missing here and in `examples_of` has none."""

BY_PATH = {"/regional-clusters": ("cluster",), "/map": ("scheme", "cluster", "measure")}
"""Parameters that an example names although the address does not need them."""


def examples_of(release: Release) -> dict[str, str]:
    """Return an example of each parameter by name, as it stands in an address."""
    scheme = default_scheme(release)
    regions = [each.region for each in release.region_profiles(scheme.scheme)[:2]]
    cluster = featured_cluster(release, scheme, scheme.definition, scheme.years[-1])
    others = [
        each.cluster
        for each in release.clusters(scheme.definition)
        if each.cluster != cluster and each.traded is not False
    ]
    known = {
        "scheme": scheme.scheme,
        "region": regions[0],
        "regions": ",".join(regions),
        "cluster": cluster,
        "clusters": ",".join([cluster, *others[:1]]),
        "definition": scheme.definition,
        "year": str(scheme.years[-1]),
        "from": str(scheme.years[0]) if len(scheme.years) > 1 else "",
    }
    known["slug"] = next(iter(published().by_slug), "an-organisation")
    # An account needs years: a programme that states both is the better example.
    dated = [each for each in programmes() if each.document.since and each.document.until]
    known["programme"] = next((each.slug for each in dated or programmes()), "a-programme")
    return {name: value for name, value in (FIXED | known).items() if value}


def example_address(path: str, operation: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Return an address of an operation that answers: its path filled, and what it needs."""
    address = path
    for name, value in known.items():
        address = address.replace(f"{{{name}}}", value)
    asked = {
        each["name"]: known.get(each["name"], "")
        for each in operation.get("parameters", [])
        if each["in"] == "query" and each.get("required")
    }
    for ending, names in BY_PATH.items():
        if path.endswith(ending):
            asked |= {name: known.get(name, "") for name in names}
    return addresses.with_query(address, **asked)


def with_examples(paths: Mapping[str, Any], known: Mapping[str, str]) -> None:
    """Write into an OpenAPI document an example of every parameter, and a whole call."""
    for path, operations in paths.items():
        if "put" in operations:
            _writing(path, operations["put"], known)
        operation = operations["get"]
        for each in operation.get("parameters", []):
            if value := known.get(each["name"]):
                each["example"] = _of_type(value, each.get("schema", {}))
        call = f'curl "$SITE{example_address(path, operation, known)}"'
        operation["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": call}]


def _writing(path: str, operation: dict[str, Any], known: Mapping[str, str]) -> None:
    """Write an example of a change into its operation."""
    for each in operation.get("parameters", []):
        if value := known.get(each["name"]):
            each["example"] = value
    call = (
        'curl -X PUT -H "Authorization: Bearer $TOKEN" -H "If-Match: 3" '
        '-H "Content-Type: application/json" --data @profile.json '
        f'"$SITE{example_address(path, {}, known)}"'
    )
    operation["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": call}]


def _of_type(value: str, schema: Mapping[str, Any]) -> object:
    kinds = {schema.get("type"), *(each.get("type") for each in schema.get("anyOf", []))}
    if "boolean" in kinds:
        return value == "true"
    return int(value) if "integer" in kinds else value
