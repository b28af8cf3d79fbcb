"""The people of an organisation: invite, change roles, hand over, leave; ask for ownership."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST

from clusteratlas.organisations.profile import clean_text
from clusteratlas.portal.accounts import throttle
from clusteratlas.portal.accounts.addresses import account
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import active, at
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import addresses, mailing, people
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.registry.models import Invitation, Membership, Organisation
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import needs
from clusteratlas.portal.roles import InsideRole

ROLES = {
    InsideRole.MEMBER: gettext_lazy("member: reads what is not public"),
    InsideRole.EDITOR: gettext_lazy("editor: changes the profile"),
    InsideRole.OWNER: gettext_lazy("owner: decides about profile and people"),
}
LONGEST = 2_000


def _role_in(request: AtlasRequest) -> InsideRole | None:
    text = request.POST.get("role", "")
    return next((role for role in ROLES if str(role.value) == text), None)


@needs("own")
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show who belongs to an organisation and who is invited; invite somebody."""
    row = found_organisation(organisation)
    if request.method != "POST":
        return page(
            request,
            "registry/people.html",
            section="organisations",
            **_people(row, person_of(request)),
        )
    email, role = request.POST.get("email", "").strip()[:254], _role_in(request)
    problem = _invitation_problem(row, email, role)
    if problem or role is None:
        content = {**_people(row, person_of(request)), "problem": problem, "email": email}
        return form_page(request, "registry/people.html", section="organisations", **content)
    wait = throttle.ask(request, "invite", email)
    if wait:  # or anybody could be flooded with invitations to organisations made up for it
        return throttle.wait_page(request, wait)
    try:
        invitation, secret = people.invite(row, email, role, by=person_of(request))
    except people.TooMany:
        content = {
            **_people(row, person_of(request)),
            "problem": _("So many invitations are open that some should be answered first."),
            "email": email,
        }
        return form_page(request, "registry/people.html", section="organisations", **content)
    _write(request, row, invitation, secret)
    return redirect(addresses.organisation(row.slug, "people/"))


def _invitation_problem(row: Organisation, email: str, role: InsideRole | None) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return _("This is no mail address, such as office@example.org.")
    if role is None:
        return _("Choose a role.")
    if row.memberships.filter(user__email=email.lower()).exists():
        return _("This person belongs to the organisation already.")
    return ""


def _write(request: AtlasRequest, row: Organisation, invitation: Invitation, secret: str) -> None:
    """Send the invitation; who has an account is written to in their language."""
    known = User.objects.filter(email=invitation.email).first()
    language = known.language if known else active()
    with override(language):
        path = at(f"/invitations/{secret}/")
        role = str(ROLES[InsideRole(invitation.role)])
    sent = mailing.send(
        request,
        invitation.email,
        "invitation",
        path=path,
        language=language,
        organisation=row,
        invitation=invitation,
        sender=str(person_of(request).name or row.name),
        role=role,
    )
    if sent:
        messages.success(
            request, _("An invitation was sent to %(mail)s.") % {"mail": invitation.email}
        )
    else:
        invitation.delete()
        messages.error(request, _("The mail was not taken; please try again later."))


def _people(row: Organisation, me: User) -> dict[str, object]:
    return {
        "me": me,
        "organisation": row,
        "members": [
            (each, ROLES[InsideRole(each.role)])
            for each in row.memberships.select_related("user").order_by("-role", "since")
        ],
        "invitations": [
            (each, ROLES[InsideRole(each.role)])
            for each in row.invitations.filter(answered_at=None).order_by("sent_at")
        ],
        "roles": [(role.value, said) for role, said in ROLES.items()],
    }


