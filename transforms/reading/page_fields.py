"""What the markup of a page says of headline, standfirst, authors, date, outlet, link and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from lxml import html
from rapidfuzz import fuzz

from transforms.reading.blocks import Block, letters
from transforms.reading.dates import Published, more_exact
from transforms.reading.fields import Fields, best_date, language_code, short_text, web_address
from transforms.reading.linked_data import linked_articles, page_names
from transforms.reading.model import Source
from transforms.reading.names import clean_authors

_BYLINE_CLASS = re.compile(
    r"byline|by-line|(?:^|[\s_-])(?:authors?|autor(?:es)?|auteur|verfasser|writer|contributor|firma|signature)(?:$|[\s_-])|author-?name|article-?author",
    re.IGNORECASE,
)
_BY_NAME = re.compile(
    r"(?:(?:Written|Posted|Submitted|Reported|Published|Story|Words|Text)\s+by|[Bb]y):?\s+[^\W\d_a-z][\w'’.-]*\s+[^\W\d_a-z]"
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|profiles?|people|staff|reporters?|journalists?|contributors?|by|writers?|columnists?|correspondents?|autor\w*|avtor\w*)/[^/]",
    re.IGNORECASE,
)
_NOT_BYLINE = re.compile(r"bio|about|comment|related|avatar|image|photo|follow|social|description|card", re.IGNORECASE)
_DATE_CLASS = re.compile(
    r"publish|pub-?date|posted|timestamp|(?:post|article|entry|story|byline|content|news)[-_]?(?:date|time)", re.IGNORECASE
)
_CHANGE_CLASS = re.compile(r"updat|modif|publisher", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SAYS_PUBLISHED = re.compile(r"\b(?:published|posted)(?:\s+on)?\b\W{0,3}(?:\w+,?\s+)?(?:\d{1,2}\s|[A-Z][a-z]{2,8}\s+\d)", re.IGNORECASE)
_FULL_DAY = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Z][a-z]{2,8}\.?,?|[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?)\s+(?:19|20)\d\d\b"
)
_DAY_BY_NAME = re.compile(rf"{_FULL_DAY.pattern}(?:\s*(?:at\s+)?\d\d?[:.]\d\d(?:\s*[ap]\.?m\.?)?)?[\s,|·-]*(\b[Bb]y\s+[^\W\d_a-z][^.,|]+)")
_FIRST_DAY, _LAST_DAY = "1995-01-01", "2100-01-01"
"""Bounds for htmldate; its defaults ask the clock."""
_DECK_CLASS = re.compile(
    r"standfirst|sub-?title|sub-?head(?:line)?|(?:^|[\s_-])(?:dek|deck|sapo|lede|strapline)(?:$|[\s_-])", re.IGNORECASE
)
_TITLE_CLASS = re.compile(r"headline|title", re.IGNORECASE)
_ANY_SITE_MARK = re.compile(r"\s(?:[|–—»«‹›•·-]|::)\s")
_SITE_MARKS = (" | ", " – ", " — ", " - ", " :: ", " » ", " • ", " · ")


@dataclass(frozen=True, slots=True)
class _Page:
    """What is looked up more than once. ``markup`` is None where the page is too large for the guessers."""

    root: html.HtmlElement
    blocks: Sequence[Block]
    metas: Mapping[str, list[str]]
    articles: list[dict[str, Any]]
    markup: str | None


def page_fields(root: html.HtmlElement, blocks: Sequence[Block], *, markup: str | None, source: Source, address: str | None) -> Fields:
    """The fields that a page gives; where nothing is marked, ``markup`` is shown to trafilatura and htmldate."""
    page = _Page(root, blocks, _metas(root), linked_articles(root), markup)
    url = _canonical(page, address)
    publisher = _publisher(page)
    title = _title(page, publisher)
    return Fields(
        title=title,
        subtitle=_subtitle(page, title),
        authors=tuple(_authors(page, publisher)),
        publisher=publisher,
        url=url,
        language=_language(page),
        published=_published(page, url, source),
    )


def _metas(root: html.HtmlElement) -> dict[str, list[str]]:
    """Lower-case name of a meta element -> its contents in their order."""
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        content = meta.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower(), []).append(content.strip())
    return metas


def _meta_values(page: _Page, role: str) -> Iterator[str]:
    for name in page_names()[role]:
        yield from page.metas.get(name, ())


def _title(page: _Page, publisher: str | None) -> str | None:
    """The visible headline that agrees best with what the markup says; without one, what the markup says."""
    said = [short_text(article.get("headline") or article.get("name"), 500) for article in page.articles[:1]]
    said += [short_text(value, 500) for value in _meta_values(page, "title")]
    said += [short_text(element.text_content(), 500) for element in list(page.root.iter("title"))[:1]]
    known = [_without_site(value, publisher) for value in said if value]
    heads = [block.text for block in page.blocks if block.tag == "h1" and 3 < len(block.text) <= 500]
    if not known:
        return heads[0] if len(heads) == 1 else None
    shown = heads + [block.text for block in page.blocks if _may_be_title(block)][:40]
    scored = [(_alike(value, text), -i, -k, text, value) for i, text in enumerate(shown) for k, value in enumerate(known)]
    score, _, _, text, value = max(scored, default=(0.0, 0, 0, "", ""))
    if score >= 80:
        # "Analysis: Ferry runs again" in the markup of the headline: the label is not part of it.
        more = len(letters(text)) > len(letters(value))
        return value if more and (text.endswith(value) or text.startswith(value)) else text
    # Outlets give search engines another wording than readers: the one headline on the page is the headline.
    long_heads = [text for text in heads if len(text.split()) >= 4 and letters(text) != letters(publisher or "")]
    return long_heads[0] if len(long_heads) == 1 else _shown_part(page, said) or known[0]


def _shown_part(page: _Page, said: Sequence[str | None]) -> str | None:
    """A line of the page that is all that stands before or behind a mark in what the markup says: the rest is the site."""
    parts = {letters(part) for value in said if value for part in _ANY_SITE_MARK.split(value) if len(part.split()) >= 4}
    return next((block.text for block in page.blocks[:200] if len(block.text) <= 300 and letters(block.text) in parts), None)


def _may_be_title(block: Block) -> bool:
    if len(block.text) > 500:
        return False
    if block.tag in ("h2", "h3"):
        return True
    return block.tag in ("div", "p") and _TITLE_CLASS.search(f"{block.css_class} {block.role}") is not None


def _alike(said: str, shown: str) -> float:
    left, right = letters(said), letters(shown)
    if not left or not right:
        return 0.0
    if left == right:
        return 100.0
    return 95.0 if len(left) > 20 and (right.endswith(left) or right.startswith(left)) else float(fuzz.ratio(left, right))


def _without_site(title: str, publisher: str | None) -> str:
    """The title of a browser tab without the outlet's name at its end or beginning."""
    for mark in _SITE_MARKS:
        head, found, tail = title.rpartition(mark)
        if found and head and _is_site(tail, publisher):
            return _without_site(head.strip(), publisher)
        tail, found, head = title.partition(mark)
        if found and head and publisher and letters(tail) == letters(publisher):
            return head.strip()
    return title


