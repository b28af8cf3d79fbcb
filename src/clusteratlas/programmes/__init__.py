"""Programmes: whom to fund, what came of it, and how sure that is.

``register`` holds what a programme says of itself and its money, ``readiness`` screens who asks for
support, ``benchmarking`` sets organisations beside their peers, ``account`` counts what logs hold,
``effects`` asks what a programme changed, and ``evidence`` keeps what others have published.
"""

from clusteratlas.programmes.grades import EvidenceGrade

__all__ = ["EvidenceGrade"]
