"""The working picture of one text while its lines are being labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.cleaning.lines import Line, Look, look_at, split_lines
from transforms.cleaning.stamps import Stamp


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is, which rule says so, how sure it is. ``opens``: the kind of what follows, for a heading of links."""

    kind: str
    rule_id: str
    confidence: float = 0.97
    opens: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A post or story, from line ``first`` to before line ``stop``.

    ``header`` is the line of its title, ``stamp_line`` that of its stamp.
    """

    kind: str
    first: int
    stop: int
    header: int | None = None
    stamp_line: int | None = None
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a text beside its characters.

    ``body_start`` is where a record's body begins, ``title`` and ``subtitle`` are as the input gives them; ``hints`` are verdicts by
    markup, ``kept`` what an extractor took for body, both by line number; ``repeated`` are the publisher's repeated lines with their kinds.
    """

    publisher: str | None = None
    title: str | None = None
    subtitle: str | None = None
    body_start: int | None = None
    hints: Mapping[int, Verdict] = field(default_factory=dict)
    kept: Mapping[int, bool] = field(default_factory=dict)
    repeated: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """The lines of a text that are not blank, what they look like, and their verdicts so far; None where there is none yet.

    ``body_first`` and ``body_last`` are the first and last line of running text: what stands before is head, what stands after is tail.
    """

    text: str
    lines: list[Line]
    looks: list[Look]
    verdicts: list[Verdict | None]
    given: Given
    body_first: int = 0
    body_last: int = 0
    entries: list[Entry] = field(default_factory=list)

    def is_head(self, i: int) -> bool:
        """Whether the line stands before the first paragraph."""
        return i < self.body_first

    def is_tail(self, i: int) -> bool:
        """Whether the line stands after the last paragraph."""
        return i > self.body_last

    def is_text(self, i: int) -> bool:
        """Whether there is such a line and it is, or reads as, text that is kept."""
        if not 0 <= i < len(self.lines):
            return False
        verdict = self.verdicts[i]
        return self.looks[i].is_paragraph if verdict is None else verdict.kind in ("body", "live_segment_header")

    def is_running_text(self, i: int) -> bool:
        """Whether the line is a paragraph that no rule has taken."""
        return self.verdicts[i] is None and self.looks[i].is_paragraph

    def kind(self, i: int) -> str | None:
        """The kind of the line so far; None outside the text or where undecided."""
        if not 0 <= i < len(self.lines):
            return None
        verdict = self.verdicts[i]
        return None if verdict is None else verdict.kind

    def has_verdict(self, i: int) -> bool:
        """Whether there is such a line and it has a verdict."""
        return 0 <= i < len(self.lines) and self.verdicts[i] is not None


def open_page(text: str, given: Given) -> Page:
    """The text with its lines looked at and nothing decided."""
    lines = split_lines(text)
    return Page(text=text, lines=lines, looks=[look_at(x) for x in lines], verdicts=[None] * len(lines), given=given)
