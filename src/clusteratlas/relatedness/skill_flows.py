"""Industries related by the people who change between them: shrunk, and tested against chance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import minimize_scalar
from scipy.special import betainc, gammainc, gammaln

from clusteratlas.classification import ancestors
from clusteratlas.classification import industries as classes
from clusteratlas.measures import skill_relatedness as measured
from clusteratlas.relatedness.labour_flows import read_labour_flows
from clusteratlas.relatedness.similarities import Flags, Floats, Similarities
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Own = Literal["left out", "counted"]
Chance = Literal["poisson", "binomial"]

FDR = 0.05
WEAKEST, STRONGEST = -8.0, 12.0
"""Logarithms between which the strength of the shrinkage is sought."""

MOST_STEPS: Final = 10_000
CLOSE: Final = 1e-12
"""Of the fit of expected flows: steps, and how near its totals come."""


@dataclass(frozen=True, eq=False)
class SkillFlows:
    """Flows between industries against what their sizes suggest. Arrays are from x to.

    Attributes
    ----------
    labels
        Industries, sorted.
    flow, expected
        Persons; ``expected`` is what chance gives.
    ratio
        flow / expected; NaN where nobody leaves the first or enters the second.
    shrunk
        The same, drawn towards 1 the more, the less is expected.
    p_value
        Chance of a flow as large or larger, one-sided; ``q_value`` is adjusted for the number of
        pairs (Benjamini-Hochberg).
    significant
        q at most ``fdr``.
    prior
        a: shrinkage weighs as much as a expected persons.
    fdr
        Share of significant pairs that may be so by chance.
    """

    labels: tuple[str, ...]
    flow: Floats
    expected: Floats
    ratio: Floats
    shrunk: Floats
    p_value: Floats
    q_value: Floats
    significant: Flags
    prior: float
    fdr: float

    @property
    def normalised(self) -> Floats:
        """The mean of both directions' shrunk ratios r as (r - 1) / (r + 1), -1 to 1."""
        mean = (self.shrunk + self.shrunk.T) / 2
        found = np.asarray((mean - 1) / (mean + 1))
        np.fill_diagonal(found, np.nan)
        return found

    def similarities(self, lies_in: Mapping[str, str] | None = None) -> Similarities:
        """Return the component ``skill_flows``, for these industries or finer ones.

        ``lies_in`` gives the industry of the flows that each wanted one lies in. Wanted industries
        that are none of the flows' own take over their class's figures and are marked inherited;
        two of the same class are not known, as changes within a class tell nothing of them.
        """
        whole = self.normalised
        notes = (self.note,)
        if lies_in is None:
            nothing = np.zeros(len(self.labels), dtype=bool)
            return Similarities(
                self.labels, {"skill_flows": whole}, {"skill_flows": nothing}, notes
            )
        at = {label: place for place, label in enumerate(self.labels)}
        labels = tuple(sorted(label for label, code in lies_in.items() if code in at))
        if not labels:
            raise CannotAnswer(
                "none of the industries lies in one of the flows",
                value=", ".join(self.labels[:5]),
                hint="are they of the same classification?",
            )
        places = np.array([at[lies_in[label]] for label in labels])
        inherited = np.array([lies_in[label] != label for label in labels])
        found = whole[np.ix_(places, places)]
        return Similarities(labels, {"skill_flows": found}, {"skill_flows": inherited}, notes)

    @property
    def note(self) -> str:
        """How many of the pairs are beyond chance."""
        tested = int((~np.isnan(self.p_value)).sum())
        return (
            f"Skill flows: {int(self.significant.sum()):,} of {tested:,} directed pairs are larger "
            f"than chance gives, of which at most {self.fdr:.0%} by chance."
        )

    def pairs(self) -> pa.Table:
        """Return one row for each directed pair of different industries, sorted by from and to."""
        rows, columns = np.nonzero(~np.eye(len(self.labels), dtype=bool))
        names = np.array(self.labels)
        figures = {
            "flow": self.flow,
            "expected": self.expected,
            "ratio": self.ratio,
            "shrunk": self.shrunk,
            "p_value": self.p_value,
            "q_value": self.q_value,
        }
        return pa.table(
            {
                "from": pa.array(names[rows], pa.string()),
                "to": pa.array(names[columns], pa.string()),
                **{
                    name: pa.array(each[rows, columns], from_pandas=True)
                    for name, each in figures.items()
                },
                "significant": pa.array(self.significant[rows, columns]),
            }
        )


