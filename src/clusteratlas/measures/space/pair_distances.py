"""All distances between the plants of an industry: their quartiles, spread and density."""

from __future__ import annotations

import numpy as np

from clusteratlas.measures.arguments import Floats
from clusteratlas.measures.space.points import EARTH_RADIUS, Cells, Points
from clusteratlas.tables import CannotAnswer

FINEST = 400.0
"""Marks to one bandwidth, at least, of the grid of distances on which pairs are counted: sharing a
pair between two marks then errs by less than 1 / (8 x 400^2), 8e-7 of the largest density."""

MOST_MARKS = 2**26
"""Marks that fit into memory with ease (1 GB with weights)."""

SMALL = 1500
"""Up to so many points, quantiles of distances are taken from the distances themselves."""

FAR = 8.5
"""Bandwidths beyond which the normal density is nothing (2e-16 of its peak)."""


class PairDistances:
    """All pairs of some plants, counted by their distance."""

    def __init__(self, points: Points, weights: Floats | None, bandwidth: float | None) -> None:
        if len(points) > SMALL:  # points side by side fill marks side by side, which is faster
            order = Cells.of(points.places, points.farthest() / 8).order
            points = Points(points.places[order], points.globe)
            weights = None if weights is None else weights[order]
        self.points = points
        self.weights = weights
        self.count = len(points) * (len(points) - 1) / 2
        self.farthest = points.farthest()
        total = self.count
        if weights is not None:
            total = (weights.sum() ** 2 - (weights**2).sum()) / 2
            if np.count_nonzero(weights) < 2:
                raise CannotAnswer(
                    "fewer than two plants have a weight above 0", hint="give weights of more"
                )
        self.total = float(total)
        self._bandwidth = bandwidth
        self._marks = 0
        self._exact: Floats | None = None
        self._three: Floats | None = None

    def median(self) -> float:
        """Median distance; refused where it is 0, as the grid up to it would be empty."""
        middle = float(self._quartiles()[1])
        if not middle > 0:
            raise CannotAnswer(
                "half of the plants' distances are 0",
                hint="give the distances to answer at, and a bandwidth",
            )
        return middle

    def silverman(self) -> float:
        """Bandwidth by Silverman's rule on the unweighted distances."""
        low, _, high = self._quartiles()
        spread = self._deviation()
        narrow = min(spread, (high - low) / 1.34)
        narrow = narrow if narrow > 0 else spread
        if not narrow > 1e-12 * self.farthest:
            raise CannotAnswer(
                "all distances between the plants are equal, so no bandwidth follows from them",
                hint="give bandwidth",
            )
        return float(0.9 * narrow * self.count**-0.2)

    def density(self, at: Floats, h: float, *, reflection: bool, exact: bool) -> Floats:
        """Kernel density of the distances."""
        if exact:
            order = np.argsort(self._distances(), kind="stable")
            pairs, weights = self._distances()[order], self._products()[order]
            sums = _kernel_sums(pairs, weights, at, h)
            if reflection:
                sums += _kernel_sums(pairs, weights, -at, h)
            return np.asarray(sums / (h * np.sqrt(2 * np.pi) * self.total))
        self._count(max(1, int(np.ceil(self.farthest / h * FINEST))))
        return _smoothed(self._weight_at / self.total, self._width, at, h, reflection=reflection)

    def _distances(self) -> Floats:
        from scipy.spatial.distance import pdist  # noqa: PLC0415 - slow to import

        if self._exact is None:
            self._exact = self.points.along(pdist(self.points.places))
        return self._exact

    def _products(self) -> Floats:
        if self.weights is None:
            return np.ones(len(self._distances()))
        first, second = np.triu_indices(len(self.weights), 1)
        return np.asarray(self.weights[first] * self.weights[second])

    def _count(self, marks: int) -> None:
        from clusteratlas.measures.space.point_pairs import distance_histogram  # noqa: PLC0415 - compiled

        if marks <= self._marks:
            return
        if marks > MOST_MARKS:
            raise CannotAnswer(
                "the bandwidth is too small beside the farthest distance",
                value=f"{marks / FINEST:.0f} bandwidths",
                hint="give a larger bandwidth, or ask for exact sums",
            )
        self._marks = marks
        self._width = self.farthest / marks if self.farthest > 0 else 1.0
        self._counts, self._weight_at, self._sum = distance_histogram(
            np.ascontiguousarray(self.points.places.T),
            np.empty(0) if self.weights is None else self.weights,
            EARTH_RADIUS if self.points.globe else 0.0,
            self._width,
            marks + 2,
        )

    def _enough(self) -> int:
        """Marks that will do for the bandwidth, which is foreseen from every few points."""
        h = self._bandwidth
        if not self.farthest > 0:
            return 1
        if h is None:
            few = Points(self.points.places[:: len(self.points) // 400], self.points.globe)
            sample = PairDistances(few, None, None)
            low, _, high = sample._quartiles()
            spread = min(sample._deviation(), (high - low) / 1.34)
            h = 0.8 * spread * self.count**-0.2
        return int(min(FINEST * self.farthest / max(h, 1e-12 * self.farthest), MOST_MARKS / 64))

    def _quartiles(self) -> Floats:
        shares = np.array([0.25, 0.5, 0.75])
        if len(self.points) <= SMALL:
            if self._three is None:
                self._three = np.quantile(self._distances(), shares)
            return np.asarray(self._three)
        self._count(self._enough())
        below = np.cumsum(self._counts)
        middles = (np.arange(len(below)) + 0.5) * self._width
        middles[0] = 0.0  # pairs on one spot
        return np.asarray(np.interp(shares * self.count, below, middles))

    def _deviation(self) -> float:
        if len(self.points) <= SMALL:
            return float(self._distances().std(ddof=1)) if self.count > 1 else 0.0
        if self.points.globe:
            marks = np.arange(len(self._counts)) * self._width
            squares = float(self._counts @ marks**2)
        else:
            centred = self.points.places - self.points.places.mean(axis=0)
            squares = float(len(centred) * (centred**2).sum())
        return float(np.sqrt((squares - self._sum**2 / self.count) / (self.count - 1)))


def _kernel_sums(pairs: Floats, weights: Floats, at: Floats, h: float) -> Floats:
    """Sum of weight x exp(-u^2 / 2) over the pairs near enough to matter; pairs are sorted."""
    begin = np.searchsorted(pairs, at - FAR * h)
    end = np.searchsorted(pairs, at + FAR * h)
    sums = np.zeros(len(at))
    for place, (first, last) in enumerate(zip(begin, end, strict=True)):
        if last > first:
            apart = (pairs[first:last] - at[place]) / h
            sums[place] = weights[first:last] @ np.exp(-0.5 * apart * apart)
    return sums


def _smoothed(masses: Floats, width: float, at: Floats, h: float, *, reflection: bool) -> Floats:
    """Normal density around the masses on a grid of marks, by its Fourier transform."""
    from scipy import fft  # noqa: PLC0415 - slow to import

    factor = max(1, int(h / width / FINEST))
    marks, step = _coarser(masses, factor), width * factor
    # Room beyond the last mark for its tail, and for the tail below 0, which comes out behind it.
    size = fft.next_fast_len(len(marks) + int(np.ceil(2 * FAR * h / step)) + 4, real=True)
    damping = np.exp(-2 * (np.pi * h * fft.rfftfreq(size, step)) ** 2)
    curve = fft.irfft(fft.rfft(marks, size) * damping, size) / step
    values = _read_off(curve, at / step)
    if reflection:
        values += np.where(at <= FAR * h, _read_off(curve, -at / step), 0.0)
    return np.where(at <= len(marks) * step + FAR * h, np.maximum(values, 0.0), 0.0)


def _coarser(masses: Floats, factor: int) -> Floats:
    """Share each mass between the nearest two of every `factor`-th mark."""
    if factor == 1:
        return masses
    count = -(-len(masses) // factor)
    blocks = np.zeros(count * factor)
    blocks[: len(masses)] = masses
    share = np.arange(factor) / factor
    table = blocks.reshape(count, factor)
    coarse = np.zeros(count + 1)
    coarse[:-1] = table @ (1 - share)
    coarse[1:] += table @ share
    return coarse


def _read_off(curve: Floats, at: Floats) -> Floats:
    """Cubic interpolation of a curve that closes on itself, at fractions of its marks."""
    mark = np.floor(at)
    t = at - mark
    places = mark.astype(np.int64)[:, None] + np.arange(-1, 3)
    four = curve[places % len(curve)]
    shares = np.stack(
        (
            -t * (t - 1) * (t - 2) / 6,
            (t + 1) * (t - 1) * (t - 2) / 2,
            -(t + 1) * t * (t - 2) / 2,
            (t + 1) * t * (t - 1) / 6,
        ),
        axis=1,
    )
    return np.asarray((four * shares).sum(axis=1))
