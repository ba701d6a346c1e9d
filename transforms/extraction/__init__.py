"""spaCy docs to rows: one module per output table."""

from transforms.extraction.document import extract_document

__all__ = ["extract_document"]
