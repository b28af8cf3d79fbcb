"""What a process may take that reads a file of a stranger."""

from __future__ import annotations

import resource
from typing import Final

MEMORY: Final = 1_000_000_000
"""Bytes of data that the process may hold."""

SECONDS: Final = 60


def bind_to_limits() -> None:
    """Bind this process to its limits; from here on nothing widens them again."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
