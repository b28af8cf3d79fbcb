"""Tables as HTML. A page has thousands of cells, so they are written here and not by a template."""

from __future__ import annotations

from html import escape as escaped

from django.utils.safestring import SafeString, mark_safe

from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

BAR = (
    '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="bar-rest" width="100" height="6"/>'
    '<rect class="bar-part" width="{width}" height="6"/></svg>'
)


def as_table(sheet: Sheet) -> SafeString:
    """Return a sheet as a table that scrolls in itself, with its caption as its name."""
    wide = len(sheet.columns)
    head = "".join(_head(column) for column in sheet.columns)
    body = "".join(_row(row, wide) for row in sheet.rows)
    body = body or f'<tr><td colspan="{wide}">{_text(sheet.empty)}</td></tr>'
    name = _text(sheet.identity)
    return mark_safe(  # noqa: S308 - every text in it went through _text
        f'<div class="table-scroll{" tall" if sheet.tall else ""}" role="region" tabindex="0" '
        f'aria-labelledby="{name}"><table class="data"><caption id="{name}">'
        f"{_text(sheet.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _text(value: object) -> str:
    """Escape a text, unless it is HTML that was made safe before."""
    if isinstance(value, SafeString):
        return str(value)
    return escaped(str(value))


def _link(href: str, text: str) -> str:
    return f'<a href="{_text(href)}">{text}</a>' if href else text


def _head(column: SheetColumn) -> str:
    kind = ' class="num"' if column.number else ""
    order = f' aria-sort="{column.sorted}"' if column.sorted else ""
    unit = f'<span class="unit">{_text(column.unit)}</span>' if column.unit else ""
    return f'<th scope="col"{kind}{order}>{_link(column.order, _text(column.label))}{unit}</th>'


def _row(row: SheetRow, wide: int) -> str:
    kinds = " ".join(filter(None, (row.kind, "noted" if row.notes else "")))
    name = _text(row.name)
    if row.lang:
        name = f'<span lang="{_text(row.lang)}">{name}</span>'
    code = f' <span class="code">{_text(row.code)}</span>' if row.code else ""
    box = ""
    if row.pick:
        field, value = (_text(part) for part in row.pick)
        box = (
            f'<label class="pick"><input type="checkbox" name="{field}" value="{value}" '
            f'aria-label="{name}"></label>'
        )
    pills = "".join(
        f' <span class="pill {_text(kind)}">{_text(word)}</span>' for kind, word in row.pills
    )
    cells = "".join(_cell(cell) for cell in row.cells)
    kind = f' class="{_text(kinds)}"' if kinds else ""
    line = f'<tr{kind}><th scope="row">{box}{_link(row.href, name)}{code}{pills}</th>{cells}</tr>'
    return f"{line}{_notes(row, wide)}" if row.notes else line


def _cell(cell: Cell) -> str:
    kind = ' class="num"' if cell.number else ""
    mark = ""
    if cell.mark:
        words = cell.mark_words
        said = f'<span class="visually-hidden">{_text(words)}: </span>' if words else ""
        mark = f'<span class="mark {_text(cell.mark)}"></span>{said}'
    between = f'<small class="range">{_text(cell.between)}</small>' if cell.between else ""
    bar = BAR.format(width=_text(cell.bar)) if cell.bar else ""
    return f"<td{kind}>{mark}{_link(cell.href, _text(cell.text))}{between}{bar}</td>"


def _notes(row: SheetRow, wide: int) -> str:
    notes = "".join(
        f'<span><span class="quiet">{_text(what)}:</span> {_text(words)}</span>'
        for what, words in row.notes
    )
    return f'<tr class="row-note"><td colspan="{wide}"><div>{notes}</div></td></tr>'
