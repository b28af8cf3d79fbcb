"""Cluster organisations: check their profiles against the map, convert them, find the gaps."""

from __future__ import annotations

import io
import sys
from collections import Counter
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from clusteratlas.atlas import Release, open_release
from clusteratlas.cli.ask import main_scheme
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.documents import to_json, write_csv
from clusteratlas.cli.options import (
    DEFAULT_PLACE,
    AsCsv,
    AsJson,
    DefinitionName,
    Form,
    Limit,
    Place,
    Scheme,
    form_of,
)
from clusteratlas.cli.outcome import command, say
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.words import number, quotient
from clusteratlas.organisations import (
    ClaimReport,
    Coverage,
    CoverageRow,
    EntryRules,
    Profile,
    Reading,
    RuleAnswer,
    Verdict,
    check_entry,
    check_many,
    coverage_of,
    load_demonstration,
    may_enter,
    read,
    read_entry_rules,
    write_profiles,
)
from clusteratlas.organisations.claim_words import claimed, figures_in_words, sentence
from clusteratlas.organisations.entry_rules import sentence_of
from clusteratlas.organisations.writing import schema_text
from clusteratlas.tables import CannotAnswer, InvalidInput, few

app = typer.Typer(
    help="Check cluster organisations, find gaps.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
READABLE_ROWS = 20
COVERED_WORDS = {
    "here": "here",
    "part": "in part",
    "within": "from within",
    "above": "from above",
    "nobody": "nobody",
}

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="Profiles: CSV, XLSX or JSON, or a plain list.")
]


@app.command()
@command
def check(
    file: File,
    *,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", metavar="NAME", help="Only the one of this name."),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", metavar="FILE.toml", help="Entry rules of your own."),
    ] = None,
    as_json: AsJson = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Check profiles: faults, entry rules, claims.

    Every claim is set against the measured map of the organisation's regions: supported,
    emerging, unsupported or unknown, with the figures behind it.
    """
    chosen = read_entry_rules(rules) if rules is not None else None
    release = open_release(place)
    found = _read(file, release)
    profiles = _named(found.profiles, organisation)
    reports = check_many(profiles, release)
    if as_json:
        print(to_json(_check_document(release, profiles, reports, chosen, found)))
        return
    for profile, report in zip(profiles, reports, strict=True):
        _show_organisation(profile, report, check_entry(profile, chosen))
    _show_summary(release, reports)
    notes(str(each) for each in found.notes)


@app.command()
@command
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Profiles: CSV, XLSX or JSON.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Ends with .csv, .xlsx or .json.")],
    *,
    private: Annotated[
        bool,
        typer.Option("--private", help="Also write contacts that gave no consent."),
    ] = False,
) -> None:
    """Convert profiles to CSV, XLSX or JSON.

    Nothing is lost on the way, but contacts without consent stay behind unless --private is given.
    """
    found = _read(source, None)
    refuse_replacing(target, [source])
    write_profiles(target, found.profiles, private=private)
    for note in found.notes:
        say(str(note))
    say(f"Wrote {len(found.profiles):,} organisations to {target}.")


@app.command()
@command
def coverage(
    file: File,
    *,
    scheme: Scheme = None,
    definition: DefinitionName = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Only strong clusters that nobody covers.")
    ] = False,
    limit: Limit = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT.csv", help="Write all rows to this file."),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Find strong clusters without an organisation.

    The most important first: by the jobs beyond those of an average region. A claim on a state
    covers its metro areas from above. Also shows organisations that overlap.
    """
    form = form_of(as_json, as_csv)
    release = open_release(place)
    found = _read(file, release)
    named = scheme or main_scheme(release, definition)
    answer = coverage_of(found.profiles, release, named, definition=definition)
    rows = list(answer.gaps if gaps else answer.rows)[:limit]
    columns = [each.name for each in fields(CoverageRow)]
    written = [asdict(each) for each in rows]
    if out is not None:
        refuse_replacing(out, [file])
        text = io.StringIO()
        write_csv(written, columns, text)
        with replaced(out) as opened:
            opened.write(text.getvalue().encode())
    if form is Form.json:
        print(to_json(_coverage_document(answer, written)))
    elif form is Form.csv:
        write_csv(written, columns, sys.stdout)
    else:
        _show_coverage(release, answer, rows[: limit or READABLE_ROWS])
        if out is not None:
            say(f"Wrote {len(rows):,} rows to {out}.")


@app.command()
@command
def schema() -> None:
    """Print the JSON Schema of a profile."""
    print(schema_text(), end="")


@app.command()
@command
def demonstration(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Ends with .csv, .xlsx or .json.")],
) -> None:
    """Write a small fictional registry to try things on."""
    write_profiles(target, load_demonstration())
    say(f"Wrote {len(load_demonstration())} fictional organisations to {target}.")


def _read(file: Path, release: Release | None) -> Reading:
    found = read(file, release)
    if found.faults:
        raise InvalidInput(found.faults, total=found.total)
    return found


def _named(profiles: tuple[Profile, ...], name: str | None) -> tuple[Profile, ...]:
    if name is None:
        return profiles
    sought = name.casefold()
    chosen = tuple(
        each for each in profiles if sought in (each.name.casefold(), each.identifier.casefold())
    )
    if not chosen:
        few = ", ".join(each.name for each in profiles[:5])
        hint = f"the file has {few}{' and more' if len(profiles) > 5 else ''}"
        raise CannotAnswer("the file has no organisation of that name", value=name, hint=hint)
    return chosen


