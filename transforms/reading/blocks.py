"""The visible blocks of a page: what a browser shows as lines, in the order of the markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree, html

from transforms.reading.model import Unreadable

MAX_DEPTH = 500
"""Pages nested deeper are machine errors or attacks; the parser itself stops at 2048."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCK_TAGS = _words(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search "
    "section select summary table tbody td tfoot th thead tr ul xmp"
)
_UNSEEN_TAGS = _words(
    "applet area audio base canvas col colgroup datalist embed frame head iframe link meta noembed noframes noscript object param "
    "rp script source style svg template textarea title track video"
)
_NAMED = _words("nav aside footer header figure figcaption article main form blockquote table a time")
_TEXT_BLOCKS = _words("p li h1 h2 h3 h4 h5 h6 figcaption blockquote td")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANK = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN_CHARS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ROLE_ATTRIBUTES = ("role", "itemprop", "rel", "data-component", "data-testid")
_CHAIN_CHARS = 200
_CHAIN_LENGTH = 40
_MARKUP = re.compile(
    r"</(?:p|div|a|b|i|em|strong|span|li|ul|ol|h[1-6]|blockquote|figure|section|article|html|body)\s*>|<br\s*/?>|<p[\s>]",
    re.IGNORECASE,
)
_BLOCK_MARKUP = re.compile(r"<(?:p|br|div|li|h[1-6]|blockquote|figure|section|article|table|ul|ol|body)\b", re.IGNORECASE)
_NOT_ALNUM = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One visible line: text without line breaks, the block element, its classes and roles from the outside in."""

    text: str
    tag: str
    css_class: str | None
    role: str | None
    kept: bool | None = None


def parse_page(text: str) -> html.HtmlElement | None:
    """The tree of a page, None if there is no element in it; raises ``Unreadable`` where it is nested too deep."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise Unreadable("bad_html", f"elements are nested more than {MAX_DEPTH} deep")
    return root


def visible_blocks(root: html.HtmlElement) -> list[Block]:
    """The lines that a browser shows, blank ones left out."""
    return list(_Walk(root).blocks())


def mark_kept(blocks: Sequence[Block], extracted: str | None) -> list[Block]:
    """The blocks with the verdict of an extractor: its text has the block's letters and digits.

    Short blocks must be a whole line of it, or the cell of a table. NULL if the extractor found no article at all.
    """
    if not extracted:
        return list(blocks)
    lines = [letters(line) for line in extracted.splitlines()]
    cells = [letters(cell) for line in extracted.splitlines() if "|" in line for cell in line.split("|")]
    whole, joined = frozenset((*lines, *cells)), "".join(lines)
    marked = []
    for block in blocks:
        key = letters(block.text)
        marked.append(replace(block, kept=bool(key) and (key in whole or (len(key) >= 25 and key in joined))))
    return marked


def letters(text: str) -> str:
    """Letters and digits alone, case folded: what must agree where two renderings of a line are compared."""
    return _NOT_ALNUM.sub("", text).casefold()


def has_markup(text: str) -> bool:
    """Is the text HTML, to the eye of somebody who opens the record?"""
    return "<" in text and _MARKUP.search(text) is not None


def markup_lines(text: str) -> str:
    """A fragment's visible lines; line breaks of the source count where no block element makes lines."""
    if _BLOCK_MARKUP.search(text) is None:
        text = text.replace("\n", "<br>")
    root = parse_page(text)
    return "" if root is None else "\n".join(block.text for block in visible_blocks(root))


class _Node:
    """An element that is open or holds a piece of the line: what a block needs to know of it."""

    __slots__ = ("classes", "depth", "in_text", "is_block", "parent", "roles", "tag")

    def __init__(self, element: html.HtmlElement, parent: _Node | None) -> None:
        self.tag = str(element.tag)
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        # Elements of a site's own making are boxes of the page, save inside of a paragraph.
        self.is_block = self.tag in _BLOCK_TAGS or ("-" in self.tag and not (parent and parent.in_text))
        self.in_text: bool = self.tag in _TEXT_BLOCKS or (parent is not None and parent.in_text)
        self.classes = _classes(element)
        self.roles = _roles(element)

    def chain(self) -> Iterator[_Node]:
        """The node and its nearest parents, from the inside out."""
        node: _Node | None = self
        for _ in range(_CHAIN_LENGTH):
            if node is None:
                return
            yield node
            node = node.parent


