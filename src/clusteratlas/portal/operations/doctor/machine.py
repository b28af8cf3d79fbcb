"""The clock, the memory, and the parts that set-up makes."""

from __future__ import annotations

import importlib.util
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from clusteratlas.portal.operations.doctor.finding import Finding, fail, ok, warn
from clusteratlas.portal.static_files import BUILT

LITTLE_MEMORY = 500_000_000
MOST_SECONDS_APART = 5.0
EARLIEST = 1_767_225_600
"""No clock of today is before 2026."""


def machine(store: Path) -> Iterator[Finding]:
    """Look at the clock, also that of the disk, and at the memory that is left."""
    now = time.time()
    apart = 0.0
    if store.is_dir() and os.access(store, os.W_OK):
        with tempfile.NamedTemporaryFile(dir=store) as file:
            apart = abs(os.stat(file.name).st_mtime - time.time())
    if now < EARLIEST or apart > MOST_SECONDS_APART:
        said = f"the clock says {time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))} UTC"
        yield warn("clock", f"{said}, the disk's is {apart:.0f} s off", "follow a time server")
    else:
        yield ok("clock", f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))} UTC")
    free = _memory()
    if free is not None:
        said = f"{free / 1e9:,.1f} GB of memory are left"
        hint = "a worker takes some hundred MB; fewer workers, or CLUSTERATLAS_CACHE_MEGABYTES"
        yield warn("memory", said, hint) if free < LITTLE_MEMORY else ok("memory", said)


def _memory() -> int | None:
    """Bytes that this process may still take, under the limit of its container too."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        told = dict(line.split(":", 1) for line in lines if ":" in line)
        free = int(told["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
        return min(free, int(limit) - used) if limit != "max" else free
    except (OSError, ValueError):
        return free


def parts() -> Iterator[Finding]:
    """Look for the built front end, the compiled languages and the driver of the database."""
    hint = "run `make demo SERVE=0` in the sources, or install a wheel that holds it"
    if (BUILT / "atlas.css").is_file() and (BUILT / "atlas.js").is_file():
        yield ok("front end", "styles, scripts and maps are built")
    else:
        yield fail("front end", "styles, scripts and maps are not built", hint)
    places = [Path(each) for each in settings.LOCALE_PATHS]
    lacking = [
        code
        for code, _name in settings.LANGUAGES
        if code != "en"
        and not all((each / code / "LC_MESSAGES" / "django.mo").is_file() for each in places)
    ]
    if lacking:
        said = f"languages are not compiled and fall back to English: {', '.join(lacking)}"
        yield warn("languages", said, hint)
    else:
        yield ok("languages", "all are compiled")
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        if importlib.util.find_spec("psycopg") is None:
            hint = "pip install 'clusteratlas[postgres]'"
            yield fail("driver", "the driver of PostgreSQL is missing", hint)
        else:
            yield ok("driver", "the driver of PostgreSQL is there")
