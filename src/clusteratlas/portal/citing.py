"""How a view is cited: title, source, the release as its version, an address that stays true."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from clusteratlas.atlas import Release

NAME = "Cluster Atlas"


def pinned(address: str, release: str) -> str:
    """Return an address that opens the release it was seen in, also when a newer one is current.

    >>> pinned("https://atlas.example/regions/us-cbsa/41940/?year=2021", "273fd8349748")
    'https://atlas.example/regions/us-cbsa/41940/?year=2021&release=273fd8349748'
    """
    scheme, host, path, query, _ = urlsplit(address)
    values = [(name, value) for name, value in parse_qsl(query) if name != "release"]
    return urlunsplit((scheme, host, path, urlencode([*values, ("release", release)]), ""))


@dataclass(frozen=True, slots=True)
class Citation:
    """One view as it is cited. ``address`` names the release already."""

    title: str
    source: str
    release: str
    address: str
    licence: str = ""

    @property
    def apa(self) -> str:
        """The reference in APA style; the release stands for the version."""
        based = f" Based on {self.source}." if self.source else ""
        return (
            f"{NAME}. (n.d.). {self.title} (Release {self.release}) [Data set].{based} "
            f"{self.address}"
        )

    @property
    def bibtex(self) -> str:
        """The reference as a BibTeX entry."""
        rows = [
            ("title", f"{{{_tex(self.title)}}}"),
            ("author", f"{{{NAME}}}"),
            ("version", f"release {self.release}"),
            ("howpublished", "Data set"),
            ("note", _tex(f"Based on {self.source}") if self.source else ""),
            ("url", self.address),
        ]
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows if value)
        return f"@misc{{clusteratlas-{self.release},\n{body}\n}}"


def _tex(text: str) -> str:
    """Escape what BibTeX reads as markup.

    >>> _tex("R&D at 5 %")
    'R\\\\&D at 5 \\\\%'
    """
    held = text.replace("\\", "").replace("{", "").replace("}", "")
    return "".join(f"\\{each}" if each in "&%$#_" else each for each in held)


def licence_of(release: Release, table: str = "employment") -> str:
    """Return the terms on which the figures of a table may be used again."""
    rows = release.provenance(table) or release.provenance("employment")
    terms: dict[str, list[str]] = {}
    for row in rows:
        named = terms.setdefault(row.licence, [])
        if row.publisher not in named:
            named.append(row.publisher)
    return "; ".join(f"{', '.join(named)}: {licence}" for licence, named in terms.items())
