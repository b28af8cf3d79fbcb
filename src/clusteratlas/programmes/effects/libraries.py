"""The two libraries of the extra `evaluation`, loaded when they are needed."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from clusteratlas.programmes.effects.panel import NEVER, Flags, Floats, Ints
from clusteratlas.tables import CannotAnswer


def library(name: str) -> ModuleType:
    """Return a library of the extra `evaluation`.

    Raises
    ------
    CannotAnswer
        If it is not installed.
    """
    try:
        with _their_warnings():
            return importlib.import_module(name)
    except ImportError as error:
        raise CannotAnswer(
            f"effects are estimated by the library {name}, which is not installed",
            hint="pip install 'clusteratlas[evaluation]'",
        ) from error


@contextmanager
def _their_warnings() -> Iterator[None]:
    """Keep quiet what the libraries are told by theirs and our users cannot act on."""
    with warnings.catch_warnings():
        for kind in (DeprecationWarning, FutureWarning, PendingDeprecationWarning):
            warnings.filterwarnings("ignore", category=kind, module=r"(pyfixest|csdid|formulaic)\b")
        warnings.filterwarnings("ignore", message=".*inplace keyword.*")
        warnings.filterwarnings("ignore", message=".*[Ss]ingleton fixed effect.*")
        warnings.filterwarnings("ignore", message=".*small groups?.*")
        warnings.filterwarnings("ignore", message=".*dropped .*(units|observations|rows).*")
        yield


@dataclass(frozen=True)
class Regression:
    """Coefficients of a regression and their clustered covariance."""

    values: Floats
    covariance: Floats


def triple_regression(
    outcomes: Floats,
    under: Sequence[Floats],
    region: Ints,
    industry: Ints,
    assignment: Ints,
    used: Flags,
) -> Regression:
    """Return coefficients of treatment with effects of unit, region x time and industry x time.

    Definition
    ----------
    y_it = a_i + b_rt + c_jt + sum_k d_k D_kit + e_it, by pyfixest, errors clustered
    by assignment.

    Parameters
    ----------
    outcomes, used
        n x T: the outcome, and which rows enter.
    under
        K indicators of n x T.
    region, industry, assignment
        Codes; length n.
    """
    pandas, pyfixest = library("pandas"), library("pyfixest")
    span = outcomes.shape[1]
    period = np.tile(np.arange(span), len(outcomes))
    names = [f"under{number}" for number in range(len(under))]
    columns = {
        "outcome": outcomes.ravel(),
        "unit": np.repeat(np.arange(len(outcomes)), span),
        "place_time": np.repeat(region, span) * span + period,
        "line_time": np.repeat(industry, span) * span + period,
        "assignment": np.repeat(assignment, span),
    } | {name: each.ravel() for name, each in zip(names, under, strict=True)}
    with _their_warnings():
        fitted = pyfixest.feols(
            f"outcome ~ {' + '.join(names)} | unit + place_time + line_time",
            data=pandas.DataFrame(columns)[used.ravel()],
            vcov={"CRV1": "assignment"},
        )
    found = fitted.coef().reindex(names).to_numpy(dtype=float)
    return Regression(found, np.asarray(fitted._vcov, dtype=np.float64))


@dataclass(frozen=True)
class DoublyRobust:
    """Group-time effects with covariates.

    Attributes
    ----------
    groups, periods
        First treated period and period of each effect; length K.
    values
        Length K.
    influence
        What each unit contributes, n x K: a mean of zero, and an error of its spread / sqrt(n).
    """

    groups: Ints
    periods: Ints
    values: Floats
    influence: Floats


def doubly_robust(
    outcomes: Floats,
    features: Floats,
    start: Ints,
    periods: Ints,
    *,
    controls: str,
    anticipation: int,
) -> DoublyRobust:
    """Return doubly robust group-time effects on all periods, against the last untouched one.

    Definition
    ----------
    Callaway and Sant'Anna (2021), eq. 2.4, by csdid: controls are weighted by the
    propensity and corrected by a regression of their change on covariates; either may be wrong.

    Parameters
    ----------
    outcomes
        n x T.
    features
        n x k, as before treatment.
    start
        First treated period, ``NEVER`` for controls; length n.
    """
    pandas = library("pandas")
    att_gt = library("csdid.att_gt")
    count, span = outcomes.shape
    names = [f"x{number}" for number in range(features.shape[1])]
    columns: dict[str, object] = {
        "unit": np.repeat(np.arange(1, count + 1), span),
        "period": np.tile(periods, count),
        "start": np.repeat(np.where(start == NEVER, 0, start), span).astype(float),
        "outcome": outcomes.ravel(),
    }
    columns |= {
        name: np.repeat(values, span) for name, values in zip(names, features.T, strict=True)
    }
    with _their_warnings():
        model = att_gt.ATTgt(
            yname="outcome",
            tname="period",
            idname="unit",
            gname="start",
            data=pandas.DataFrame(columns),
            control_group=["notyettreated" if controls == "not_yet" else "nevertreated"],
            xformla="~ " + " + ".join(names),
            anticipation=anticipation,
            cband=False,
        ).fit(est_method="dr", base_period="universal", bstrap=False)
    found = model.MP
    return DoublyRobust(
        np.asarray(found["group"], dtype=np.int64),
        np.asarray(found["t"], dtype=np.int64),
        np.asarray(found["att"], dtype=np.float64),
        np.asarray(found["inffunc"]["inffunc"], dtype=np.float64),
    )
