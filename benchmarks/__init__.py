"""Measured against the machine's own limit, in ratios within one run; never part of the tests."""
