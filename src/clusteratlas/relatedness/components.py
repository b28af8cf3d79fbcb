"""All components at once: from figures by region, flows and occupations to similarities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from clusteratlas.relatedness.colocation import LEAST_REGIONS, Scale, colocation_of
from clusteratlas.relatedness.input_output import Flows, flows_between, input_output_links
from clusteratlas.relatedness.occupations import occupation_similarity, staffing_of
from clusteratlas.relatedness.similarities import Floats, Similarities


@dataclass(frozen=True)
class Components:
    """The similarities of industries, and the flows that those of clusters are taken from."""

    similarities: Similarities
    flows: Flows | None = None

    def without(self, names: Sequence[str]) -> Components:
        """Return these less some components.

        Raises
        ------
        CannotAnswer
            When one of them is not at hand.
        """
        for name in names:
            self.similarities.component(name)
        kept = {
            name: matrix
            for name, matrix in self.similarities.components.items()
            if name not in names
        }
        flows = None if "input_output" in names else self.flows
        return Components(replace(self.similarities, components=kept), flows)


def components_of(
    employment: Floats,
    establishments: Floats | None,
    industries: Sequence[str],
    *,
    input_output: pa.Table | None = None,
    codes: pa.Table | None = None,
    occupations: pa.Table | None = None,
    skill_flows: Similarities | None = None,
    weights: Mapping[str, float] | None = None,
    scale: Scale = "square root",
    least_regions: int = LEAST_REGIONS,
) -> Components:
    """Return every component that the given tables allow, each kept apart.

    Parameters
    ----------
    employment, establishments
        Years x regions x industries (or one year), all known; establishments may be absent.
    industries
        Codes of the columns.
    input_output, codes
        Contracts ``INPUT_OUTPUT`` and ``BEA_CODES``.
    occupations
        Contract ``INDUSTRY_OCCUPATIONS``.
    skill_flows
        Similarities with the component ``skill_flows``.
    weights
        Jobs of **every** industry that shares a code of the input-output table with one of these,
        traded or not: flows of coarse codes are split by them. By default those of ``employment``,
        which is right only if ``industries`` are all there are.
    scale, least_regions
        As in `colocation_of`.

    Returns
    -------
    Components

    Missing data
    ------------
    As in `colocation_of`, `flows_between` and `staffing_of`; what a table does not know is NaN and
    named in the notes.

    Example
    -------
    >>> import numpy as np
    >>> found = components_of(np.array([[[4.0, 1, 0], [1, 0, 9], [0, 0, 4]]]), None,
    ...                       ["a", "b", "c"], least_regions=3)
    >>> sorted(found.similarities.components)
    ['coagglomeration', 'colocation_employment', 'cooccurrence']
    """
    found = colocation_of(
        employment, establishments, industries=industries, scale=scale, least_regions=least_regions
    )
    flows = None
    if input_output is not None and codes is not None:
        if weights is None:
            jobs = employment.reshape(-1, employment.shape[-1]).sum(axis=0)
            weights = dict(zip(map(str, industries), jobs.tolist(), strict=True))
        flows = flows_between(input_output, codes, weights)
        found = found.with_others(input_output_links(flows, wanted=found.labels))
    if occupations is not None:
        found = found.with_others(occupation_similarity(staffing_of(occupations, found.labels)))
    if skill_flows is not None:
        found = found.with_others(skill_flows)
    return Components(found, flows)
