"""Who may ask what, written down by hand from what the portal is for: a line for each address.

Nothing here is read from the portal's own table of rights. An address without a line fails the
matrix, and so does a line without an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VISITOR, ACCOUNT, MODERATOR, ADMINISTRATOR = range(4)
MEMBER, EDITOR, OWNER = 1, 2, 3

READ, SEND, BOTH = ("GET",), ("POST",), ("GET", "POST")


@dataclass(frozen=True)
class Line:
    """Who may ask an address, and how it refuses.

    Attributes
    ----------
    site
        The least role on the site that may, whatever the address names; nothing where none does.
    inside
        The least role within the organisation of what the address names.
    all_read
        Everybody reads what is public.
    secret
        Who may not is told that there is no such thing, unless it is public.
    never_public
        What the address names is not seen by others even where its organisation is.
    own_only
        Only whoever it belongs to; somebody else's is not there even for the site's own people.
    but, but_all
        Roles that the view refuses although they pass the gate, with the status: where they send
        something, or whatever they ask.
    drafts
        Whether it exists for what is not public; else that is a 404 for everybody.
    query
        What the address is asked with, where it answers nothing without.
    """

    site: int | None
    inside: int | None = None
    methods: tuple[str, ...] = BOTH
    all_read: bool = False
    secret: bool = False
    never_public: bool = False
    own_only: bool = False
    but: Mapping[str, int] = field(default_factory=dict)
    but_all: Mapping[str, int] = field(default_factory=dict)
    drafts: bool = True
    query: str = ""


def _files(route: str, line: Line, endings: tuple[str, ...] = ("csv", "xlsx", "metadata.json")):
    return {f"{route}.{ending}": line for ending in endings}


OPEN = Line(VISITOR, methods=READ)
OPEN_FORM = Line(VISITOR)
OWN = Line(ACCOUNT, methods=READ)
OWN_FORM = Line(ACCOUNT)
OWN_STEP = Line(ACCOUNT, methods=SEND)
MODERATES = Line(MODERATOR, methods=READ)
MODERATES_FORM = Line(MODERATOR)
MODERATES_STEP = Line(MODERATOR, methods=SEND)
RUNS = Line(ADMINISTRATOR, methods=READ)
RUNS_STEP = Line(ADMINISTRATOR, methods=SEND)
PROFILE = Line(MODERATOR, MEMBER, READ, all_read=True, secret=True)
INSIDE = Line(MODERATOR, MEMBER, READ, secret=True)
EDITS = Line(ADMINISTRATOR, EDITOR, READ)
EDITS_FORM = Line(ADMINISTRATOR, EDITOR)
EDITS_STEP = Line(ADMINISTRATOR, EDITOR, SEND)
OWNS_FORM = Line(ADMINISTRATOR, OWNER)
OWNS_STEP = Line(ADMINISTRATOR, OWNER, SEND)
UPLOAD = Line(MODERATOR, methods=READ, own_only=True)
UPLOAD_STEP = Line(MODERATOR, methods=SEND, own_only=True)
MESSAGE = Line(None, EDITOR, READ, secret=True, never_public=True)
MESSAGE_STEP = Line(None, EDITOR, SEND, secret=True, never_public=True)
ENTRY = Line(MODERATOR, EDITOR, READ, secret=True, never_public=True)
ENTRY_FORM = Line(MODERATOR, EDITOR, secret=True, never_public=True)
ENTRY_STEP = Line(MODERATOR, EDITOR, SEND, secret=True, never_public=True)
JOB = Line(MODERATOR, EDITOR, READ, secret=True, never_public=True)
JOB_STEP = Line(MODERATOR, EDITOR, SEND, secret=True, never_public=True)

ORGANISES = Line(MODERATOR, EDITOR, READ, secret=True)
ORGANISES_FORM = Line(MODERATOR, EDITOR, secret=True)
ORGANISES_STEP = Line(MODERATOR, EDITOR, SEND, secret=True)
EVENT = Line(MODERATOR, EDITOR, READ, all_read=True, secret=True)
PROGRAMME = Line(MODERATOR, EDITOR, READ, all_read=True, secret=True)
RUNS_PROGRAMME = Line(MODERATOR, EDITOR, READ, secret=True)
RUNS_PROGRAMME_FORM = Line(MODERATOR, EDITOR, secret=True)
RUNS_PROGRAMME_STEP = Line(MODERATOR, EDITOR, SEND, secret=True)
APPLIES_FORM = Line(None, EDITOR, secret=True, never_public=True)
APPLIES_STEP = Line(None, EDITOR, SEND, secret=True, never_public=True)
ATTENDS = Line(None, EDITOR, READ, secret=True, never_public=True)
ATTENDS_FORM = Line(None, EDITOR, secret=True, never_public=True)
ATTENDS_STEP = Line(None, EDITOR, SEND, secret=True, never_public=True)
NO_ORGANISATION = dict.fromkeys(("outsider", "member", "moderator", "administrator"), 403)

_ONE = "organisations/<slug:organisation>/"
_REQUEST = "requests/<int:contact>/"
_EVENT = "events/<slug:event>/"
_REGISTRATION = "registrations/<int:registration>/"
_AGENDA = "agenda/<str:key>/"
_ENTRY = "practice/<slug:entry>/"
_PROGRAMME = "programmes/<slug:programme>/"
_EFFECTS = f"{_PROGRAMME}effects/"
_STUDY = f"{_EFFECTS}<int:study>/"
_SCHEME = "benchmarking/<slug:questionnaire>/"
_BENCHMARK = f"{_ONE}benchmark/"
_ROUND = f"{_BENCHMARK}rounds/<int:assessment>/"

LINES: dict[str, Line] = {
    # accounts: everybody on the way in, then only oneself, then the administrator
    "account/register/": OPEN_FORM,
    "account/register/sent/": OPEN,
    "account/confirm/": OPEN_FORM,
    "account/sign-in/": OPEN_FORM,
    "account/sign-in/code/": OPEN_FORM,
    "account/sign-out/": Line(VISITOR, methods=SEND),
    "account/reset/": OPEN_FORM,
    "account/reset/sent/": OPEN,
    "account/reset/set/": OPEN_FORM,
    "account/mail/old/": OPEN_FORM,
    "account/mail/new/": OPEN_FORM,
    "account/deleted/": OPEN,
    "account/": OWN,
    "account/password/": OWN_FORM,
    "account/mail/": OWN_FORM,
    "account/profile/": OWN_FORM,
    "account/second-factor/": OWN_FORM,
    "account/second-factor/set-up/": OWN_FORM,
    "account/second-factor/codes/": OWN_FORM,
    "account/second-factor/off/": OWN_FORM,
    "account/sessions/": OWN,
    "account/sessions/end/": Line(ACCOUNT, methods=SEND, query="session"),
    "account/sessions/end-all/": OWN_STEP,
    "account/tokens/": OWN_FORM,
    "account/tokens/revoke/": Line(ACCOUNT, methods=SEND, query="token"),
    "account/data.json": OWN,
    "account/delete/": OWN_FORM,
    "account/people/": RUNS,
    "account/people/<int:person>/role/": RUNS_STEP,
    "account/people/<int:person>/active/": RUNS_STEP,
    "account/people/<int:person>/second-factor/": RUNS_STEP,
    "account/audit/": RUNS,
    "account/audit.csv": RUNS,
    # organisations: what everybody reads
    "organisations/": OPEN,
    **_files("organisations/table", OPEN),
    **_files("organisations/export", OPEN, ("csv", "xlsx", "json")),
    "organisations/coverage/": OPEN,
    **_files("organisations/coverage/table", OPEN),
    **_files("organisations/coverage/overlaps", OPEN),
    _ONE: PROFILE,
    f"{_ONE}versions/": PROFILE,
    f"{_ONE}partners/": PROFILE,
    # organisations: their people
    "organisations/propose/": OWN_FORM,
    f"{_ONE}manage/": INSIDE,
    **_files(f"{_ONE}profile", INSIDE, ("csv", "xlsx", "json")),
    f"{_ONE}history/": INSIDE,
    f"{_ONE}history/<int:version>/": INSIDE,
    f"{_ONE}leave/": Line(
        MODERATOR, MEMBER, SEND, secret=True, but={"moderator": 403, "administrator": 403}
    ),
    f"{_ONE}edit/": EDITS_FORM,
    f"{_ONE}edit/typed/": EDITS_STEP,
    f"{_ONE}edit/discard/": EDITS_STEP,
    f"{_ONE}edit/merge/": EDITS_FORM,
    f"{_ONE}preview/": EDITS,
    f"{_ONE}submit/": EDITS_STEP,
    f"{_ONE}drop/": EDITS_STEP,
    f"{_ONE}history/<int:version>/restore/": EDITS_STEP,
    f"{_ONE}withdraw/": OWNS_STEP,
    f"{_ONE}people/": OWNS_FORM,
    f"{_ONE}people/<int:member>/": Line(ADMINISTRATOR, OWNER, SEND, query="do"),
    f"{_ONE}people/invitations/<int:pk>/": OWNS_STEP,
    f"{_ONE}take-over/": Line(ACCOUNT, secret=True, drafts=False),
    "invitations/<str:invitation>/": Line(ACCOUNT, own_only=True, but={"somebody else": 403}),
    # organisations: the moderators
    "organisations/moderation/": MODERATES,
    "organisations/moderation/many/": Line(MODERATOR, methods=SEND, query="many"),
    "organisations/moderation/owners/<int:asked>/": MODERATES_STEP,
    "organisations/import/": MODERATES_FORM,
    "organisations/import/<int:upload>/": UPLOAD,
    "organisations/import/<int:upload>/apply/": UPLOAD_STEP,
    "organisations/import/<int:upload>/drop/": UPLOAD_STEP,
    f"{_ONE}review/": Line(MODERATOR, query="review"),
    # requests for contact: the editors of the two sides, nobody else
    "requests/": OWN,
    "requests/new/": Line(ACCOUNT, query="to", but=NO_ORGANISATION),
    "requests/outcomes/": MODERATES,
    **_files("requests/outcomes", MODERATES),
    "requests/blocked/<slug:organisation>/": Line(None, EDITOR, secret=True, query="other"),
    _REQUEST: MESSAGE,
    f"{_REQUEST}follow-up/": MESSAGE_STEP,
    f"{_REQUEST}follow-up/<int:report>/<slug:verdict>/": MESSAGE_STEP,
    f"{_REQUEST}block/": MESSAGE_STEP,
    f"{_REQUEST}<slug:step>/": MESSAGE_STEP,
    # events: everybody reads about them, their organisers run them
    "events/": OPEN,
    "events/mine/": OWN,
    "events/new/": Line(ACCOUNT, but_all=dict.fromkeys(("outsider", "member"), 403)),
    _EVENT: EVENT,
    f"{_EVENT}agenda/": EVENT,
    f"{_EVENT}register/": Line(ACCOUNT, but=NO_ORGANISATION, drafts=False),
    f"{_EVENT}edit/": ORGANISES_FORM,
    f"{_EVENT}state/<slug:to>/": ORGANISES_STEP,
    f"{_EVENT}organise/": ORGANISES,
    f"{_EVENT}applicants/": ORGANISES,
    f"{_EVENT}applicants/rule/": ORGANISES_STEP,
    f"{_EVENT}applicants/tell/": ORGANISES_STEP,
    f"{_EVENT}applicants/<int:applicant>/": ORGANISES_STEP,
    **_files(f"{_EVENT}people", ORGANISES),
    f"{_EVENT}wishes/": ORGANISES,
    f"{_EVENT}wishes/pairs/": ORGANISES_STEP,
    f"{_EVENT}wishes/pairs/<int:pair>/remove/": ORGANISES_STEP,
    f"{_EVENT}timetable/": ORGANISES,
    f"{_EVENT}timetable/compute/": ORGANISES_STEP,
    f"{_EVENT}timetable/publish/<slug:to>/": ORGANISES_STEP,
    f"{_EVENT}timetable/late/<slug:change>/": Line(
        MODERATOR, EDITOR, SEND, secret=True, query="table"
    ),
    f"{_EVENT}timetable/tables.pdf": ORGANISES,
    **_files(f"{_EVENT}timetable", ORGANISES),
    # registrations: the editors of the organisation that comes, and the people who come
    _REGISTRATION: ATTENDS,
    f"{_REGISTRATION}people/": ATTENDS_STEP,
    f"{_REGISTRATION}people/<int:person>/<slug:change>/": ATTENDS_STEP,
    f"{_REGISTRATION}wishes/<int:person>/": ATTENDS_FORM,
    f"{_REGISTRATION}withdraw/": ATTENDS_STEP,
    # agendas: whoever has the secret address
    _AGENDA: OPEN,
    f"{_AGENDA}agenda.pdf": OPEN,
    f"{_AGENDA}agenda.ics": OPEN,
    f"{_AGENDA}feed.ics": OPEN,
    # the library
    "practice/": OPEN,
    "practice/feed.atom": OPEN,
    _ENTRY: Line(VISITOR, methods=READ, drafts=False),
    f"{_ENTRY}file/": Line(VISITOR, methods=READ, drafts=False, query="file"),
    "practice/mine/": OWN,
    "practice/new/": OWN_FORM,
    f"{_ENTRY}draft/": ENTRY,
    f"{_ENTRY}draft-file/": Line(
        MODERATOR, EDITOR, READ, secret=True, never_public=True, query="file"
    ),
    f"{_ENTRY}edit/": ENTRY_FORM,
    f"{_ENTRY}history/": Line(MODERATOR, EDITOR, secret=True, never_public=True, query="version"),
    f"{_ENTRY}step/<slug:step>/": ENTRY_STEP,
    "practice/moderation/": MODERATES,
    f"{_ENTRY}decide/": Line(MODERATOR, methods=READ, never_public=True),
    f"{_ENTRY}decide/<slug:decision>/": Line(MODERATOR, methods=SEND, never_public=True),
    # benchmarking: questionnaires and aggregates for everybody, the rest within the organisation
    "benchmarking/": OPEN,
    _SCHEME: OPEN,
    **_files(f"{_SCHEME}indicators", OPEN),
    **_files(f"{_SCHEME}peers", OPEN),
    _BENCHMARK: INSIDE,
    f"{_BENCHMARK}what-if/": INSIDE,
    f"{_BENCHMARK}begin/": EDITS_STEP,
    f"{_BENCHMARK}share/": EDITS_STEP,
    **_files(f"{_BENCHMARK}positions", INSIDE),
    **_files(f"{_BENCHMARK}gaps", INSIDE),
    **_files(f"{_BENCHMARK}drift", INSIDE),
    **_files(f"{_BENCHMARK}differences", INSIDE),
    **_files(f"{_BENCHMARK}health", INSIDE),
    _ROUND: INSIDE,
    f"{_ROUND}groups/<slug:group>/": EDITS_FORM,
    f"{_ROUND}finish/": EDITS_STEP,
    f"{_ROUND}drop/": EDITS_STEP,
    # programmes
    "programmes/": OPEN,
    **_files("programmes/table", OPEN),
    **_files("programmes/export", OPEN, ("zip", "xlsx", "json")),
    "programmes/new/": OWN_FORM,
    "programmes/moderation/": MODERATES,
    "programmes/import/": MODERATES_FORM,
    "programmes/import/stated/": RUNS_STEP,
    "programmes/import/<int:register_file>/": UPLOAD,
    "programmes/import/<int:register_file>/apply/": UPLOAD_STEP,
    "programmes/import/<int:register_file>/drop/": UPLOAD_STEP,
    _PROGRAMME: PROGRAMME,
    f"{_PROGRAMME}versions/": PROGRAMME,
    **_files(f"{_PROGRAMME}money", PROGRAMME),
    **_files(f"{_PROGRAMME}awards", PROGRAMME),
    **_files(f"{_PROGRAMME}facts", PROGRAMME),
    **_files(f"{_PROGRAMME}whole", PROGRAMME, ("zip", "xlsx", "json")),
    f"{_PROGRAMME}manage/": RUNS_PROGRAMME,
    _EFFECTS: PROGRAMME,
    f"{_EFFECTS}manage/": RUNS_PROGRAMME,
    f"{_EFFECTS}new/": RUNS_PROGRAMME_FORM,
    f"{_EFFECTS}files/<slug:files>/": RUNS_PROGRAMME_FORM,
    f"{_EFFECTS}files/<slug:files>/forget/": RUNS_PROGRAMME_STEP,
    _STUDY: PROGRAMME,
    f"{_STUDY}draft/": RUNS_PROGRAMME,
    f"{_STUDY}step/<slug:step>/": RUNS_PROGRAMME_STEP,
    f"{_STUDY}report.json": PROGRAMME,
    **_files(f"{_STUDY}estimates", PROGRAMME),
    **_files(f"{_STUDY}events", PROGRAMME),
    **_files(f"{_STUDY}checks", PROGRAMME),
    f"{_PROGRAMME}logs/": RUNS_PROGRAMME_FORM,
    f"{_PROGRAMME}logs/take/": RUNS_PROGRAMME_STEP,
    f"{_PROGRAMME}logs/forget/": RUNS_PROGRAMME_STEP,
    f"{_PROGRAMME}account/": PROGRAMME,
    **_files(f"{_PROGRAMME}account/table", PROGRAMME),
    f"{_PROGRAMME}account/<slug:rule>/<int:year>/": PROGRAMME,
    f"{_PROGRAMME}account/<slug:rule>/<int:year>/rows/": RUNS_PROGRAMME,
    f"{_PROGRAMME}report.pdf": PROGRAMME,
    f"{_PROGRAMME}edit/": RUNS_PROGRAMME_FORM,
    f"{_PROGRAMME}tables/": RUNS_PROGRAMME_FORM,
    **_files(f"{_PROGRAMME}draft", RUNS_PROGRAMME, ("zip", "xlsx", "json")),
    f"{_PROGRAMME}history/": Line(MODERATOR, EDITOR, secret=True, query="version"),
    f"{_PROGRAMME}people/": RUNS_PROGRAMME_STEP,
    f"{_PROGRAMME}step/<slug:step>/": RUNS_PROGRAMME_STEP,
    f"{_PROGRAMME}decide/": MODERATES,
    f"{_PROGRAMME}decide/<slug:decision>/": MODERATES_STEP,
    "programmes/where-to-fund/": OPEN,
    **_files("programmes/where-to-fund/table", OPEN),
    f"{_PROGRAMME}apply/": Line(ACCOUNT, but=NO_ORGANISATION, drafts=False),
    "applications/<int:application>/": APPLIES_FORM,
    "applications/<int:application>/take-back/": APPLIES_STEP,
    f"{_PROGRAMME}applicants/": RUNS_PROGRAMME,
    **_files(f"{_PROGRAMME}applicants/table", RUNS_PROGRAMME),
    **_files(f"{_PROGRAMME}applicants/criteria", RUNS_PROGRAMME),
    f"{_PROGRAMME}applicants/<int:applied>/": RUNS_PROGRAMME,
    f"{_PROGRAMME}applicants/<int:applied>/decide/": RUNS_PROGRAMME_STEP,
    f"{_PROGRAMME}applicants/<int:applied>/reopen/": RUNS_PROGRAMME_STEP,
    f"{_PROGRAMME}portfolio/": RUNS_PROGRAMME,
    **_files(f"{_PROGRAMME}portfolio/table", RUNS_PROGRAMME),
    **_files(f"{_PROGRAMME}portfolio/variants", RUNS_PROGRAMME),
    **_files(f"{_PROGRAMME}portfolio/flips", RUNS_PROGRAMME),
    **_files(f"{_PROGRAMME}portfolio/swaps", RUNS_PROGRAMME),
    # what the administrator looks after
    "jobs/<int:job>/": JOB,
    "jobs/<int:job>/stop/": JOB_STEP,
    "operations/usage/": RUNS,
    **_files("operations/usage", RUNS),
    # evidence: everybody reads; moderators add what else is published
    "programmes/evidence/": OPEN,
    **_files("programmes/evidence/effects", OPEN),
    "programmes/evidence/<slug:effect>/": OPEN,
    "programmes/growth/": OPEN,
    **_files("programmes/growth/table", OPEN),
    f"{_PROGRAMME}return/": PROGRAMME,
    "programmes/evidence/own/": MODERATES_FORM,
    "programmes/evidence/own/forget/": MODERATES_STEP,
}
"""A line for each address that is not part of the map."""

MAP = (
    *("", "map/", "regions/", "clusters/", "detail/", "builder/", "definitions/", "compare/"),
    *("network/", "rankings/", "industries/", "search/", "learn/", "sources/", "releases/"),
    *("accessibility/", "methods/", "download/", "cite/", "embed/", "api/", "healthz", "readyz"),
    *("robots.txt",),
)
"""What the addresses of the map begin with: everybody reads them, nobody sends anything there."""

WITH_TOKEN: dict[tuple[str, str], Line] = {
    ("GET", "organisations/{slug}?draft=true"): Line(MODERATOR, MEMBER),
    ("PUT", "organisations/{slug}"): Line(ADMINISTRATOR, EDITOR),
    ("GET", "organisations/{slug}/benchmark?inside=true"): Line(MODERATOR, MEMBER),
}
"""Calls of the API that ask for a token and answer it for its person, by method and address."""

API_SENDS = {("PUT", "/organisations/{slug}")}
"""Calls of the API that change something; all others are open to everybody and only read."""
