"""Text -> segments of a kind each, and the entries of live blogs and multi-story pages; boilerplate is labelled, never deleted."""

from __future__ import annotations

from transforms.cleaning.document import Cleaned, Segment, SetAside, clean_document, clean_text, outline_document

__all__ = ["Cleaned", "Segment", "SetAside", "clean_document", "clean_text", "outline_document"]
