"""Cluster definitions: searched, scored, assessed, corrected, replayed and compared."""
