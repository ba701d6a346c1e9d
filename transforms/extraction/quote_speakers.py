"""Who speaks: from the head of a noun phrase to characters, a mention and a status."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.extraction.quote_model import Statement, np_span
from transforms.extraction.quote_tree import Tree
from transforms.language import NewsDoc
from warehouse.schema import Row

SPEAKING_LABELS = frozenset(("PERSON", "ORG", "GPE", "NORP"))
_KIND_ORDER = {"name": 0, "nominal": 1, "pronoun": 2}
_SINGULAR = frozenset(("he", "she", "it", "him", "her", "his"))
_PLURAL = frozenset(("they", "them", "their"))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, with the characters that say so; all empty for nobody."""

    start: int | None = None
    end: int | None = None
    mention_id: str | None = None
    status: str = "unresolved"
    plural: bool = False


NOBODY = Speaker()


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mention rows by the characters they cover, and the local entities that have a name."""

    rows: list[Row]
    named: frozenset[str]

    @classmethod
    def of(cls, news: NewsDoc) -> Mentions:
        """The mentions of a document."""
        rows = sorted(news.mentions, key=lambda m: (m["start_char"], m["end_char"]))
        named = frozenset(m["local_entity_id"] for m in rows if m["mention_kind"] == "name" and m["label"] in SPEAKING_LABELS)
        return cls(rows, named)

    def covering(self, start: int, end: int) -> Row | None:
        """The mention that covers these characters; a name before a description, a description before a pronoun, the longer first."""
        found = [m for m in self.rows if m["start_char"] <= start and end <= m["end_char"]]
        return min(found, key=lambda m: (_KIND_ORDER[m["mention_kind"]], m["start_char"] - m["end_char"]), default=None)

    def status(self, mention: Row) -> str:
        """named if the mention, or another of the same entity, is the name of somebody who can speak."""
        return "named" if mention["local_entity_id"] in self.named else "described"


def resolve_speaker(news: NewsDoc, tree: Tree, mentions: Mentions, statement: Statement, before: Speaker) -> Speaker:
    """The speaker of a statement; ``before`` is the speaker of the statement before it."""
    if statement.carried:
        return before
    head = statement.speaker_head
    if head is None:
        return NOBODY
    first, last = (_label_start(tree, head), head + 1) if statement.rule_id == "quote.transcript" else np_span(tree, head)
    start, end = news.starts[first], news.starts[last - 1] + len(tree.words[last - 1])
    plural = tree.tag[head] in ("NNS", "NNPS") or tree.lower[head] in _PLURAL
    mention = _mention(news, tree, mentions, head, last)
    if mention is not None and mentions.status(mention) == "named":
        return Speaker(start, end, mention["mention_id"], "named", plural)
    if tree.lower[head] in _SINGULAR | _PLURAL and before.mention_id and before.status == "named" and plural == before.plural:
        return Speaker(start, end, mention["mention_id"] if mention else before.mention_id, "described" if mention else "named", plural)
    return Speaker(start, end, mention["mention_id"] if mention else None, "described", plural)


def _label_start(tree: Tree, head: int) -> int:
    """The first word of the label of a turn, which is a speaker's whole name."""
    first = tree.segment_start[head]
    return first if tree.words[first][0].isalnum() else min(first + 1, head)


def _mention(news: NewsDoc, tree: Tree, mentions: Mentions, head: int, last: int) -> Row | None:
    """The mention of the head word, or of a name in apposition to it ('the governor, Mira Holt')."""
    at = news.starts[head]
    found = mentions.covering(at, at + len(tree.words[head]))
    if found is not None and found["mention_kind"] == "name":
        return found
    for c in tree.children[head]:
        if tree.dep[c] == "appos" and c < last:
            name = mentions.covering(news.starts[c], news.starts[c] + len(tree.words[c]))
            if name is not None and name["mention_kind"] == "name":
                return name
    return found
