"""The server asks publishers and nobody else, whatever stands in an address or a redirect."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import clusteratlas
from clusteratlas.sources.catalogue.reach import OutOfReach, Reach

HOST = "www2.census.gov"
BYPASSES = (
    "http://www2.census.gov/a.zip",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    f"https://{HOST}@127.0.0.1/",
    f"https://user:secret@{HOST}/",
    f"https://{HOST}:8443/",
    f"https://{HOST}.evil.example/",
    f"https://evil-{HOST}/",
    f"https://{HOST}./",
    f"https://{HOST}\\@evil.example/",
    f"https://evil.example/{HOST}",
    f"https://evil.example#@{HOST}/",
    "https://www2.census.gov.127.0.0.1.nip.io/",
    "https://www2.cеnsus.gov/",
    "https://xn--www2-census-gov.example/",
    "https://ⓦww2.census.gov.evil.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://www2.census.gov/",
    "//127.0.0.1/",
    "https://",
    "https://[",
    "",
)
ASKS_THE_WEB = {"sources/catalogue/fetch.py"}
"""The only modules that ask another server for a page; the address comes from the catalogue."""

CLIENTS = {"urllib3", "http.client", "urllib.request", "requests", "httpx", "aiohttp", "ftplib"}


@pytest.mark.parametrize("address", BYPASSES)
def test_only_publishers_are_asked_also_after_a_redirect(address: str) -> None:
    reach = Reach(frozenset({HOST}))
    with pytest.raises(OutOfReach):
        reach.resolve(address)
    if address:
        with pytest.raises(OutOfReach):
            reach.resolve(reach.after("http://127.0.0.1/", address))


def test_one_module_asks_the_web_and_none_of_the_portal() -> None:
    root = Path(clusteratlas.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if any(name in CLIENTS or name.split(".")[0] in CLIENTS for name in names):
                found.add(str(path.relative_to(root)))
    assert {each for each in found if not each.startswith("sources/catalogue/")} == set()
    assert found >= ASKS_THE_WEB
