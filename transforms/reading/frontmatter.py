"""The head of a Markdown file: ``name: value`` lines between two lines of three dashes."""

from __future__ import annotations

import re

from transforms.reading.fields import Fields, record_fields
from transforms.reading.model import Source

MAX_LINES = 60

_PAIR = re.compile(r"([A-Za-z_][\w -]{0,40}):[ \t]+(.+)")
_RULE = re.compile(r"---[ \t]*")


def front_matter(text: str, source: Source) -> Fields:
    r"""What the head says; nothing where there is none. Only values on their own line are read, lists in brackets among them.

    >>> front_matter("---\ntitle: 'Ferry runs'\nauthors: [Mira Holt, Tomas Reyk]\n---\nThe ferry.", Source()).authors
    ('Mira Holt', 'Tomas Reyk')
    """
    lines = text[:10_000].splitlines()[:MAX_LINES]
    if not lines or not _RULE.fullmatch(lines[0]):
        return Fields()
    end = next((i for i, line in enumerate(lines[1:], 1) if _RULE.fullmatch(line)), None)
    if end is None:
        return Fields()
    pairs = (_PAIR.fullmatch(line.rstrip()) for line in lines[1:end])
    return record_fields({pair[1]: _value(pair[2].strip()) for pair in pairs if pair}, source)


def _value(text: str) -> str | list[str]:
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(part.strip()) for part in text[1:-1].split(",")]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" else text
