"""The account of a programme, and each of its figures with the rule and evidence behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import active
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.account.effect_parts import published_parts
from clusteratlas.portal.programmes.account.kept import account_of_programme, voice
from clusteratlas.portal.programmes.account.shown import (
    FIGURE_WORDS,
    FigureRecord,
    figure_records,
    stage_parts,
)
from clusteratlas.portal.programmes.effects.pages import published_studies
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register.keeping import number_in
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.portal.typeset import set_as_pdf
from clusteratlas.portal.words import word
from clusteratlas.programmes.account import (
    LAYOUTS,
    Account,
    Figure,
    Rule,
    RuleSet,
    Stage,
    bundled_sets,
)
from clusteratlas.programmes.account.words import (
    GRADES,
    SENTENCES,
    STAGES,
    STATUSES,
    remarks,
    rows_in_words,
    step_in_words,
    unit_in_words,
    value_in_words,
)
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.programmes.report import report_content
from clusteratlas.tables import CannotAnswer

SECTION = "programmes"


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure with all that stands behind it, in words; without any row of a log."""

    value: str
    unit: str
    status: str
    grade: str
    steps: list[str]
    remarks: list[str]
    counted: list[str]
    checksum: str


def public_part(programme: Programme) -> Document:
    """Return what everybody may read; before there is such a thing, what those who run it see."""
    public = programme.public_document if programme.is_public else None
    return public or programme.document


@needs("see_programme")
@require_safe
def account_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show what went into a programme and what came of it, by stage, for a year."""
    row = found_programme(programme)
    document = public_part(row)
    account = account_of_programme(row, document)
    year = _year(request, account)
    known = len({each.key for each in account.figures if each.year == year and each.known})
    rules = len({each.key for each in account.figures})
    return page(
        request,
        "programmes/account.html",
        section=SECTION,
        programme=row,
        document=document,
        year=year,
        years=[Choice(str(each), str(each), each == year) for each in account.years],
        sentence=_("Known for %(year)s: %(known)s of %(all)s figures.")
        % {"year": year, "known": figures.whole(known), "all": figures.whole(rules)},
        stages=stage_parts(account, row.slug, year),
        studies=published_studies(row),
        effects=addresses.programme(row.slug, "effects/"),
        impact=word(STAGES[Stage.impact]),
        logs=_logs(account),
        rule_sets=[(each.id, word(each.title), each.source) for each in account.rule_sets],
        source=source_of(account, document),
        csv=addresses.account(row.slug, "table.csv"),
        api=f"/api/v1/programmes/{row.slug}/account",
    )


@needs("see_programme")
@require_safe
def account_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give every figure of an account, as a file."""
    row = found_programme(programme)
    document = public_part(row)
    account = account_of_programme(row, document)
    return table_answer(
        request,
        figure_records(account),
        name=f"account-{row.slug}",
        title=_("%(programme)s: account") % {"programme": document.name},
        source=source_of(account, document),
        kind=FigureRecord,
        words=FIGURE_WORDS,
    )


@needs("see_programme")
@require_safe
def figure_page(request: AtlasRequest, programme: str, rule: str, year: int) -> HttpResponse:
    """Show the rule of a figure, its steps and its evidence; no row of a log is named."""
    row = found_programme(programme)
    document = public_part(row)
    account = account_of_programme(row, document)
    rules, found, listed = _figures(account, rule, year)
    bundled = rules in bundled_sets()
    return page(
        request,
        "programmes/figure.html",
        section=SECTION,
        programme=row,
        document=document,
        year=year,
        title=word(found.title),
        rule=found,
        rules=rules,
        key=rule,
        lang="" if bundled else "und",
        text=word(found.text),
        note=word(found.note),
        stage=word(STAGES[found.stage]),
        needs=[(name, word(LAYOUTS[name].meaning)) for name in rules.needs(found)],
        figures=[_shown(each) for each in listed],
        years=[
            (each, addresses.figure(row.slug, rule, each), each == year) for each in account.years
        ],
        back=addresses.account(row.slug, year=year),
        rows=addresses.figure(row.slug, rule, year, "rows/"),
        grade=word(SENTENCES["grade"]),
        source=source_of(account, document),
    )


@needs("run_programme")
@require_safe
def rows_page(request: AtlasRequest, programme: str, rule: str, year: int) -> HttpResponse:
    """Show the very rows that a figure counted, to those who run the programme."""
    row = found_programme(programme)
    account = account_of_programme(row, row.document)
    rules, found, listed = _figures(account, rule, year)
    names = {
        each.text("organisation"): each.text("name") for each in account.logs.rows("organisations")
    }
    return page(
        request,
        "programmes/figure_rows.html",
        section=SECTION,
        programme=row,
        year=year,
        title=word(found.title),
        rule=found,
        rules=rules,
        lang="" if rules in bundled_sets() else "und",
        sheets=[_rows_sheet(each, account, names) for each in listed if each.records],
        back=addresses.figure(row.slug, rule, year),
    )