def _show_organisation(profile: Profile, report: ClaimReport, answers: list[RuleAnswer]) -> None:
    title(f"{profile.name}{' (fictional)' if profile.fictional else ''}")
    missed = [each for each in answers if not each.passed]
    if missed:
        line(f"Entry rules missed: {len(missed)} of {len(answers)}.")
        notes(f"- {sentence_of(each)}" for each in missed)
    else:
        line(f"All {len(answers)} entry rules hold.")
    rows = [
        [
            claimed(each),
            each.verdict.value,
            each.best.region_name if each.best else "",
            number(each.best.figures.employment) if each.best and each.best.figures else "",
            quotient(each.best.figures.location_quotient)
            if each.best and each.best.figures
            else "",
        ]
        for each in report.claims
    ]
    if rows:
        headings = ("claim", "verdict", "where", "jobs", "quotient")
        table(
            [Heading(word, right=word in headings[3:], folds=word in ("claim", "where"))
             for word in headings],
            rows,
        )  # fmt: skip
    for each in report.claims:
        reasons = each.best.reasons if each.best else each.reasons
        told = " ".join(sentence(reason) for reason in reasons)
        figures = each.best.figures if each.best else None
        behind = f" [{figures_in_words(figures)}]" if figures else ""
        notes([f"{claimed(each)}: {told}{behind}"])
        if each.best and each.verdict is not Verdict.supported and each.best.strong_here:
            near = ", ".join(one.name for one in each.best.strong_here[:3])
            notes([f"  Strong there and nearest to it: {near}."])
    line()


def _show_summary(release: Release, reports: list[ClaimReport]) -> None:
    counts = Counter(each.verdict for report in reports for each in report.claims)
    told = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict)
    line(f"Organisations: {len(reports):,}. Claims: {counts.total():,} ({told}).")
    used = {one.figures.source for report in reports for each in report.claims
            for one in each.regions if one.figures}  # fmt: skip
    notes([*sorted(used), f"Release {release.id}, rule {reports[0].rule if reports else ''}."])


def _check_document(
    release: Release,
    profiles: tuple[Profile, ...],
    reports: list[ClaimReport],
    rules: EntryRules | None,
    found: Reading,
) -> dict[str, Any]:
    return {
        "release": release.id,
        "rule": reports[0].rule if reports else None,
        "notes": [str(each) for each in found.notes],
        "organisations": [
            {
                "name": profile.name,
                "identifier": profile.identifier,
                "fictional": profile.fictional,
                **_entry_document(check_entry(profile, rules)),
                "claims": [asdict(each) | {"claim": each.claim.model_dump()} | _regions(each)
                           for each in report.claims],
                "industries": [asdict(each) | {"industry": each.industry.model_dump()}
                               | _regions(each) for each in report.industries],
            }
            for profile, report in zip(profiles, reports, strict=True)
        ],
    }  # fmt: skip


def _entry_document(answers: list[RuleAnswer]) -> dict[str, Any]:
    return {
        "may_enter": may_enter(answers),
        "entry_rules": [
            {
                "rule": each.rule.name,
                "held": each.held,
                "found": each.found,
                "asked": each.asked,
                "waived_by": each.waived_by,
                "sentence": sentence_of(each),
            }
            for each in answers
        ],
    }


def _regions(check: Any) -> dict[str, Any]:
    """Every region with its reasons in words too; ``best`` names the place alone."""
    return {
        "best": check.best.region.model_dump() if check.best else None,
        "regions": [
            {
                **asdict(each),
                "region": each.region.model_dump(),
                "reasons": [
                    {"code": one.code, **one.values, "sentence": sentence(one)}
                    for one in each.reasons
                ],
            }
            for each in check.regions
        ],
        "reasons": [{"code": each.code, "sentence": sentence(each)} for each in check.reasons],
    }


def _coverage_document(answer: Coverage, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "scheme": answer.scheme,
        "definition": answer.definition,
        "year": answer.year,
        "rule": answer.rule,
        "release": answer.release,
        "strong": len(answer.rows),
        "gaps": len(answer.gaps),
        "rows": rows,
        "overlaps": [asdict(each) for each in answer.overlaps],
        "without_base": answer.without_base,
        "elsewhere": answer.elsewhere,
    }


def _show_coverage(release: Release, answer: Coverage, rows: list[CoverageRow]) -> None:
    info = release.scheme(answer.scheme)
    title(
        f"Strong {release.definition(answer.definition).group_words} and who covers them",
        f"{info.title} · {answer.year} · {answer.definition}",
    )
    counts = Counter(each.covered for each in answer.rows)
    told = ", ".join(f"{counts[code]} {words}" for code, words in COVERED_WORDS.items())
    line(f"{len(answer.rows):,} strong; covered: {told}.")
    table(
        [
            Heading("region", folds=True),
            Heading("cluster", folds=True),
            Heading("jobs", right=True),
            Heading("quotient", right=True),
            Heading("covered"),
        ],
        [
            [each.region_name, each.cluster_name, number(each.employment),
             quotient(each.location_quotient), COVERED_WORDS[each.covered]]
            for each in rows
        ],
    )  # fmt: skip
    for each in answer.overlaps[:READABLE_ROWS]:
        above = f"; from above: {each.from_above}" if each.from_above else ""
        notes([f"Overlap in {each.region_name}, {each.cluster_name}: {each.organisations}{above}."])
    if answer.without_base:
        notes([f"Without a region: {few(answer.without_base)}."])
    if answer.elsewhere:
        notes([f"With regions that the atlas does not know: {few(answer.elsewhere)}."])
    notes([info.source_line, f"Release {answer.release}, rule {answer.rule}."])
