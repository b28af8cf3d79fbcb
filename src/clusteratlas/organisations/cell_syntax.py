r"""What stands in one cell of the flat form: lists, references to the map, yes and no.

Values of a list are separated by ``;``. A semicolon of a value itself is written ``\;`` and a
backslash ``\\``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from clusteratlas.organisations.profile import Claim, IndustryRef, RegionRef

SEPARATOR: Final = ";"
YES: Final = ("yes", "true", "1", "y", "x")
NO: Final = ("no", "false", "0", "n")
_WEIGHT: Final = re.compile(r"\s*\((main|side)\)$")


def split_list(cell: str) -> list[str]:
    r"""Return the values of a cell.

    >>> split_list("optics; lasers \\; light;")
    ['optics', 'lasers ; light']
    """
    if "\\" not in cell:
        return [each for part in cell.split(SEPARATOR) if (each := part.strip())]
    values, value, escaped = [], [], False
    for letter in cell:
        if escaped:
            value.append(letter if letter in (SEPARATOR, "\\") else f"\\{letter}")
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == SEPARATOR:
            values.append("".join(value).strip())
            value = []
        else:
            value.append(letter)
    values.append(("".join(value) + ("\\" if escaped else "")).strip())
    return [each for each in values if each]


def join_list(values: Iterable[str]) -> str:
    r"""Return a cell that `split_list` reads back.

    >>> join_list(["optics", "lasers; light"])
    'optics; lasers\\; light'
    """
    return f"{SEPARATOR} ".join(
        each.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}") for each in values
    )


def written_region(region: RegionRef) -> str:
    """Return a region as ``scheme:region``.

    >>> written_region(RegionRef(scheme="nuts-2", region="DE11"))
    'nuts-2:DE11'
    """
    return f"{_kept(region.scheme, ':')}:{region.region}"


def written_industry(industry: IndustryRef) -> str:
    """Return an industry as ``classification:industry``."""
    return f"{_kept(industry.classification, ':')}:{industry.industry}"


def written_claim(claim: Claim) -> str:
    """Return a claim as ``definition:cluster/subcluster``, a side field with ``(side)`` behind.

    >>> written_claim(Claim(definition="us", cluster="5", subcluster="Drugs", weight="side"))
    'us:5/Drugs (side)'
    """
    text = f"{_kept(claim.definition, ':')}:{_kept(claim.cluster, '/')}"
    if claim.subcluster:
        text += f"/{claim.subcluster}"
    if claim.weight != "main":
        return f"{text} ({claim.weight})"
    return f"{text} (main)" if _WEIGHT.search(text) else text


def claim_parts(text: str) -> tuple[str, str, str, str]:
    """Return definition (empty where not named), cluster, subcluster and weight of a written claim.

    >>> claim_parts("us:5/Drugs (side)"), claim_parts("Plastics")
    (('us', '5', 'Drugs', 'side'), ('', 'Plastics', '', 'main'))
    """
    weight = "main"
    if found := _WEIGHT.search(text):
        weight, text = found.group(1), text[: found.start()]
    definition, colon, rest = text.partition(":")
    if not colon:
        definition, rest = "", text
    cluster, _, subcluster = rest.partition("/")
    return _freed(definition.strip()), _freed(cluster.strip()), subcluster.strip(), weight


def coded_parts(text: str) -> tuple[str, str]:
    """Return what stands before the colon (empty where there is none) and the code behind it.

    >>> coded_parts("nuts-2:DE11"), coded_parts("DE11")
    (('nuts-2', 'DE11'), ('', 'DE11'))
    """
    before, colon, code = text.partition(":")
    return (_freed(before.strip()), code.strip()) if colon else ("", text.strip())


def _kept(code: str, mark: str) -> str:
    """A code whose own mark is written so that it is not taken for one that separates."""
    return code.replace("%", "%25").replace(mark, f"%{ord(mark):02X}")


def _freed(code: str) -> str:
    if "%" not in code:
        return code
    for mark in ":/%":
        code = code.replace(f"%{ord(mark):02X}", mark)
    return code
