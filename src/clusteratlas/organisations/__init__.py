"""Cluster organisations: their profiles, what they claim, and whether the map bears it out."""
