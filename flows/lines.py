"""The file of lines that publishers repeat: where it lies, and what it says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import BadSetting
from flows.settings import Settings

if TYPE_CHECKING:
    from transforms.cleaning.repeated import RepeatedLine, RepeatedLines


def lines_in(path: Path) -> list[RepeatedLine]:
    """The lines of a file, those that are kept in articles among them.

    Raises:
        BadSetting: it cannot be read or used.
    """
    from transforms.cleaning.repeated import BadLines, parse_lines

    try:
        return parse_lines(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, BadLines) as exc:
        words = exc.strerror if isinstance(exc, OSError) else exc
        raise BadSetting(f"{path} cannot be used: {words}", hint="dateline learn-lines --out OTHER_FILE writes one that can") from exc


@cache
def known_lines(settings: Settings) -> RepeatedLines:
    """What a run with these settings knows of repeated lines: nothing without a file.

    Read once: a file that is changed while a run is under way must not make what the run has made look outdated to its later stages. A run
    begins with ``known_lines.cache_clear()``.

    Raises:
        BadSetting: the file cannot be read or used.
    """
    from transforms.cleaning.repeated import RepeatedLines, usable

    path = settings.lines_file()
    return usable(lines_in(path)) if path is not None else RepeatedLines()
