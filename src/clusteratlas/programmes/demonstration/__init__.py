"""The fictional programme *Imaginary Cluster Boost*: its logs of 2018-2025, to try things on."""

from clusteratlas.programmes.demonstration.logs import fictional_logs
from clusteratlas.programmes.demonstration.panel import fictional_panel
from clusteratlas.programmes.demonstration.writing import write_example, write_logs

__all__ = ["fictional_logs", "fictional_panel", "write_example", "write_logs"]
