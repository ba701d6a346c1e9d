"""Bytes -> documents: one module per kind of input. Start at ``reader.read_object``."""

from __future__ import annotations

from transforms.reading.model import REASONS, Landed, Limits, Refused, Source
from transforms.reading.reader import read_object
from transforms.reading.sources import make_source_for

__all__ = ["REASONS", "Landed", "Limits", "Refused", "Source", "make_source_for", "read_object"]
