"""The same jobs from a terminal: build a release, ask it questions, serve the portal."""

from clusteratlas.cli.app import app, main

__all__ = ["app", "main"]
