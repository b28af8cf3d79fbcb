"""Is the site in order? One finding for each thing that is looked at, and what to do about it."""

from clusteratlas.portal.operations.doctor.finding import Finding, Verdict
from clusteratlas.portal.operations.doctor.visit import visit

__all__ = ["Finding", "Verdict", "visit"]
