"""What programmes keep of a person."""

from __future__ import annotations

from typing import Any

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter
from clusteratlas.portal.programmes.models import (
    Application,
    EffectStudy,
    LogFile,
    ProgrammeRevision,
    RegisterFile,
    Runner,
)


@exporter("programmes_run")
def _runs(person: User) -> list[dict[str, Any]]:
    found = Runner.objects.filter(user=person).select_related("programme")
    return [{"programme": each.programme.slug, "since": each.since} for each in found]


@exporter("programmes_written")
def _written(person: User) -> list[dict[str, Any]]:
    found = ProgrammeRevision.objects.filter(author=person).select_related("programme")
    return [
        {
            "programme": each.programme.slug,
            "version": each.version,
            "at": each.at,
            "note": each.note,
        }
        for each in found
    ]


@exporter("programme_files")
def _files(person: User) -> list[dict[str, Any]]:
    logs = LogFile.objects.filter(person=person).select_related("programme")
    studies = EffectStudy.objects.filter(person=person).select_related("programme")
    held: list[tuple[LogFile | EffectStudy, str, str]] = [
        *((each, "log", each.name) for each in logs),
        *((each, "study", each.title) for each in studies),
    ]
    return [
        {"programme": each.programme.slug, kind: name, "at": each.at} for each, kind, name in held
    ]


@exporter("register_files")
def _register_files(person: User) -> list[dict[str, Any]]:
    return [
        {"file": each.file, "at": each.at} for each in RegisterFile.objects.filter(person=person)
    ]


@exporter("applications")
def _applications(person: User) -> list[dict[str, Any]]:
    found = Application.objects.filter(author=person).select_related("programme", "organisation")
    return [
        {
            "programme": each.programme.slug,
            "organisation": each.organisation.slug,
            "call": each.call,
            "state": each.state,
            "handed_in_at": each.handed_in_at,
        }
        for each in found
    ]
