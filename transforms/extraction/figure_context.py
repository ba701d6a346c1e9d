"""What a figure hangs together with: its subject, its place, its time, the quotation that it stands in."""

from __future__ import annotations

from transforms.extraction.quote_tree import Tree
from transforms.language import NewsDoc
from warehouse.schema import Row

_PLACES = frozenset(("GPE", "LOC", "FAC"))
_CLAUSE = frozenset(("ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis", "acl", "xcomp", "csubj", "pcomp"))
_LOCATIVE = frozenset(
    ("in", "at", "near", "over", "across", "outside", "inside", "around", "throughout", "within", "on", "to", "into", "from")
)


def clause_of(tree: Tree, i: int) -> tuple[int, int]:
    """Tokens of the smallest clause that the token belongs to; coordinated and reported clauses are clauses of their own."""
    verb = i
    while tree.head[verb] != verb and not (tree.is_verb(verb) and tree.dep[verb] in _CLAUSE):
        verb = tree.head[verb]
    low, high = tree.low[verb], tree.high[verb]
    for c in tree.children[verb]:
        if tree.is_verb(c) and tree.dep[c] in ("conj", "ccomp", "parataxis", "advcl"):
            if c > i and tree.low[c] > i:
                high = min(high, tree.low[c])
            elif c < i and tree.high[c] <= i:
                low = max(low, tree.high[c])
    return max(low, tree.sentence_start[i]), min(high, tree.sentence_end[i])


def _chars(news: NewsDoc, tree: Tree, a: int, b: int) -> tuple[int, int]:
    return news.starts[a], news.starts[b - 1] + len(tree.words[b - 1])


def subject_of(news: NewsDoc, tree: Tree, first: int, end: int, top: int) -> str | None:
    """The mention inside the figure's words, else the one that covers the subject of its verb."""
    start, stop = _chars(news, tree, first, end)
    inside = [m for m in news.mentions if m["start_char"] < stop and m["end_char"] > start and m["mention_kind"] != "pronoun"]
    if inside:
        return str(inside[0]["mention_id"])
    verb = top
    while tree.head[verb] != verb and not tree.is_verb(verb):
        verb = tree.head[verb]
    subject = tree.subject(verb) if tree.is_verb(verb) else None
    if subject is None or subject == top or first <= subject < end:
        return None
    at = news.starts[subject]
    return next((str(m["mention_id"]) for m in news.mentions if m["start_char"] <= at < m["end_char"]), None)


def place_of(news: NewsDoc, tree: Tree, first: int, end: int, top: int) -> str | None:
    """The place behind 'in', 'at', 'near' ... in the figure's clause: the first behind the figure, else the last before it."""
    low, high = clause_of(tree, top)
    a, b = _chars(news, tree, low, high) if high > low else (0, 0)
    start, stop = _chars(news, tree, first, end)
    found = [
        m for m in news.mentions if m["label"] in _PLACES and m["mention_kind"] == "name" and a <= m["start_char"] and m["end_char"] <= b
    ]
    found = [m for m in found if _is_where(news, tree, m) and not (m["start_char"] < stop and m["end_char"] > start)]
    behind = [m for m in found if m["start_char"] >= stop]
    return str((behind[0] if behind else found[-1])["mention_id"]) if found else None


def _is_where(news: NewsDoc, tree: Tree, mention: Row) -> bool:
    span = news.span_at(mention["start_char"], mention["end_char"])
    if span is None:
        return False
    k = span[-1].i
    for _ in range(5):
        up = tree.head[k]
        if tree.dep[k] == "pobj":
            return tree.lower[up] in _LOCATIVE
        if tree.dep[k] not in ("compound", "amod", "nmod", "appos", "poss", "conj") or up == k:
            return False
        k = up
    return False


def as_of(news: NewsDoc, tree: Tree, top: int) -> Row | None:
    """The one date of the clause, else the one date of the sentence; None where there are several or none."""
    if not news.times:
        return None
    clause = clause_of(tree, top)
    for a, b in (clause, (tree.sentence_start[top], tree.sentence_end[top])):
        if b <= a:
            continue
        start, end = _chars(news, tree, a, b)
        found = [t for t in news.times if start <= t["start_char"] and t["end_char"] <= end and t["timex_type"] in ("DATE", "TIME")]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def quote_of(news: NewsDoc, start: int, end: int) -> str | None:
    """The smallest quotation of which a piece holds the characters."""
    holding = {p["quote_id"] for p in news.quote_spans if p["start_char"] <= start and end <= p["end_char"]}
    found = [q for q in news.quotes if q["quote_id"] in holding]
    best = min(found, key=lambda q: (q["end_char"] - q["start_char"], q["start_char"]), default=None)
    return str(best["quote_id"]) if best else None
