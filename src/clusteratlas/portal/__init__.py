"""The Django project: pages and API. The only room that knows HTTP."""

from clusteratlas.portal.server import serve

__all__ = ["serve"]
