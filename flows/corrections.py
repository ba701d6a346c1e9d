"""Corrections.toml: where it lies, what it says, and which of it has no full effect."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import BadSetting
from flows.settings import Settings
from warehouse.lake import Home, read_manifests, read_part
from warehouse.schema import Row

if TYPE_CHECKING:
    from transforms.linking import Correction

NAME = "corrections.toml"


def corrections_path(settings: Settings) -> Path | None:
    """The file of the settings, else the one in the home; None if there is none."""
    path = settings.corrections.expanduser() if settings.corrections else settings.at_home().path / NAME
    return path if settings.corrections or path.exists() else None


def read_corrections(settings: Settings) -> tuple[Correction, ...]:
    """What the file says; nothing if there is none.

    Raises:
        BadSetting: it cannot be read or is not understood; the message names file and entry.
    """
    from transforms.linking import make_corrections

    path = corrections_path(settings)
    if path is None:
        return ()
    try:
        return make_corrections(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as exc:
        words = exc.strerror if isinstance(exc, OSError) else str(exc)
        raise BadSetting(f"{path} cannot be used: {words}", hint="see docs/corrections.md for an example") from exc


def corrections_digest(settings: Settings) -> str:
    """A hash of the bytes of the file; empty if there is none."""
    path = corrections_path(settings)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path is not None else ""


def unapplied(home: Home) -> list[Row]:
    """The corrections that have no full effect on what is linked now."""
    rows = [row for key in read_manifests(home, "link") for row in read_part(home, "corrections", key).to_pylist()]
    return [row for row in rows if not row["applied"]]


def told(row: Row) -> str:
    """A correction without full effect, and why, in one line."""
    return f"{row['action']} by {row['author']}, {row['corrected_on']}: {row['note']}"
