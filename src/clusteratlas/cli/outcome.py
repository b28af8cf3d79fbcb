"""How a command ends: its exit code, and a sentence on stderr instead of a stack trace."""

from __future__ import annotations

import functools
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from types import FrameType
from typing import ParamSpec

import duckdb
import typer

from clusteratlas.tables import CannotAnswer, InternalFault, InvalidInput

Arguments = ParamSpec("Arguments")
debug: ContextVar[bool] = ContextVar("debug", default=False)
"""Whether stack traces are shown; set by ``--debug``."""

_asked_to_stop: ContextVar[list[bool] | None] = ContextVar("asked_to_stop", default=None)

ASK_FOR_TRACE = "run the command again as `clusteratlas --debug ...` and report what it prints"
STOPPED = "Stopped. Nothing half-written is left; the current release is as it was."
ASK_DOCTOR = "`clusteratlas doctor` says what is wrong with it"
INTERRUPTED = "Query interrupted"
"""What DuckDB's Python client raises as a RuntimeError when Ctrl-C falls into a query."""


class ExitCode(IntEnum):
    """What the shell is told. Usage errors end with ``INVALID_INPUT`` too."""

    DONE = 0
    INVALID_INPUT = 2
    CANNOT_ANSWER = 3
    SYSTEM = 4
    INTERNAL = 70
    STOPPED = 130


def say(text: str) -> None:
    """Print a line to stderr, where it stays out of tables and files."""
    print(text, file=sys.stderr, flush=True)


def command(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn what a command raises into one sentence and an exit code.

    Every fault of an input is printed. Stack traces appear with ``--debug`` only.
    """

    @functools.wraps(function)
    def answered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            with _remembering_ctrl_c():
                function(*args, **kwargs)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except BrokenPipeError:
            _close_quietly()
        except (KeyboardInterrupt, duckdb.InterruptException):
            _end(ExitCode.STOPPED, STOPPED)
        except InvalidInput as error:
            _end(ExitCode.INVALID_INPUT, every_fault(error))
        except CannotAnswer as error:
            _end(ExitCode.CANNOT_ANSWER, as_sentence(str(error)))
        except OSError as error:
            _end(ExitCode.SYSTEM, _system_sentence(error))
        except Exception as error:
            if isinstance(error, RuntimeError) and str(error) == INTERRUPTED:
                _end(ExitCode.STOPPED, STOPPED)
            if _of_a_database(error):
                _end(ExitCode.SYSTEM, f"The database refused: {str(error).strip()}. {ASK_DOCTOR}.")
            named = f" ({type(error).__name__}: {error})"
            what = str(error) if isinstance(error, InternalFault) else f"unexpected failure{named}"
            _end(ExitCode.INTERNAL, f"Cluster Atlas is at fault: {what}. Hint: {ASK_FOR_TRACE}.")

    return answered


@contextmanager
def _remembering_ctrl_c() -> Iterator[None]:
    """Note Ctrl-C besides raising it: a library in between may lose the exception.

    Leaves alone a process that is told to ignore the signal.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    asked: list[bool] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(True)
        signal.default_int_handler(number, frame)

    token = _asked_to_stop.set(asked)
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _asked_to_stop.reset(token)


def stop_if_asked() -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed since the command began.

    Between the stages of a job this catches an interrupt that a library swallowed.
    """
    if _asked_to_stop.get():
        raise KeyboardInterrupt


def _of_a_database(error: Exception) -> bool:
    """Whether a database of people could not be asked; told without loading Django for it."""
    kind = type(error)
    return kind.__module__ == "django.db.utils" and kind.__name__ in (
        "OperationalError",
        "InterfaceError",
    )


def every_fault(error: InvalidInput) -> str:
    """Return all faults, one a line, however many there are."""
    count = f"{error.total:,} fault{'s' if error.total != 1 else ''}"
    lines = [f"{count} in the input; nothing was written.", *map(str, error.faults)]
    if error.total > len(error.faults):
        lines.append(f"... and {error.total - len(error.faults):,} more of the same kinds.")
    return "\n".join(lines)


def as_sentence(text: str) -> str:
    """Return the text with a capital at its start.

    >>> as_sentence("there is no region with that code.")
    'There is no region with that code.'
    """
    return text[:1].upper() + text[1:]


def _system_sentence(error: OSError) -> str:
    what = error.strerror or str(error)
    where = f": {error.filename}" if error.filename else ""
    return f"The system refused{where} ({what}). The current release is as it was."


def _end(code: ExitCode, sentence: str) -> None:
    if debug.get():
        traceback.print_exc()
    say(sentence)
    raise typer.Exit(code)


def _close_quietly() -> None:
    """The reader of our output has gone (``| head``): that is no fault."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