def _is_site(tail: str, publisher: str | None) -> bool:
    if publisher and (letters(publisher) in letters(tail) or letters(tail) in letters(publisher)):
        return True
    words = tail.split()
    return publisher is None and 0 < len(words) <= 3 and all(word[:1].isupper() for word in words)


def _subtitle(page: _Page, title: str | None) -> str | None:
    """A standfirst that the page shows: marked as one, or the description word for word near the headline."""
    for block in page.blocks:
        inner = (block.css_class or "").rpartition(" > ")[2]
        if _DECK_CLASS.search(inner) and block.tag != "h1" and 20 <= len(block.text) <= 600 and block.text != title:
            return block.text
    said = [article.get("description") for article in page.articles[:1]] + list(_meta_values(page, "subtitle"))
    keys = {letters(text) for text in map(short_text, said) if text and len(text) >= 20}
    where = next((i for i, block in enumerate(page.blocks) if block.text == title), None)
    if where is None:
        return None
    near = page.blocks[where + 1 : where + 7]
    return next((block.text for block in near if letters(block.text) in keys and block.text != title), None)


def _authors(page: _Page, publisher: str | None) -> list[str]:
    """The names of the first place that holds any; the outlet itself is no author."""
    outlets = [name for name in (publisher, _site_in_title(page)) if name]
    for values in _author_places(page):
        names = _names_in(values, outlets)
        if names:
            return names
    return [name for name in _names_in([_guessed_author(page.markup)], outlets) if " " in name]


def _names_in(values: Iterable[object], outlets: Sequence[str]) -> list[str]:
    return [name for name in clean_authors(values) if _could_be_name(name) and not any(_is_outlet(name, outlet) for outlet in outlets)]


def _site_in_title(page: _Page) -> str | None:
    """What stands behind the last mark in the title of the browser's tab, if it is short enough for an outlet's name."""
    title = next((element.text_content() for element in page.root.iter("title")), "")
    parts = _ANY_SITE_MARK.split(title)
    return parts[-1].strip() if len(parts) > 1 and len(parts[-1].split()) <= 5 else None


def _is_outlet(name: str, publisher: str | None) -> bool:
    """Is one the other, or its beginning (BBC, BBC News)?"""
    one, other = sorted((letters(name), letters(publisher or "")), key=len)
    return len(one) >= 2 and other.startswith(one)


