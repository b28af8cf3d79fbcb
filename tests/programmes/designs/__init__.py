"""Panels with a known true effect, and broken designs with a known fault.

Designs, seeds and faults of this package were fixed and committed before a single check or
estimator of ``clusteratlas.programmes.effects`` existed, and they are not bent to what the checks
happen to see: a fault that is missed stays in the catalogue and counts as missed.

``sound`` imitates six designs on panels (matched firms, with and without exits; staggered adoption;
triple difference; a contest; direct and spillover groups; one region), ``shares`` the shift-share
instrument. ``broken`` is the catalogue of faults: each names what a right refusal would say. Faults
are such that a check can in principle see them in the data it is given; what no data shows (a break
that hits every control alike on the day of the start) is not in the catalogue, and no check can
promise it.
"""
