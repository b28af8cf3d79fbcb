"""What a first visit transfers, compressed, with an empty cache."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

Browse = Callable[..., Page]
PAGE = 300_000
EXPLORER = 450_000


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", PAGE),
        ("/map/", EXPLORER),
        ("/map/?scheme=nuts-2", EXPLORER),
        ("/regions/us-cbsa/41940/", PAGE),
        ("/regions/nuts-2/DE11/", PAGE),
        ("/regions/us-cbsa/", PAGE),
        ("/clusters/us-benchmark-2014/23/", PAGE),
    ],
)
def test_the_first_view_stays_within_its_budget(browse: Browse, path: str, most: int) -> None:
    page = browse("/api/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.clearBrowserCache")
    loaded: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    devtools.detach()
    assert len(loaded) >= 4, "page, style, script and typeface are there"
    assert sum(loaded) <= most, f"{sum(loaded):,.0f} bytes in {len(loaded)} answers"