def _guessed_author(markup: str | None) -> str | None:
    """The author in the eyes of trafilatura."""
    from trafilatura.metadata import extract_metadata  # noqa: PLC0415 - slow to import, and few pages need it

    if markup is None:
        return None
    config = {"min_date": _FIRST_DAY, "max_date": _LAST_DAY, "original_date": True, "extensive_search": False}
    try:
        return extract_metadata(markup, date_config=config).author
    except Exception:  # noqa: BLE001 - a name that is not found is NULL
        return None


def _author_places(page: _Page) -> Iterator[list[str]]:
    for article in page.articles[:1]:
        yield _person_names(article.get("author"), people=True)
        yield _person_names(article.get("creator"), people=True)
    yield [value for value in _first_metas(page, "authors") if "/" not in value]
    yield [el.text_content() for el in page.root.xpath("//*[@itemprop='author']//*[@itemprop='name']")][:5]
    yield [el.text_content() for el in page.root.xpath("//*[@rel='author' or @itemprop='author']")][:5]
    yield _byline_texts(page)
    yield _marked_names(page)
    yield _linked_names(page)
    for article in page.articles[:1]:
        yield _person_names(article.get("author"))


def _first_metas(page: _Page, role: str) -> list[str]:
    return next((page.metas[name] for name in page_names()[role] if name in page.metas and "/" not in page.metas[name][0]), [])


