"""A hook of the docs site: the page of rights, made of the table that the portal asks."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from clusteratlas.portal.rights import RIGHTS, Right

PLACE = "reference/rights.md"
HEAD = """\
# Rights

Every page and every call of the portal names one right; the gate asks for it before anything
else is done, and what names none is closed. This table is the one that is asked.

*On the site*: the least role on the whole site that holds the right everywhere. *Within*: the
least role within the organisation that the address names, or within one that takes part in the
event it names. Either is enough. *Hidden*: who may not see it is told that it is not there.

Roles on the site, each holding what the one before holds: visitor (not signed in), member,
moderator, administrator. Roles within an organisation: member, editor, owner. A token of the
API acts for its person, never for more, and only reads unless it was made to edit. Where
`CLUSTERATLAS_SECOND_FACTOR` asks for a second step, moderators and administrators without one
are members.

| right | lets people | on the site | within | hidden |
|---|---|---|---|---|
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page."""
    files.append(File.generated(config, PLACE, content=page()))
    return files


def page() -> str:
    """The page in Markdown."""
    return HEAD + "\n".join(_line(name, right) for name, right in RIGHTS.items()) + "\n"


def _line(name: str, right: Right) -> str:
    hidden = "yes" if right.hidden else ""
    return (
        f"| `{name}` | {right.meaning} | {_role(right.site)} | {_role(right.inside)} | {hidden} |"
    )


def _role(role: Any) -> str:
    return "nobody" if role is None else str(role.name.lower())
