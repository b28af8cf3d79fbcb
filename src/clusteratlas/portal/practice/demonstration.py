"""Fictional entries of the library that show every kind and every state, for the demonstration."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.practice import keeping
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.registry.models import Organisation

PROGRAMME = "Imaginary Programme for Regions 2026"
NOTE = "This entry is made up for the demonstration."

ENTRIES: Sequence[dict[str, Any]] = (
    {
        "kind": "case",
        "title": "Eleven suppliers share one test track",
        "summary": "Suppliers of the imaginary motor valley rent one test track together and tell "
        "what they would do otherwise.",
        "text": "Eleven suppliers were too small for a track of their own. They founded a company "
        "that rents one by the hour.\n\nWhat they would do otherwise: agree on the price of an "
        "hour before the first of them builds a prototype.",
        "clusters": ("us-benchmark-2014:4",),
        "regions": ("us-cbsa:19820", "us-state:26"),
        "programmes": (PROGRAMME,),
        "by": "Imaginary Motor Valley Cluster of Michigan",
    },
    {
        "kind": "good-practice",
        "title": "A welcome desk for engineers from abroad",
        "summary": "One desk for visa, flat and school: new engineers of the imaginary network "
        "begin to work three weeks earlier.",
        "text": "The desk is paid by the members, a little for each engineer who stays a year.",
        "language": "en",
        "clusters": ("nace-divisions:C29", "nace-divisions:C28"),
        "regions": ("nuts-2:DE11",),
        "by": "Musternetz Fahrzeugbau Stuttgart",
    },
    {
        "kind": "document",
        "title": "Leitfaden: Lehrlinge gemeinsam ausbilden",
        "summary": "Wie vier erdachte Betriebe eine Lehrwerkstatt teilen, mit Vertrag und Plan.",
        "text": "Der Leitfaden ist erfunden.",
        "language": "de",
        "clusters": ("nace-divisions:C26",),
        "regions": ("nuts-2:DE14", "nuts-2:DE11"),
        "link": "https://example.org/leitfaden",
        "by": "Musterregion Medizintechnik Stuttgart",
    },
    {
        "kind": "event",
        "title": "Imaginary days of the supply chain",
        "summary": "Two days at which aerospace and metal firms of both sides of the ocean meet.",
        "until": 1,
        "place": "Toulouse",
        "clusters": ("nace-divisions:C30", "us-benchmark-2014:1"),
        "regions": ("nuts-2:FR62", "us-cbsa:48620"),
        "by": "P\u00f4le Imaginaire A\u00e9rospatial de Toulouse",
    },
    {
        "kind": "news",
        "title": "The imaginary cyber network has a hundred members",
        "summary": "The hundredth member is a school: why the network counts it as one of its own.",
        "clusters": ("us-benchmark-2014:16",),
        "regions": ("us-cbsa:47900",),
        "by": "Imaginary Capital Cyber Network",
    },
    {
        "kind": "case",
        "title": "Soles from the neighbours' waste rubber",
        "summary": "A firm that waits for a moderator: shoes made of what the polymer firms left.",
        "clusters": ("us-benchmark-2014:19",),
        "regions": ("us-cbsa:24340",),
        "state": "submitted",
        "by": "Imaginary Footwear Makers of Grand Rapids",
    },
    {
        "kind": "news",
        "title": "We are the best cluster of the world",
        "summary": "Returned by the moderator with a reason, for its author to read.",
        "state": "returned",
        "by": "Imaginary Carpet Town Guild",
    },
    {
        "kind": "document",
        "title": "A draft that nobody else sees yet",
        "summary": "Only its author, the editors of the organisation and moderators can read it.",
        "state": "draft",
        "by": "Imaginary Music Row Collective",
    },
    {
        "kind": "event",
        "title": "A fair that was called off",
        "summary": "Withdrawn by its author: it stands on no page any more.",
        "state": "withdrawn",
        "by": "Cluster Imagin\u00e1rio T\u00eaxtil do Norte",
    },
)


@transaction.atomic
def load_library(person: User | None = None) -> int:
    """Write the fictional entries; return how many are new. Those that are there stay."""
    known = set(Entry.objects.filter(fictional=True).values_list("title", flat=True))
    givers = {each.name: each for each in Organisation.objects.filter(fictional=True)}
    fresh = [each for each in ENTRIES if each["title"] not in known]
    for number, each in enumerate(fresh):
        told = dict(each)
        state, giver = told.pop("state", "published"), givers.get(told.pop("by"))
        date = timezone.now().date() - datetime.timedelta(days=9 * (number + 1))
        if "until" in told:
            told["until"] = date + datetime.timedelta(days=told["until"])
        told["text"] = f"{told.get('text', '')}\n\n{NOTE}".strip()
        document = Document.model_validate({**told, "date": date})
        entry = keeping.begin(document, person, organisation=giver, fictional=True)
        _bring(entry, state, person)
    return len(fresh)


def _bring(entry: Entry, state: str, person: User | None) -> None:
    if state != "draft":
        keeping.submit(entry, person)
    if state in ("published", "withdrawn"):
        keeping.publish(entry, person)
    if state == "withdrawn":
        keeping.withdraw(entry, person)
    if state == "returned":
        keeping.give_back(entry, person, "Say what is new, and for whom. Praise is no news.")
