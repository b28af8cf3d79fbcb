"""Benchmarking: questionnaires, self-assessments, and where an organisation stands."""
