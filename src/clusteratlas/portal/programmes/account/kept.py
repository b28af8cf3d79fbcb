"""The account of a programme, held in memory until its logs or its entry change."""

from __future__ import annotations

import threading
from collections import OrderedDict

from clusteratlas.portal.language import number
from clusteratlas.portal.programmes.account.logs_keeping import (
    checked_logs,
    current_files,
    rules_of,
)
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.words import word
from clusteratlas.programmes.account import Account, Life, account_of
from clusteratlas.programmes.account.words import Voice, shown_number
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.tables import CannotAnswer, InvalidInput

MOST_KEPT = 12

Key = tuple[int, str, tuple[int, ...]]
_kept: OrderedDict[Key, Account] = OrderedDict()
_lock = threading.Lock()


def account_of_programme(programme: Programme, document: Document) -> Account:
    """Return the account of a programme from the logs that count now.

    Raises
    ------
    CannotAnswer
        Neither logs nor entry tell any year, or the logs lie outside the years of the entry.
    """
    keys = programme.logs.filter(taken_at__isnull=False, replaced_at=None)
    numbers = tuple(keys.order_by("pk").values_list("pk", flat=True))
    key = (programme.pk, document.model_dump_json(exclude_defaults=True), numbers)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    files = current_files(programme)
    logs, faults = checked_logs(files, Life.of(document))
    if faults:
        raise CannotAnswer(
            "the logs no longer fit the programme's entry",
            value=str(faults[0]),
            hint="those who run it hand in logs that fit, or correct the years of the entry",
        )
    try:
        sets = rules_of(files)
    except InvalidInput as error:
        raise CannotAnswer(
            "the programme's own rules are no longer read", value=str(error)
        ) from None
    account = account_of(logs, document, rule_sets=sets)
    with _lock:
        _kept[key] = account
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return account


def voice() -> Voice:
    """Return how sentences and numbers of an account are said in the language spoken now."""
    return Voice(word, lambda value: number(shown_number(value)))
