"""Meeting timetables: who meets whom, when and where, and how good that is proved to be."""

from clusteratlas.matching.timetable.agenda import AgendaEntry, agenda, meeting_rows
from clusteratlas.matching.timetable.calendars import calendar_of, cancellations_of
from clusteratlas.matching.timetable.event import (
    Consent,
    Event,
    Meeting,
    Participant,
    Slot,
    Table,
    Wish,
    mutual_score,
    pair_of,
)
from clusteratlas.matching.timetable.planned import Proof, Standing, Timetable

__all__ = [
    "AgendaEntry",
    "Consent",
    "Event",
    "Meeting",
    "Participant",
    "Proof",
    "Slot",
    "Standing",
    "Table",
    "Timetable",
    "Wish",
    "agenda",
    "calendar_of",
    "cancellations_of",
    "meeting_rows",
    "mutual_score",
    "pair_of",
]
