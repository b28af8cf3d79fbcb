"""The forms of an event: what it is, when, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from clusteratlas.organisations import PICKS
from clusteratlas.organisations.profile import country_code, web_address
from clusteratlas.portal.meetings.contact_forms import CleanText, long_text
from clusteratlas.portal.meetings.models import MatchmakingEvent
from clusteratlas.portal.meetings.selection import BY, SelectionRule
from clusteratlas.portal.meetings.slots import MOST_TABLES, TimeBlock
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.models import Organisation

RANK_WORDS = {
    "supported_claims": _("claims that the map supports"),
    "label": _("label"),
    "member_kinds": _("kinds of members"),
    "members": _("number of members"),
    "staff": _("staff"),
    "completeness": _("how complete the profile is"),
}
MOMENT = "%Y-%m-%dT%H:%M"


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    regions = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    found = sorted(each for each in available_timezones() if each.split("/")[0] in regions)
    return tuple((each, each.replace("_", " ")) for each in ("UTC", *found))


def label_words() -> list[tuple[str, str]]:
    """Return the labels of cluster management with their words."""
    return [(code, names.pick("label", code)) for code in PICKS["label"]]


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(
        label=label, help_text=help_text, widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"]
    )


class EventForm(forms.Form):
    """What an event is, when one registers, how meetings are made, who is selected."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = CleanText(label=_("Title"), max_length=160)
    organisation = forms.ChoiceField(label=_("Organised by"), required=False)
    summary = long_text(4_000, 4, label=_("What it is about"), required=False)
    place = CleanText(label=_("Place"), max_length=200, required=False)
    online = forms.BooleanField(label=_("The meetings are online"), required=False)
    website = CleanText(label=_("Address of the event on the web"), max_length=500, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, widget=forms.Select(attrs={"translate": "no"})
    )
    opens_at = _moment(_("Registration opens"), _("In the time zone of the event."))
    first_cutoff = _moment(
        _("First cut-off"), _("Who registers by then is considered before all others.")
    )
    second_cutoff = _moment(
        _("Second cut-off"), _("Who registers by then shares the places that are left.")
    )
    slot_minutes = forms.IntegerField(
        label=_("Minutes of a meeting"), min_value=5, max_value=240, initial=25
    )
    pause_minutes = forms.IntegerField(
        label=_("Minutes between meetings"), min_value=0, max_value=120, initial=5
    )
    tables = forms.IntegerField(
        label=_("Tables or rooms"), min_value=1, max_value=MOST_TABLES, initial=10
    )
    consent = forms.ChoiceField(
        label=_("When two are offered a meeting"), choices=MatchmakingEvent.Consent.choices
    )
    guarantee = forms.IntegerField(
        label=_("Fewest meetings promised to each person"), min_value=0, max_value=50, initial=1
    )
    cap = forms.IntegerField(
        label=_("Most meetings of each person"), min_value=1, max_value=200, required=False
    )
    published = forms.BooleanField(
        label=_("Only organisations with a published profile"), required=False, initial=True
    )
    entry_rules = forms.BooleanField(
        label=_("Only organisations that pass the entry rules of the registry"), required=False
    )
    countries = CleanText(
        label=_("Only from these countries"),
        max_length=400,
        required=False,
        help_text=_("Two letters each, such as DE FR US; empty for any."),
    )
    labels = forms.MultipleChoiceField(
        label=_("Only with one of these labels"),
        choices=label_words,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    supported_claims = forms.IntegerField(
        label=_("Fewest claims that the map supports"), min_value=0, max_value=50, initial=0
    )
    rank_first = forms.ChoiceField(label=_("Ranked by"), choices=list(RANK_WORDS.items()))
    rank_then = forms.ChoiceField(
        label=_("Then by"),
        choices=[("", _("nothing; ties stay for you to decide")), *RANK_WORDS.items()],
        required=False,
    )
    places = forms.IntegerField(
        label=_("Places for organisations"), min_value=1, max_value=1_000, initial=40
    )
    reserve = forms.IntegerField(label=_("Reserve"), min_value=0, max_value=1_000, initial=10)

    def __init__(
        self, own: Sequence[Organisation], *args: Any, alone: bool = False, **more: Any
    ) -> None:
        """``alone``: the event may belong to no organisation, as those of moderators."""
        super().__init__(*args, **more)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        nobody = [("", str(_("the moderators of this site")))] if alone else []
        field.choices = [*((each.slug, each.name) for each in own), *nobody]
        field.required = not alone

    def clean_website(self) -> str:
        """Return an address of the web."""
        try:
            return web_address(self.cleaned_data["website"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This is no address of the web, such as https://example.org.")
            ) from error

    def clean_countries(self) -> tuple[str, ...]:
        """Return the codes of countries."""
        codes = str(self.cleaned_data["countries"]).replace(",", " ").upper().split()
        wrong = []
        for code in codes:
            try:
                country_code(code)
            except ValueError:
                wrong.append(code)
        if wrong:
            raise forms.ValidationError(
                _("These are no countries' two letters: %(codes)s"),
                params={"codes": ", ".join(wrong[:10])},
            )
        return tuple(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        """Tell times in the event's zone and put them in order."""
        given: dict[str, Any] = super().clean() or {}
        moments = ("opens_at", "first_cutoff", "second_cutoff")
        if given.get("time_zone"):
            zone = ZoneInfo(given["time_zone"])
            for name in moments:
                if isinstance(given.get(name), datetime):
                    given[name] = given[name].replace(tzinfo=zone)
        for before, after in pairwise(moments):
            if given.get(before) and given.get(after) and given[after] < given[before]:
                self.add_error(after, _("This lies before the moment above."))
        if given.get("cap") and given.get("guarantee", 0) > given["cap"]:
            self.add_error("cap", _("This is fewer than is promised."))
        if given.get("rank_then") and given["rank_then"] == given.get("rank_first"):
            self.add_error("rank_then", _("They are ranked by this already."))
        return given

    @property
    def rule(self) -> SelectionRule:
        """The rule of selection that was given."""
        given = self.cleaned_data
        return SelectionRule(
            given["published"],
            given["entry_rules"],
            given["countries"],
            tuple(given["labels"]),
            given["supported_claims"],
            tuple(each for each in (given["rank_first"], given["rank_then"]) if each),
            given["places"],
            given["reserve"],
        )


class BlockForm(forms.Form):
    """A stretch of a day."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    start = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end = forms.TimeField(
        label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    kind = forms.ChoiceField(
        label=_("What"), choices=[("meetings", _("meetings")), ("break", _("break"))]
    )

    def has_changed(self) -> bool:
        """A row counts once it has a day or a time; what kind it is counts for nothing."""
        return bool({"day", "start", "end"} & set(self.changed_data))


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows of which each may be emptied, also one that was there before."""

    def initial_form_count(self) -> int:
        """Return how many rows must be filled: none once they are sent."""
        return 0 if self.is_bound else super().initial_form_count()


BlockForms = forms.formset_factory(
    BlockForm, formset=Rows, extra=4, max_num=16, absolute_max=16, validate_max=True
)


def blocks_of(formset: Any) -> list[TimeBlock]:
    """Return the stretches of time of a valid form set, in the order of its rows."""
    given = [each.cleaned_data for each in formset if each.has_changed()]
    return [
        TimeBlock(each["day"], each["start"], each["end"], each["kind"] == "break")
        for each in given
        if each
    ]


def initial_of(event: MatchmakingEvent) -> dict[str, Any]:
    """Return what the form of an event shows at first."""
    zone = ZoneInfo(event.time_zone)
    rule = SelectionRule.read(event.rule)
    ranks = [*rule.rank_by, "", ""]
    return {
        "version": event.version,
        "title": event.title,
        "organisation": event.organisation.slug if event.organisation else "",
        "summary": event.summary,
        "place": event.place,
        "online": event.online,
        "website": event.website,
        "time_zone": event.time_zone,
        **{
            name: getattr(event, name).astimezone(zone).replace(tzinfo=None)
            for name in ("opens_at", "first_cutoff", "second_cutoff")
        },
        "slot_minutes": event.slot_minutes,
        "pause_minutes": event.pause_minutes,
        "tables": len(event.tables),
        "consent": event.consent,
        "guarantee": event.guarantee,
        "cap": event.cap,
        **{
            name: getattr(rule, name)
            for name in ("published", "entry_rules", "supported_claims", "places", "reserve")
        },
        "countries": " ".join(rule.countries),
        "labels": list(rule.labels),
        "rank_first": ranks[0],
        "rank_then": ranks[1],
    }


assert set(RANK_WORDS) == set(BY)  # noqa: S101 - every figure of the rule has its words
