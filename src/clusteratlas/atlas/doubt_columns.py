"""The columns that say how sure a figure is, in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clusteratlas.atlas.panel import Floats, column_of

REGION_DOUBT = pa.schema(
    [
        *((name, pa.string()) for name in ("scheme", "region", "definition")),
        ("year", pa.int16()),
        *(
            (f"{name}_{end}", pa.float64())
            for name in ("traded_share", "cluster_strength")
            for end in ("low", "high")
        ),
        ("strong_clusters_low", pa.int32()),
        ("strong_clusters_high", pa.int32()),
    ]
)
CLUSTER_DOUBT = pa.schema(
    [
        *((name, pa.string()) for name in ("scheme", "definition", "cluster")),
        ("year", pa.int16()),
        ("employment_low", pa.int64()),
        ("employment_high", pa.int64()),
        ("regions_strong_low", pa.int32()),
        ("regions_strong_high", pa.int32()),
        ("share_in_strong_regions_low", pa.float64()),
        ("share_in_strong_regions_high", pa.float64()),
    ]
)


@dataclass
class Found:
    """Columns in the making, one figure for each row of the table."""

    size: int
    values: dict[str, Floats] = field(default_factory=dict)

    def put(self, name: str, rows: npt.NDArray[np.int64], values: Floats) -> None:
        """Write figures to rows."""
        if name not in self.values:
            self.values[name] = np.full(self.size, np.nan)
        self.values[name][rows] = values

    def column(self, name: str, kind: pa.DataType) -> pa.Array:
        """Return a column; what was never written is null."""
        values = self.values.get(name, np.full(self.size, np.nan))
        if pa.types.is_floating(kind):
            return column_of(values)
        missing = np.isnan(values)
        return pa.array(np.where(missing, 0, values).astype(np.int64), mask=missing).cast(kind)
