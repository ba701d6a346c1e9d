"""The JSON-LD of a page: which of its nodes is the page's article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import html
from rapidfuzz import fuzz

from transforms.reading.blocks import letters
from transforms.rules import load_rules

ALIKE = 60
"""Likeness, of 100, from which a headline in the JSON-LD may be another wording of the one that is shown."""

_JSON_MARK = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*;?\s*$")


@lru_cache(maxsize=1)
def page_names() -> dict[str, tuple[str, ...]]:
    """Role -> names of meta elements or schema.org types in lower case."""
    names = {rule["role"]: tuple(name.lower() for name in rule["names"]) for rule in load_rules("reading_fields")["page"]}
    return {**names, "article_type": names["article_type"] + names["page_type"]}


def linked_articles(root: html.HtmlElement) -> list[dict[str, Any]]:
    """Articles of the page's JSON-LD, the page's own first, with references to other nodes followed."""
    ranks = {name: i for i, name in enumerate(page_names()["article_type"])}
    nodes = [node for text in _json_texts(root) for node in _json_nodes(text)]
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    heads = {letters(el.text_content()) for el in root.iter("h1", "title")}
    found = []
    for i, node in enumerate(nodes):
        rank = min((ranks[t] for t in _types(node) if t in ranks), default=None)
        if rank is None or (not _is_article_type(rank) and "datePublished" not in node):
            continue
        # A page about a story lists other stories too: its own has its headline, or at least a date.
        own = _headline(node) in heads
        found.append(((not own, "datePublished" not in node, rank, i), node))
    found.sort(key=lambda item: item[0])
    own_first = [node for _, node in found]
    if found and found[0][0][0] and len({_headline(node) for node in own_first}) > 1:
        # Several, and none has the page's headline word for word: those of other stories say nothing of this one.
        own_first = [node for node in own_first if any(fuzz.ratio(_headline(node), head) >= ALIKE for head in heads)]
    return [{key: _follow_reference(value, known) for key, value in node.items()} for node in own_first]


def _headline(node: Mapping[str, Any]) -> str:
    return letters(str(node.get("headline") or node.get("name") or "-"))


def _is_article_type(rank: int) -> bool:
    return rank < len(page_names()["article_type"]) - len(page_names()["page_type"])


def _json_texts(root: html.HtmlElement) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text


def _follow_reference(value: Any, known: Mapping[str, dict[str, Any]]) -> Any:
    """What ``{"@id": ...}`` stands for, where the page has it."""
    if isinstance(value, list):
        return [_follow_reference(part, known) for part in value[:50]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return {**known.get(value["@id"], {}), **value}
    return value


def _types(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [k.rpartition("/")[2].lower() for k in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(k, str)]


def _json_nodes(text: str) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD script down to a depth of six; nothing if it is no JSON."""
    try:
        top = json.loads(_JSON_MARK.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return
    queue = [(top, 0)]
    while queue:
        node, depth = queue.pop(0)
        if depth > 6 or len(queue) > 5000:
            continue
        if isinstance(node, list):
            queue.extend((part, depth + 1) for part in node)
        elif isinstance(node, dict):
            yield node
            inner = (value for key, value in node.items() if key in ("@graph", "mainEntity", "itemListElement", "item", "hasPart", "about"))
            queue.extend((value, depth + 1) for value in inner)
