"""The process of one job: ``python -m clusteratlas.portal.operations.run_job ID``."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from clusteratlas.portal import store


def main(job: int) -> None:
    """Do the work of a job; what came of it stands in the database."""
    store.set_up(Path(os.environ["CLUSTERATLAS_PLACE"]))

    from clusteratlas.portal.operations import jobs  # noqa: PLC0415 - needs Django set up

    beating = threading.Thread(target=jobs.beat, args=(job,), daemon=True)
    jobs.run(job, taken_up=beating.start)


if __name__ == "__main__":
    main(int(sys.argv[1]))