@needs("see_programme")
@require_safe
def report_pdf(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the report of a programme as PDF, in the language of the address."""
    row = found_programme(programme)
    account = account_of_programme(row, public_part(row))
    effects = published_parts(row)
    content = report_content(account, voice=voice(), language=active(), effects=effects)
    response = HttpResponse(set_as_pdf("programme.typ", content), content_type="application/pdf")
    file = f"cluster-atlas-{row.slug}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def source_of(account: Account, document: Document) -> str:
    """Return what the figures of an account rest on."""
    first, last = account.years[0], account.years[-1]
    return _("%(programme)s: its logs and its entry in the register, %(first)s to %(last)s") % {
        "programme": document.name,
        "first": first,
        "last": last,
    }


def _year(request: AtlasRequest, account: Account) -> int:
    asked = request.GET.get("year", "")
    if not asked:
        known = [each.year for each in account.figures if each.known and each.year is not None]
        return max(known, default=account.years[-1])
    if (year := number_in(asked)) not in account.years:
        raise CannotAnswer(
            "the account has no such year",
            value=asked,
            hint=f"it has {account.years[0]} to {account.years[-1]}",
        )
    return year


def _figures(account: Account, key: str, year: int) -> tuple[RuleSet, Rule, list[Figure]]:
    listed = [each for each in account.of_rule(key) if each.year == year]
    if not listed:
        raise Http404
    return listed[0].rules, listed[0].rule, listed


def _shown(figure: Figure) -> ShownFigure:
    said = voice()
    counted = {name: len(rows) for name, rows in figure.rows().items()}
    return ShownFigure(
        value_in_words(figure, said),
        unit_in_words(figure, said) if figure.known else "",
        word(STATUSES[figure.status]),
        word(GRADES[figure.grade]),
        [step_in_words(each, said) for each in figure.steps],
        remarks(figure, said),
        rows_in_words(counted, said),
        figure.checksum if figure.records else "",
    )


def _logs(account: Account) -> Sheet:
    rows = []
    for name in LAYOUTS:
        log = account.logs.logs.get(name)
        if log is None:
            continue
        covered = account.logs.covered.get(name)
        complete = figures.NOTHING
        if covered is not None:
            complete = f"{covered.first}–{covered.last}"
            if not covered.stated:
                complete = _("%(years)s, by its dates") % {"years": complete}
        checker = covered.verified_by if covered is not None else ""
        rows.append(
            SheetRow(
                word(name),
                [
                    Cell(figures.whole(len(log.rows))),
                    Cell(complete, number=False),
                    Cell(checker or _("nobody"), number=False),
                    Cell(log.checksum[:16], number=False),
                ],
            )
        )
    return Sheet(
        "logs",
        _("The logs that are counted"),
        [
            SheetColumn(_("Log"), number=False),
            SheetColumn(_("Rows")),
            SheetColumn(_("Complete for"), number=False),
            SheetColumn(_("Checked by"), number=False),
            SheetColumn("SHA-256", number=False),
        ],
        rows,
        empty=_("No log is handed in yet, so nothing is counted."),
    )


def _rows_sheet(figure: Figure, account: Account, names: dict[str, str]) -> Sheet:
    """The records of a figure; what a row of a log says stands beside its number."""
    cells = {(name, row.number): row for name in figure.rows() for row in account.logs.rows(name)}
    rows = []
    for record in figure.records:
        found = cells.get((record.log, record.row))
        told = found.plain() if found else {}
        if (organisation := str(told.get("organisation", ""))) in names:
            told["organisation"] = f"{organisation} ({names[organisation]})"
        said = "; ".join(f"{name} {value}" for name, value in told.items())
        rows.append(
            SheetRow(
                names.get(record.unit, record.unit) or figures.NOTHING,
                [
                    Cell(word(record.log), number=False),
                    Cell(str(record.row)),
                    Cell(_("surely") if record.certain else _("possibly"), number=False),
                    Cell(said, number=False),
                ],
                lang="und",
            )
        )
    return Sheet(
        f"rows-{figure.unit.split()[0].casefold() if figure.unit else 'all'}",
        _("The rows that were counted"),
        [
            SheetColumn(_("Counted"), number=False),
            SheetColumn(_("Log"), number=False),
            SheetColumn(_("Row")),
            SheetColumn(_("Counts"), number=False),
            SheetColumn(_("What the row says"), number=False),
        ],
        rows,
        tall=True,
    )
