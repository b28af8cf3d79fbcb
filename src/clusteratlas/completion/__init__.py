"""Withheld cells: bounds, estimate, interval and possible tables."""

from clusteratlas.completion.tidy import COMPLETED, complete_table

__all__ = ["COMPLETED", "complete_table"]
