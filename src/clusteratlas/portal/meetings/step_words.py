"""What the steps of a request are called, and what is said once one is taken."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEP_WORDS: dict[str, Promise] = {
    "accept": _("Accept"),
    "decline": _("Decline"),
    "ask-back": _("Ask back"),
    "answer": _("Answer"),
    "withdraw": _("Withdraw the request"),
}

DONE: dict[str, Promise] = {
    "accept": _("The request is accepted; both sides see whom to write to."),
    "decline": _("The request is declined."),
    "ask-back": _("The question is sent."),
    "answer": _("The answer is sent."),
    "withdraw": _("The request is withdrawn."),
}