@needs("own")
@require_POST
def member_page(request: AtlasRequest, organisation: str, member: int) -> HttpResponse:
    """Change somebody's role, make them the owner in one's place, or take them out."""
    row = found_organisation(organisation)
    found = row.memberships.select_related("user").filter(pk=member).first()
    if found is None:
        raise Http404
    by, asked = person_of(request), request.POST.get("do", "")
    try:
        if asked == "remove":
            people.remove(found, by=by)
        elif asked == "hand-over":
            people.hand_over(row, found, by=by)
        elif (role := _role_in(request)) is not None:
            people.change_role(found, role, by=by)
        else:
            raise Http404
    except people.LastOwner:
        messages.error(request, _("An organisation keeps one owner: make somebody else one first."))
    else:
        messages.success(request, _("The people of the organisation are changed."))
    still_owner = by.role_within((row.pk,)) >= InsideRole.OWNER
    place = "people/" if still_owner else "manage/"
    return redirect(addresses.organisation(row.slug, place))


@needs("own")
@require_POST
def uninvite_page(request: AtlasRequest, organisation: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    row = found_organisation(organisation)
    row.invitations.filter(pk=pk, answered_at=None).delete()
    messages.success(request, _("The invitation is taken back."))
    return redirect(addresses.organisation(row.slug, "people/"))


@needs("see_inside")
@require_POST
def leave_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Leave an organisation."""
    row = found_organisation(organisation)
    mine = Membership.objects.filter(organisation=row, user=person_of(request)).first()
    if mine is None:
        raise PermissionDenied
    try:
        people.remove(mine, by=person_of(request))
    except people.LastOwner:
        messages.error(request, _("An organisation keeps one owner: make somebody else one first."))
        return redirect(addresses.organisation(row.slug, "manage/"))
    messages.success(request, _("You left %(name)s.") % {"name": row.name})
    return redirect(account())


@needs("answer_invitation")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: AtlasRequest, invitation: str) -> HttpResponse:
    """Show an invitation to whom it is for, and take the answer."""
    found = Invitation.objects.select_related("organisation", "sent_by").get(
        digest=people.digest_of(invitation)
    )
    person = person_of(request)
    if found.email != person.email:  # also an administrator answers only for themselves
        raise PermissionDenied
    if request.method == "POST":
        try:
            if request.POST.get("do") == "accept":
                people.accept(found, person)
                messages.success(
                    request, _("You belong to %(name)s now.") % {"name": found.organisation.name}
                )
                place = addresses.organisation(found.organisation.slug, "manage/")
                return _unseen(redirect(place))
            people.decline(found, person)
            messages.success(request, _("You declined the invitation."))
            return _unseen(redirect(account()))
        except people.NotOpen:
            messages.error(request, _("The invitation was answered before, or it has ended."))
            return _unseen(redirect(account()))
    return _unseen(
        page(
            request,
            "registry/invitation.html",
            section="organisations",
            invitation=found,
            role=ROLES[InsideRole(found.role)],
            key=invitation,
            confirmed=person.confirmed_at is not None,
        )
    )


def _unseen(response: HttpResponse) -> HttpResponse:
    """No other site learns of the link's secret from the page it leads to."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@needs("take_over")
@require_http_methods(["GET", "HEAD", "POST"])
def take_over_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Ask to own an organisation that nobody owns."""
    row = found_organisation(organisation)
    if not row.is_public:
        raise Http404
    if people.has_owner(row):
        return page(
            request,
            "registry/take_over.html",
            section="organisations",
            organisation=row,
            owned=True,
        )
    if request.method != "POST":
        return page(request, "registry/take_over.html", section="organisations", organisation=row)
    text = request.POST.get("text", "").replace("\x00", "").strip()[:LONGEST]
    problem = "" if text else _("Say what you have to do with the organisation.")
    try:
        clean_text(text.replace("\r\n", "\n"))
    except ValueError:
        problem = _("A control character stands in the text.")
    if problem:
        return form_page(
            request,
            "registry/take_over.html",
            section="organisations",
            organisation=row,
            problem=problem,
            text=text,
        )
    _asked, new = people.ask_to_take_over(row, person_of(request), text)
    if new:
        mailing.tell(request, mailing.moderators(), "asked", row, "review/")
    messages.success(request, _("The moderators have your question and will answer by mail."))
    return redirect(account())
