"""Withheld cells: bounds, estimate, interval and possible tables."""

from clusteratlas.completion.employment import Completed, complete_employment
from clusteratlas.completion.tidy import COMPLETED, complete_table

__all__ = ["COMPLETED", "Completed", "complete_employment", "complete_table"]
