"""Cluster Atlas: from raw employment counts to the decision, and how sure every number is."""

__version__ = "0.1.0"
