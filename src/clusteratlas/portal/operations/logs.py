"""The portal's log: a line of JSON or of text for each event, with the request it belongs to.

No personal data: a request is told by its route (``/regions/<str:scheme>/<str:region>/``), not its
address, and neither by who asks nor from where.
"""

from __future__ import annotations

import datetime
import json
import logging
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is answered now in this thread; empty outside of any."""

FIELDS = ("route", "method", "status", "milliseconds")
"""What a line of a request tells beside the words."""


class JsonLine(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, request and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            said["request"] = request_id.get()
        said |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class TextLine(logging.Formatter):
    """Writes the same as words on a line, the trace of a fault beneath."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        asked = request_id.get()
        tail = f" [{asked}]" if asked else ""
        line = f"{_time(record)} {record.levelname} {record.name} {record.getMessage()}{tail}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _time(record: logging.LogRecord) -> str:
    at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def settings(kind: str) -> dict[str, Any]:
    """Return Django's settings of the log, for lines of ``json`` or of ``text``."""
    line = JsonLine if kind == "json" else TextLine
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{line.__module__}.{line.__name__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "clusteratlas.portal": {"level": "INFO"},
            # A line for each request is for machines; in text it would bury everything else.
            "clusteratlas.portal.requests": {"level": "INFO" if kind == "json" else "WARNING"},
            # These tell whole addresses with the secrets of links; our own lines tell the route.
            "django.request": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},
            "axes": {"level": "ERROR"},
        },
    }