def skill_flows(
    flows: npt.ArrayLike,
    labels: Sequence[str],
    *,
    own: Own = "left out",
    chance: Chance = "poisson",
    fdr: float = FDR,
) -> SkillFlows:
    r"""Return which industries exchange more people than chance gives, and how surely.

    Definition
    ----------
    With flows F from i to j and E what chance gives, the ratio is :math:`R_{ij} = F_{ij} / E_{ij}`.
    Where changes within an industry count, :math:`E_{ij} = F_{i.} F_{.j} / F_{..}`; where they are
    left out, nobody can be expected there either, and :math:`E_{ij} = \alpha_i \beta_j` for
    i != j with the totals of F (quasi-independence). With few expected persons R is mostly noise
    (0, or very large). Let :math:`F_{ij} \sim \text{Poisson}(\theta_{ij} E_{ij})` with
    :math:`\theta \sim \text{Gamma}(a, a)`, whose mean is 1, chance; then

    .. math:: \tilde R_{ij} = \frac{F_{ij} + a}{E_{ij} + a},

    with a by maximum likelihood over all pairs i != j (a negative binomial distribution). The
    component is :math:`(r - 1) / (r + 1)` of the mean r of both directions.

    p is the chance of F or more persons: Poisson with mean E, or binomial with
    :math:`F_{i.}` trials. q adjusts for the number of pairs by Benjamini and Hochberg.

    Parameters
    ----------
    flows
        F: from x to, persons.
    labels
        Industries, sorted.
    own
        "left out" (default): changes within an industry count in no total. "counted": they do;
        then most ratios between different industries lie below 1.
    chance
        "poisson" (default) or "binomial".
    fdr
        Share of significant pairs that may be so by chance, 0-1.

    Returns
    -------
    SkillFlows

    Missing data
    ------------
    Unknown flows are refused. A pair is NaN where nobody leaves the first industry or nobody
    enters the second: nothing could be observed.

    Raises
    ------
    InvalidInput
        Unknown, negative or infinite flows; a table that is not labels x labels; labels that are
        not sorted; ``fdr`` that is no share.
    CannotAnswer
        Nobody changes industry; unknown ``own`` or ``chance``.

    Source
    ------
    F. Neffke, M. Henning, Skill relatedness and firm diversification (2013); F. M. H. Neffke,
    A. Otto, A. Weyh, Inter-industry labor flows (2017). Shrinkage: D. G. Clayton, J. Kaldor,
    Empirical Bayes estimates of age-standardized relative risks (1987). Y. Benjamini, Y. Hochberg,
    Controlling the false discovery rate (1995).

    Example
    -------
    80 persons go from a to b where 33.3 are expected, a third of all who leave a; 10 go to c.

    >>> flows = np.full((4, 4), 10.0)
    >>> flows[[0, 1, 2, 3], [1, 0, 3, 2]] = 80.0
    >>> found = skill_flows(flows, ["a", "b", "c", "d"])
    >>> found.ratio[0].round(6)
    array([nan, 2.4, 0.3, 0.3])
    >>> found.significant[0]
    array([False,  True, False, False])
    >>> bool(1 < found.shrunk[0, 1] < 2.4), bool(0.3 < found.shrunk[0, 2] < 1)
    (True, True)
    """
    _refuse(labels, own, chance, fdr)
    counted = np.array(flows, dtype=np.float64)
    if counted.shape != (len(labels), len(labels)):
        hint = f"give labels x labels: ({len(labels)}, {len(labels)})"
        raise InvalidInput([Fault(f"flows has shape {counted.shape}", column="flows", hint=hint)])
    if own == "left out":
        np.fill_diagonal(counted, 0.0)
    measured(counted, symmetric="directed")  # tells what is wrong with the flows
    total = counted.sum()
    if not total > 0:
        raise CannotAnswer("nobody changes industry", hint="are all flows within industries?")
    left, entered = counted.sum(axis=1), counted.sum(axis=0)
    expected = _without_own(left, entered) if own == "left out" else np.outer(left / total, entered)
    between = ~np.eye(len(labels), dtype=bool) & (expected > 0)
    prior = _prior(counted[between], expected[between])
    ratio = np.divide(counted, expected, out=np.full_like(counted, np.nan), where=expected > 0)
    shrunk = (counted + prior) / (expected + prior)
    for each in (ratio, shrunk):
        each[~between] = np.nan
    p_value = np.full(counted.shape, np.nan)
    persons = counted[between]
    if chance == "poisson":
        found = gammainc(np.maximum(persons, 1e-300), expected[between])
    else:
        trials = np.broadcast_to(left[:, None], counted.shape)[between]
        share = np.minimum(expected[between] / trials, 1.0)
        found = betainc(np.maximum(persons, 1e-300), trials - persons + 1, share)
    p_value[between] = np.where(persons > 0, found, 1.0)
    q_value = np.full(counted.shape, np.nan)
    q_value[between] = _adjusted(p_value[between])
    significant = np.asarray(np.nan_to_num(q_value, nan=1.0) <= fdr)
    return SkillFlows(
        tuple(labels), counted, expected, ratio, shrunk, p_value, q_value, significant, prior, fdr
    )


