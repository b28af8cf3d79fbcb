"""The account of a programme: what went in, what was done, what came of it, counted from logs.

``layout`` documents the logs, ``reading`` reads them, ``rules`` says what is counted, ``account``
counts it. Every figure keeps the records that it rests on.
"""

from clusteratlas.programmes.account.account import Account, account_of
from clusteratlas.programmes.account.checking import Life, checked
from clusteratlas.programmes.account.figures import Figure, Reason, Record, Response, Step
from clusteratlas.programmes.account.layout import LAYOUTS, Column, Layout, size_class
from clusteratlas.programmes.account.reading import LogReading, parse, read, read_logs, reading_of
from clusteratlas.programmes.account.records import Covered, Log, LogRow, Logs
from clusteratlas.programmes.account.rule_files import (
    bundled,
    bundled_sets,
    read_rules,
    rule_set_of,
)
from clusteratlas.programmes.account.rules import Rule, RuleSet, Stage
from clusteratlas.programmes.account.untrusted import (
    Sent,
    log_of_plain,
    plain_rows,
    read_untrusted_logs,
)

__all__ = [
    "LAYOUTS",
    "Account",
    "Column",
    "Covered",
    "Figure",
    "Layout",
    "Life",
    "Log",
    "LogReading",
    "LogRow",
    "Logs",
    "Reason",
    "Record",
    "Response",
    "Rule",
    "RuleSet",
    "Sent",
    "Stage",
    "Step",
    "account_of",
    "bundled",
    "bundled_sets",
    "checked",
    "log_of_plain",
    "parse",
    "plain_rows",
    "read",
    "read_logs",
    "read_rules",
    "read_untrusted_logs",
    "reading_of",
    "rule_set_of",
    "size_class",
]
