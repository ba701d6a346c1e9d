"""The only place that loads a spaCy pipeline; turns cleaned documents into ``NewsDoc``s."""

from transforms.language.newsdoc import NewsDoc
from transforms.language.pipeline import load_pipeline, read_documents

__all__ = ["NewsDoc", "load_pipeline", "read_documents"]