def read_skill_flows(
    path: Path,
    *,
    classification: str | None = None,
    industries: Collection[str] | None = None,
    own: Own = "left out",
    fdr: float = FDR,
) -> Similarities:
    """Read labour flows and return the component ``skill_flows``.

    Definition
    ----------
    `read_labour_flows`, then `skill_flows`. Industries finer than those of the file take over the
    figures of the class that they lie in, and are marked inherited.

    Parameters
    ----------
    path
        Columns from, to, persons.
    classification
        Of the codes; needed for industries finer than those of the file.
    industries
        The industries that are wanted; by default those of the file.
    own, fdr
        As for `skill_flows`.

    Returns
    -------
    Similarities

    Missing data
    ------------
    Wanted industries that the file does not cover are left out.

    Raises
    ------
    InvalidInput, CannotAnswer
        As `read_labour_flows` and `skill_flows`; none of the wanted industries lies in the file.

    Source
    ------
    As for `skill_flows`.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "flows.csv")
    ...     _ = path.write_text("from,to,persons\\n3344,3345,90\\n3345,3344,90\\n"
    ...         "3344,4451,10\\n4451,3344,10\\n3345,4451,10\\n4451,3345,10\\n")
    ...     found = read_skill_flows(path, classification="naics-2017",
    ...                              industries=["334413", "3345"])
    >>> found.labels, found.inherited["skill_flows"]
    (('334413', '3345'), array([ True, False]))
    """
    flows, labels = read_labour_flows(path, classification=classification)
    found = skill_flows(flows, labels, own=own, fdr=fdr)
    if industries is None:
        return found.similarities()
    lies_in = {label: label for label in labels}
    if classification is not None:
        at = {row["industry"]: row["level"] for row in classes(classification).to_pylist()}
        table = ancestors(classification, at[labels[0]])
        pairs = zip(
            *(table.column(name).to_pylist() for name in ("industry", "ancestor")), strict=True
        )
        lies_in = dict(pairs)
    return found.similarities({each: lies_in[each] for each in industries if each in lies_in})


def _refuse(labels: Sequence[str], own: str, chance: str, fdr: float) -> None:
    for name, value, known in (
        ("own", own, ("left out", "counted")),
        ("chance", chance, ("poisson", "binomial")),
    ):
        if value not in known:
            raise CannotAnswer(f"{name} is not known", value=value, hint=" or ".join(known))
    faults = []
    if list(labels) != sorted(set(labels)):
        faults.append(Fault("labels are not sorted, or one stands twice", column="labels"))
    if not 0 < fdr < 1:
        faults.append(Fault("fdr is no share", column="fdr", value=str(fdr), hint="such as 0.05"))
    if faults:
        raise InvalidInput(faults)


def _without_own(left: Floats, entered: Floats) -> Floats:
    """Return what chance gives between different industries, with these totals (Deming, Stephan).

    The flows themselves have these totals and an empty diagonal, so the fit exists.
    """
    expected = np.ones((len(left), len(left)))
    np.fill_diagonal(expected, 0.0)
    for _ in range(MOST_STEPS):
        rows = expected.sum(axis=1)
        expected *= np.divide(left, rows, out=np.zeros_like(left), where=rows > 0)[:, None]
        columns = expected.sum(axis=0)
        expected *= np.divide(entered, columns, out=np.zeros_like(left), where=columns > 0)
        if np.abs(expected.sum(axis=1) - left).max() <= CLOSE * left.sum():
            break
    return expected


def _prior(flow: Floats, expected: Floats) -> float:
    """Return a of the negative binomial distribution that the flows are likeliest under."""
    some = flow > 0
    persons, of_some = flow[some], expected[some]
    constant = float((persons * np.log(of_some) - gammaln(persons + 1)).sum())

    def unlikely(strength: float) -> float:
        a = float(np.exp(strength))
        likelihood = float((a * (np.log(a) - np.log(a + expected))).sum()) + constant
        likelihood += float(
            (gammaln(persons + a) - gammaln(a) - persons * np.log(a + of_some)).sum()
        )
        return -likelihood / len(expected)

    found = minimize_scalar(
        unlikely, bounds=(WEAKEST, STRONGEST), method="bounded", options={"xatol": 1e-8}
    )
    return float(np.exp(found.x))


def _adjusted(p_values: Floats) -> Floats:
    """Return q-values: the least false discovery rate at which each would be significant."""
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    q_values = np.empty(len(order))
    q_values[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q_values