class _Walk:
    """One pass over a tree; holds the line that is being put together."""

    def __init__(self, root: html.HtmlElement) -> None:
        self._root = root
        self._open_nodes = [_Node(root, None)]
        self._blocks = [self._open_nodes[0]]
        self._pieces: list[tuple[str, _Node]] = []
        self._blank = True
        self._block = self._open_nodes[0]
        self._pre = 0

    def blocks(self) -> Iterator[Block]:
        """The lines as they end."""
        walk = etree.iterwalk(self._root, events=("start", "end", "comment", "pi"))
        skipped: list[html.HtmlElement] = []
        for event, element in walk:
            if event == "start" and element is not self._root:
                if _is_unseen(element):
                    walk.skip_subtree()
                    skipped.append(element)
                else:
                    yield from self._open(element)
            elif event == "start":
                yield from self._add(element.text)
            elif event == "end" and element is self._root:
                yield from self._flush()
            elif event == "end" and skipped and skipped[-1] is element:
                skipped.pop()
                yield from self._add(element.tail)
            elif event == "end":
                yield from self._close(element)
            else:
                yield from self._add(element.tail)

    def _open(self, element: html.HtmlElement) -> Iterator[Block]:
        node = _Node(element, self._open_nodes[-1])
        if node.is_block or node.tag == "br" or _parts(element):
            yield from self._flush()
        self._open_nodes.append(node)
        if node.is_block:
            self._blocks.append(node)
        self._pre += node.tag == "pre"
        yield from self._add(element.text)

    def _close(self, element: html.HtmlElement) -> Iterator[Block]:
        if self._open_nodes[-1].is_block:
            yield from self._flush()
            self._blocks.pop()
        self._pre -= self._open_nodes.pop().tag == "pre"
        yield from self._add(element.tail)

    def _add(self, text: str | None) -> Iterator[Block]:
        """Text of the innermost open element; in preformatted text a line break ends the line."""
        if not text:
            return
        for i, line in enumerate(text.split("\n") if self._pre else (text,)):
            if i:
                yield from self._flush()
            if self._blank:
                self._block = self._blocks[-1]
                self._blank = not line.strip()
            self._pieces.append((line, self._open_nodes[-1]))

    def _flush(self) -> Iterator[Block]:
        if not self._pieces:
            return
        pieces, self._pieces, self._blank = self._pieces, [], True
        text = _BLANK.sub(" ", "".join(piece for piece, _ in pieces)).strip(" ")
        if not text.translate(_UNSEEN_CHARS).strip():
            return
        owner = _common([node for piece, node in pieces if piece.strip()])
        nodes = list(owner.chain())
        yield Block(text, self._block.tag, _join(node.classes for node in nodes), _join(node.roles for node in nodes))


def _common(nodes: Sequence[_Node]) -> _Node:
    """The innermost element that holds all of them."""
    common = nodes[0]
    for other in nodes[1:]:
        one: _Node = other
        while one is not common:
            deeper = one if one.depth >= common.depth else common
            if deeper.parent is None:
                break
            if deeper is one:
                one = deeper.parent
            else:
                common = deeper.parent
    return common


def _is_unseen(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN_TAGS:
        return True
    attributes = element.attrib
    if element.tag == "dialog" and "open" not in attributes:
        return True
    if attributes.get("hidden", "until-found") != "until-found":
        return True
    style = attributes.get("style")
    return style is not None and _HIDING.search(style) is not None


def _parts(element: html.HtmlElement) -> bool:
    """Do two inline elements touch that a page shows apart: links of a menu, a name and a time?"""
    before = element.getprevious()
    if before is None or before.tail or not isinstance(before.tag, str):
        return False
    if element.tag == "time" or before.tag == "time":
        return True
    return element.tag == "a" and before.tag == "a"


def _classes(element: html.HtmlElement) -> str:
    """Class and id of one element, after its name if the name tells a region or a link, or is of the site's own making."""
    tag = element.tag
    if tag in ("html", "body"):
        return ""
    name = tag if tag in _NAMED or "-" in tag else ""
    marks, mark = element.get("class"), element.get("id")
    if not marks and not mark:
        return str(name)
    return " ".join(part for part in (name, f"#{mark.strip()}" if mark else "", *(marks or "").split()) if part)


def _roles(element: html.HtmlElement) -> str:
    if not element.attrib:
        return ""
    return " ".join(value.strip() for value in map(element.get, _ROLE_ATTRIBUTES) if value and value.strip())


def _join(parts: Iterable[str]) -> str | None:
    """The parts, given from the inside out, as one chain from the outside in; the innermost are kept."""
    chain: list[str] = []
    room = _CHAIN_CHARS
    for part in (_BLANK.sub(" ", part)[:_CHAIN_CHARS] for part in parts if part):
        room -= len(part) + (3 if chain else 0)
        if room < 0:
            break
        chain.append(part)
    return " > ".join(reversed(chain)) or None
