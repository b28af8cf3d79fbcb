"""Meeting timetables: who meets whom, when and where, and how good that is proved to be."""

from clusteratlas.matching.timetable.agenda import AgendaEntry, agenda, meeting_rows
from clusteratlas.matching.timetable.calendars import calendar_of, cancellations_of
from clusteratlas.matching.timetable.changing import Dropped, Moved, Rescheduled, reschedule
from clusteratlas.matching.timetable.checking import check_event, faults_of
from clusteratlas.matching.timetable.drawing import draw_event
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
from clusteratlas.matching.timetable.infeasible import Cause, Infeasible
from clusteratlas.matching.timetable.planned import Proof, Standing, Timetable
from clusteratlas.matching.timetable.reading import event_of, read_event
from clusteratlas.matching.timetable.solving import solve
from clusteratlas.matching.timetable.verification import Violation, verify
from clusteratlas.matching.timetable.writing import (
    changes_document,
    event_document,
    read_timetable,
    timetable_document,
    timetable_from,
)

__all__ = [
    "AgendaEntry",
    "Cause",
    "Consent",
    "Dropped",
    "Event",
    "Infeasible",
    "Meeting",
    "Moved",
    "Participant",
    "Proof",
    "Rescheduled",
    "Slot",
    "Standing",
    "Table",
    "Timetable",
    "Violation",
    "Wish",
    "agenda",
    "calendar_of",
    "cancellations_of",
    "changes_document",
    "check_event",
    "draw_event",
    "event_document",
    "event_of",
    "faults_of",
    "meeting_rows",
    "mutual_score",
    "pair_of",
    "read_event",
    "read_timetable",
    "reschedule",
    "solve",
    "timetable_document",
    "timetable_from",
    "verify",
]
