"""Set content as PDF by typst; needs no Django, so a command can do it too.

A template reads no file and runs nothing: what it says is handed over as data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from clusteratlas.portal.static_files import BUILT

TEMPLATES = Path(__file__).parent / "reports"


def set_as_pdf(template: str, content: dict[str, Any]) -> bytes:
    """Return the PDF that a template of ``reports`` makes of content; equal content, equal PDF."""
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(BUILT / "report")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        timestamp=0,
    )
