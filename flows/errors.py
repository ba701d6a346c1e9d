"""Errors that a user meets: a code, what happened, and what to type next."""

from __future__ import annotations

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_BELOW, EXIT_STOPPED = 0, 1, 2, 3, 130
STOPPED = "stopped; what is made stays, and the next run goes on from there"


class DatelineError(Exception):
    """Base of all errors that are shown to the user in one line.

    Attributes:
        code: stable identifier such as ``D010``.
        exit_code: 1 failed, 2 wrong use, 3 data below expectation.
    """

    code = "D000"
    exit_code = EXIT_FAILED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}" + (f"; {self.hint}" if self.hint else "")


class NothingToRead(DatelineError):
    """No input: the path does not exist or matches nothing."""

    code = "D001"
    exit_code = EXIT_USAGE


class ModelUnusable(DatelineError):
    """The spaCy pipeline is not installed or lacks a component."""

    code = "D002"
    exit_code = EXIT_USAGE


class HomeBusy(DatelineError):
    """Another run works in this home."""

    code = "D003"


class NoWarehouse(DatelineError):
    """There is no warehouse yet."""

    code = "D004"
    exit_code = EXIT_USAGE


class UnknownName(DatelineError):
    """A table, column or id that does not exist."""

    code = "D005"
    exit_code = EXIT_USAGE


class BadQuery(DatelineError):
    """DuckDB refused the query."""

    code = "D006"
    exit_code = EXIT_USAGE


class BadSetting(DatelineError):
    """A setting has a value that cannot be used."""

    code = "D007"
    exit_code = EXIT_USAGE


class BelowExpectation(DatelineError):
    """A critical expectation failed: the stage's output was not made and the run stopped."""

    code = "D010"
    exit_code = EXIT_BELOW


class PartTimedOut(DatelineError):
    """A part of clean or extract took longer than ``part_timeout_s``."""

    code = "D012"


class LostInput(DatelineError):
    """A stage did not account for every input: in is not out plus rejected."""

    code = "D011"
    exit_code = EXIT_BELOW


class NoServer(DatelineError):
    """The Prefect server does not answer."""

    code = "D013"
