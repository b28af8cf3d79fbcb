"""A hook of the docs site: one reference page for each measure, made of its docstring.

The docstring is the one place of a measure's formula, source and example; this only sets it in
type. Formulas become MathML, which browsers show without a script.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import clusteratlas.measures
from clusteratlas.measures.catalogue import GROUPS, measures_of
from clusteratlas.measures.labelled import Measure

PLACE = "reference/measures"
SECTIONS = (
    "Definition",
    "Parameters",
    "Returns",
    "Missing data",
    "Raises",
    "Source",
    "Example",
)
SHORTEST = 3
"""Dashes under a section's name, at least."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hang the measures' pages under their groups, beside the list of all."""
    groups: list[Any] = [f"{PLACE}/index.md"]
    for group in GROUPS:
        pages = [{each.name: f"{PLACE}/{each.name}.md"} for each in measures_of(group)]
        groups.append({group.title: pages})
    for part in config.nav or []:
        for items in part.values():
            for item in items if isinstance(items, list) else ():
                if item.get("Measures") == f"{PLACE}/index.md":
                    item["Measures"] = groups
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each measure and a page that lists them."""
    lines = [
        "# Measures",
        "",
        "Every formula of the atlas, on arrays: rows are regions, columns are industries or "
        "clusters. `NaN` means not known, never zero. Each takes a NumPy array, a SciPy sparse "
        "matrix or a labelled frame (pandas, Polars, Arrow) and gives back the same kind; a "
        "mapping of years, or an array years x regions x industries, is worked year by year. "
        "Where packages differ: [conventions](../conventions.md).",
        "",
    ]
    for group in GROUPS:
        lines += [
            f"## {group.title}",
            "",
            group.about,
            "",
            "| measure | what it says |",
            "|---|---|",
        ]
        for measure in measures_of(group):
            text = inspect.getdoc(measure.function) or ""
            lines.append(f"| [`{measure.name}`]({measure.name}.md) | {_inline(_sentence(text))} |")
            files.append(_page(f"{PLACE}/{measure.name}.md", page_of(measure), config))
        lines.append("")
    files.append(_page(f"{PLACE}/index.md", "\n".join(lines), config))
    return files


def _page(place: str, content: str, config: MkDocsConfig) -> File:
    return File.generated(config, place, content=content)


def page_of(measure: Measure) -> str:
    """The page of one measure in Markdown."""
    text = inspect.getdoc(measure.function) or ""
    parts = re.split(rf"(?m)^({'|'.join(SECTIONS)})\n-{{{SHORTEST},}}$", text)
    lines = [
        f"# {measure.name}",
        "",
        _inline(_sentence(parts[0])),
        "",
        "```python",
        f"clusteratlas.measures.{measure.name}{_signature(measure)}",
        "```",
        "",
        _prose(parts[0].strip().partition("\n\n")[2]),
    ]
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        text = inspect.cleandoc(body)
        named = name in ("Parameters", "Raises", "Returns") and re.search(r"(?m)^ {4}\S", text)
        setting = _named(text) if named else _prose(text)
        lines += [f"## {name}", "", setting, ""]
    return "\n".join(lines)


def _signature(measure: Measure) -> str:
    signature = inspect.signature(measure.function)
    parts, starred = [], False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(parameter.name + default)
    line = f"({', '.join(parts)})"
    return line if len(line) < 60 else "(\n    " + ",\n    ".join(parts) + ",\n)"


def _sentence(text: str) -> str:
    return " ".join(text.strip().partition("\n\n")[0].split())


def _named(body: str) -> str:
    """Names at the margin, each with indented words, as a list of definitions."""
    items = re.split(r"(?m)^(?=\S)", body)
    lines = []
    for item in items:
        name, _, words = item.partition("\n")
        if not name.strip():
            continue
        said = _inline(" ".join(inspect.cleandoc(words).split()))
        lines.append(f"- **{_inline(name.strip())}**" + (f": {said}" if said else ""))
    return "\n".join(lines)


def _prose(body: str) -> str:
    """Paragraphs, formulas and examples."""
    out, lines = [], body.split("\n")
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.startswith(".. math::"):
            formula = [line.removeprefix(".. math::").strip()]
            place += 1
            while place < len(lines) and (not lines[place].strip() or lines[place][0] == " "):
                formula.append(lines[place].strip())
                place += 1
            out += ["", _display(" ".join(formula)), ""]
            continue
        if line.startswith(">>>"):
            out += ["", "```pycon"]
            while place < len(lines) and lines[place].strip():
                out.append(lines[place])
                place += 1
            out += ["```", ""]
            continue
        out.append(line)
        place += 1
    text = "\n".join(out)
    blocks = re.split(r"(```pycon\n.*?\n```)", text, flags=re.DOTALL)
    return "".join(block if block.startswith("```") else _inline(block) for block in blocks)


def _display(formula: str) -> str:
    return f'<div class="formula">{convert(formula, display="block")}</div>'


def _inline(text: str) -> str:
    """Inline formulas as MathML, code as code, names of other measures as links."""
    text = re.sub(r":math:`([^`]+)`", lambda found: convert(" ".join(found[1].split())), text)
    text = re.sub(r"``([^`]+)``", r"`\1`", text)

    def linked(found: re.Match[str]) -> str:
        name = found[1]
        known = name in clusteratlas.measures.__all__ and name in _measures()
        return f"[`{name}`]({name}.md)" if known else found[0]

    return re.sub(r"(?<!\[)`(\w+)`", linked, SUBSCRIPTED.sub(_lowered, text))


SUBSCRIPTED = re.compile(
    r"`[^`]*`|<math.*?</math>|(?<!\w)([A-Za-z])_(?:\{([^}]*)\}|([a-z]{1,3}|\d))(?!\w)", re.DOTALL
)
"""A letter with an index in plain words, such as e_ri; code and formulas are passed over."""


def _lowered(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    return f"<var>{found[1]}</var><sub>{found[2] or found[3]}</sub>"


def _measures() -> set[str]:
    return {measure.name for group in GROUPS for measure in measures_of(group)}