def _person_names(value: Any, *, people: bool = False) -> list[str]:
    """The names in a value of JSON-LD; with ``people`` not those of what says that it is an organization."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [name for part in value[:50] for name in _person_names(part, people=people)]
    if isinstance(value, dict) and not (people and "Organization" in str(value.get("@type"))):
        return _person_names(value.get("name"))
    return []


def _byline_texts(page: _Page) -> list[str]:
    """Short visible lines that are marked as a byline, else lines near the top that begin with 'By' or have it behind a day."""
    for i, block in enumerate(page.blocks):
        if not _is_byline(block):
            continue
        more = [b.text for b in page.blocks[i + 1 : i + 4] if b.css_class == block.css_class and _is_byline(b) and _looks_like_name(b.text)]
        return [block.text, *more]
    short = [block.text for block in page.blocks[:80] if len(block.text) <= 100]
    top = [text for text in short if _BY_NAME.match(text)]
    return top[:1] or [m[1] for text in short for m in [_DAY_BY_NAME.match(text)] if m][:1]


def _is_byline(block: Block) -> bool:
    inner = " > ".join(((block.css_class or "").split(" > "))[-3:] + (block.role or "").split(" > ")[-2:])
    marked = _BYLINE_CLASS.search(inner) is not None and _NOT_BYLINE.search(inner) is None
    return marked and len(block.text) <= 120 and bool(clean_authors([block.text]))


def _marked_names(page: _Page) -> list[str]:
    """The first inline element that is marked as a byline: its line may hold a date too."""
    for element in page.root.xpath("//span[@class] | //a[@class] | //em[@class] | //small[@class]")[:2000]:
        marks, text = element.get("class"), element.text_content().strip()
        if _BYLINE_CLASS.search(marks) and not _NOT_BYLINE.search(marks) and len(text) <= 120 and clean_authors([text]):
            return [text]
    return []


def _linked_names(page: _Page) -> list[str]:
    """Names below the headline that lead to the page of an author; those beside the first one."""
    found: list[html.HtmlElement] = []
    is_below, n_paragraphs = not any(True for _ in page.root.iter("h1")), 0
    for element in page.root.iter("h1", "p", "a"):
        is_below = is_below or element.tag == "h1"
        n_paragraphs += element.tag == "p" and is_below and len(element.text_content()) > 100
        if n_paragraphs > 2:
            break
        if element.tag == "a" and is_below and _AUTHOR_LINK.search(element.get("href") or "") and _looks_like_name(element.text_content()):
            found.append(element)
    return [element.text_content() for element in found if element.getparent() is found[0].getparent()][:5]


def _looks_like_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in (words[0], words[-1]))


def _could_be_name(name: str) -> bool:
    return 2 <= len(name) <= 50 and len(name.split()) <= 5 and not re.search(r"[<>{}=/\\]|\.(?:com|org|net)\b", name)


def _publisher(page: _Page) -> str | None:
    for article in page.articles[:1]:
        names = _person_names(article.get("publisher")) or _person_names(article.get("sourceOrganization"))
        if names and (name := short_text(names[0], 100)):
            return name
    values = (short_text(value, 100) for value in _meta_values(page, "publisher"))
    return next((value for value in values if value and "/" not in value), None)


def _language(page: _Page) -> str | None:
    tags = [page.root.get("lang"), page.root.get("{http://www.w3.org/XML/1998/namespace}lang"), page.root.get("xml:lang")]
    tags += [article.get("inLanguage") for article in page.articles[:1]] + list(_meta_values(page, "language"))
    return next((code for code in map(language_code, tags) if code), None)


def _canonical(page: _Page, address: str | None) -> str | None:
    links = [link.get("href") for link in page.root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    links += page.metas.get("og:url", [])
    for article in page.articles[:1]:
        main = article.get("mainEntityOfPage")
        links += [article.get("url"), main.get("@id") if isinstance(main, dict) else main]
    for link in links:
        if isinstance(link, str) and link.strip():
            try:
                whole = urljoin(address or "", link.strip())
            except ValueError:
                continue
            if found := web_address(whole):
                return found
    return web_address(address)


def _published(page: _Page, url: str | None, source: Source) -> Published | None:
    said: list[object] = [article.get("datePublished") for article in page.articles[:1]]
    said += list(_meta_values(page, "published"))
    said += [article.get("dateCreated") for article in page.articles[:1]]
    marked = list(page.root.xpath("//*[@itemprop='datePublished']"))[:3]
    said += [el.get("datetime") or el.get("content") or el.text_content() for el in marked]
    times = list(page.root.iter("time"))[:60]
    stamps = [el for el in times if el.get("pubdate") is not None or _is_stamp(el.get("class") or "")]
    said += [el.get("datetime") or el.text_content() for el in stamps]
    said += [block.text for block in page.blocks[:120] if len(block.text) <= 80 and _is_stamp((block.css_class or "").rpartition(" > ")[2])]
    found = best_date(said, source) or best_date(_stamped_texts(page), source)
    if found is None and not any(_SAYS_PUBLISHED.search(block.text) for block in page.blocks[:120] if len(block.text) <= 120):
        found = _last_resort(page.markup, url, source) or best_date(_dates_beside_title(page), source)
    if found is None:
        return None
    # A day that the page also prints with its clock time, as a line of its own.
    shown = [el.get("datetime") for el in times[:3]] + [block.text for block in page.blocks[:60] if len(block.text) <= 60]
    for value in shown:
        found = more_exact(found, best_date([value], source)) or found
    return found


def _stamped_texts(page: _Page) -> list[str]:
    """Short texts of inline elements that are marked as a date: their line may hold more than them."""
    marked = page.root.xpath("//span[@class or @id] | //abbr[@class] | //small[@class] | //em[@class] | //li[@class]")[:2000]
    stamps = [el for el in marked if _is_stamp(f"{el.get('class') or ''} {el.get('id') or ''}")][:20]
    texts = [value for el in stamps for value in (el.get("datetime"), el.get("title"), el.text_content()) if value]
    return [text.strip() for text in texts if len(text) <= 80]


def _dates_beside_title(page: _Page) -> list[str]:
    """Days that are written in full in short lines around the headline."""
    said = {
        letters(part)
        for element in list(page.root.iter("title"))[:1]
        for part in (element.text_content(), *_ANY_SITE_MARK.split(element.text_content()))
    }
    where = next((i for i, block in enumerate(page.blocks) if block.tag == "h1" or letters(block.text) in said), None)
    if where is None:
        return []
    near = [
        block.text
        for block in page.blocks[max(where - 4, 0) : where + 9]
        if len(block.text) <= 100 and not _CHANGE_CLASS.search(block.text)
    ]
    return [m[0] for text in near for m in [_FULL_DAY.search(text)] if m]


def _is_stamp(marks: str) -> bool:
    return _DATE_CLASS.search(marks) is not None and _CHANGE_CLASS.search(marks) is None


def _last_resort(markup: str | None, url: str | None, source: Source) -> Published | None:
    """The day that htmldate reads off the link or the page, never better than a day."""
    from htmldate import find_date  # noqa: PLC0415 - slow to import, and few pages need it

    if markup is None:
        return None
    try:
        day = find_date(markup, extensive_search=False, original_date=True, url=url, min_date=_FIRST_DAY, max_date=_LAST_DAY)
    except Exception:  # noqa: BLE001 - a date that is not found is NULL
        return None
    found = best_date([day], source)
    return found if found and found.day and _is_written(found.day, f"{url} {markup}") else None


def _is_written(day: date, text: str) -> bool:
    """Does the page have this day in a form with one meaning? htmldate takes 03/04 for the third of April."""
    if day.day > 12 or day.day == day.month:
        return True
    month = rf"{_MONTHS[day.month - 1]}[a-z]*\.?"
    forms = (
        rf"{day.year}\D?0?{day.month}\D?0?{day.day}(?!\d)",
        rf"\b{month},?\s+0?{day.day}(?:st|nd|rd|th)?,?\s+{day.year}",
        rf"\b0?{day.day}(?:st|nd|rd|th)?\s+(?:of\s+)?{month},?\s+{day.year}",
    )
    return re.search("|".join(forms), text, re.IGNORECASE) is not None
