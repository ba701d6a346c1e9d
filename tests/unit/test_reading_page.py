"""Pages: which lines are seen, what the markup tells of them, and the fields."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from transforms.reading.blocks import mark_kept, parse_page, visible_blocks
from transforms.reading.model import Landed, Limits, Source, Unreadable
from transforms.reading.page import _better, land_page

STORY = [
    "The ferry to Ostrava Island runs again after five months, and the first boat left the harbour on Monday with sixty people on board.",
    "Mira Holt, who runs the line, said that the winter had cost her two hundred passengers a day, most of them pupils and nurses.",
    "A third boat will follow in the spring, the harbour office said, if the yard in the town of Velka finishes the work in time.",
]
BODY = "".join(f"<p>{text}</p>" for text in STORY)


def seen(markup: str) -> list[str]:
    root = parse_page(markup)
    return [] if root is None else [block.text for block in visible_blocks(root)]


def page(markup: str, *, source: Source | None = None, address: str | None = None, codec: str = "utf-8") -> Landed:
    return land_page(markup.encode(codec), source=source or Source(), limits=Limits(), record=None, address=address)


def ld(*nodes: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@graph": list(nodes)})}</script>'


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>The <b>f</b>erry\n  runs <i>again</i>.</p>", ["The ferry runs again."]),
        ("<p><span class=drop>T</span>he ferry</p>", ["The ferry"]),
        ("<div>Before<p>In</p>After</div>", ["Before", "In", "After"]),
        ("<p>One<br>Two<br><br>Three</p>", ["One", "Two", "Three"]),
        ("<ul><li>One<li>Two <a href=x>more</a></ul>", ["One", "Two more"]),
        ("<table><tr><th>Boat<td>Seats<tr><td>Ada<td>60</table>", ["Boat", "Seats", "Ada", "60"]),
        ("<pre>One\n  Two\n\nThree</pre>", ["One", "Two", "Three"]),
        ("<nav><a href=a>Home</a><a href=b>World</a></nav>", ["Home", "World"]),
        ("<p><span>By Mira Holt</span><time>4 March</time></p>", ["By Mira Holt", "4 March"]),
        ("<p>On <time>4 March</time> the ferry</p>", ["On 4 March the ferry"]),
        (
            "<p>Seen</p><script>no()</script><style>p{}</style><template>no</template><noscript>no</noscript><svg><title>no</title></svg>",
            ["Seen"],
        ),
        (
            "<p hidden>no</p><p style='color:red; display: none'>no</p><p style='visibility:hidden'>no</p><dialog>no</dialog><p>Seen",
            ["Seen"],
        ),
        ("<p hidden>no</p>tail<!-- no -->more<?no no?>end", ["tailmoreend"]),
        ("<p>A&nbsp;B &amp; C &lt;D&gt;</p><p>&nbsp;</p><p>\u200b</p>", ["A\u00a0B & C <D>"]),
        ("<p>A\u2028B\x0bC\x85D</p>", ["A B C D"]),
        ("<my-card>One</my-card><my-card>Two</my-card><p>A <x-term>ferry</x-term> runs</p>", ["One", "Two", "A ferry runs"]),
        ("<figure><img alt=no><figcaption>A ferry. Photo: T. Reyk</figcaption></figure>", ["A ferry. Photo: T. Reyk"]),
        ("<h1>Ferry<p>One</h1><div><p>Two</div></p>three", ["Ferry", "One", "Two", "three"]),
        ("plain words", ["plain words"]),
        ("", []),
        ("<!-- only -->", []),
        ("<p>a\x00b</p>", ["a\ufffdb"]),
    ],
)
def test_lines_as_a_browser_shows_them(markup: str, lines: list[str]) -> None:
    assert seen(markup) == lines


def test_nothing_but_hidden_text_is_dropped() -> None:
    top = "<header>Harbour Post</header><nav><a href=x>Home</a></nav>"
    markup = f"{top}<article><h1>Ferry</h1>{BODY}</article><aside>More</aside><footer>Terms</footer>"
    assert seen(markup) == ["Harbour Post", "Home", "Ferry", *STORY, "More", "Terms"]


def test_blocks_tell_where_they_stand() -> None:
    markup = f"""<body><main role="main"><article class="story  wide" id="a1">
    <div class="body" itemprop="articleBody"><p class="lead">{STORY[0]}</p>
    <p>{STORY[1]}</p><p data-component="text"><a class="more" href="x">Read on</a></p></div></article></main>
    <aside class="related"><ul><li><a href="y">Bridge closed</a></li></ul></aside></body>"""
    landed = page(markup)
    text = landed.document["text"]
    found = [(text[row["start_char"] : row["end_char"]], row["tag"], row["css_class"], row["role"]) for row in landed.blocks]
    assert found == [
        (STORY[0], "p", "main > article #a1 story wide > body > lead", "main > articleBody"),
        (STORY[1], "p", "main > article #a1 story wide > body", "main > articleBody"),
        ("Read on", "p", "main > article #a1 story wide > body > a more", "main > articleBody > text"),
        ("Bridge closed", "li", "aside related > a", None),
    ]
    assert [row["position"] for row in landed.blocks] == [0, 1, 2, 3]


def test_chain_of_classes_keeps_the_innermost() -> None:
    root = parse_page("".join(f"<div class='outer{i:03} {'x' * 20}'>" for i in range(30)) + "<p class=inner>Ferry")
    assert root is not None
    (block,) = visible_blocks(root)
    assert block.css_class is not None
    assert block.css_class.endswith("outer029 xxxxxxxxxxxxxxxxxxxx > inner")
    assert len(block.css_class) <= 200


def test_the_extractors_verdict_is_beside_each_block() -> None:
    markup = f"<nav><ul><li><a href=/a>Home</a></li><li><a href=/b>World</a></li></ul></nav><article><h1>Ferry runs</h1>{BODY}</article>"
    landed = page(f"<html><body>{markup}<footer><p>Terms of use</p></footer></body></html>")
    text = landed.document["text"]
    verdicts = {text[row["start_char"] : row["end_char"]]: row["extractor_kept"] for row in landed.blocks}
    assert all(verdicts[line] for line in STORY)
    assert not verdicts["Home"]
    assert not verdicts["Terms of use"]


def test_same_page_twice_is_the_same() -> None:
    markup = f"<html><body><h1>Ferry runs again today</h1><p>4 March 2025</p>{BODY}</body></html>"
    assert page(markup) == page(markup)


# --- encodings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "codec", "encoding"),
    [
        ("iso-8859-1", "cp1252", "cp1252"),
        ("windows-1251", "cp1251", "cp1251"),
        ("iso-8859-1", "utf-8", "utf-8"),
        ("nonsense", "utf-8", "utf-8"),
        ("gb2312", "gb18030", "gb18030"),
        ("utf-8", "utf-16", "utf-16-le"),
        ("zlib", "cp1252", "cp1252"),
    ],
)
def test_declared_encoding(declared: str, codec: str, encoding: str) -> None:
    words = {"cp1251": "Паром снова ходит, сообщила служба", "gb18030": "渡轮恢复运行了", "gb2312": ""}.get(
        codec, "“Café” – at last, she said"
    )
    landed = page(f'<html><head><meta charset="{declared}"></head><body><p>{words}</p></body></html>', codec=codec)
    assert (landed.document["text"], landed.document["encoding"]) == (words, encoding)


def test_xml_declaration_is_no_obstacle() -> None:
    assert page('<?xml version="1.0" encoding="utf-8"?><html><body><p>Ferry</p></body></html>').document["text"] == "Ferry"


# --- fields -----------------------------------------------------------------------------------------------


def test_fields_of_a_page_with_linked_data() -> None:
    head = """<link rel="canonical" href="/news/a1"><title>Ferry runs again | Harbour Post</title>
    <meta property="og:site_name" content="Harbour Post">
    <meta name="description" content="Two of three boats are back on the line to the island.">"""
    node = {
        "@type": ["NewsArticle"],
        "headline": "Ferry runs again",
        "datePublished": "2025-03-04T10:15:00+02:00",
        "dateModified": "2025-03-05T10:15:00+02:00",
        "author": [{"@type": "Person", "name": "Mira Holt"}, {"@type": "Person", "name": "Tomas Reyk"}],
        "publisher": {"@type": "Organization", "name": "Harbour Post"},
    }
    body = f"<h1>Ferry runs again</h1><p class='x'>Two of three boats are back on the line to the island.</p>{BODY}"
    document = page(
        f"<html lang='en-GB'><head>{head}{ld(node)}</head><body>{body}</body></html>", address="https://hp.example/x?y=1"
    ).document
    assert document["title"] == "Ferry runs again"
    assert document["subtitle"] == "Two of three boats are back on the line to the island."
    assert document["authors"] == ["Mira Holt", "Tomas Reyk"]
    assert document["publisher"] == "Harbour Post"
    assert document["url"] == "https://hp.example/news/a1"
    assert document["language"] == "en"
    assert document["published_at"] == datetime(2025, 3, 4, 8, 15, tzinfo=UTC)
    assert (document["published_precision"], document["published_basis"]) == ("second", "metadata")


def test_references_between_nodes_are_followed() -> None:
    nodes: list[dict[str, Any]] = [
        {"@type": "WebPage", "@id": "#page", "name": "Ferry runs again - Harbour Post", "datePublished": "2025-03-04T08:15:00+00:00"},
        {
            "@type": "Article",
            "headline": "Ferry runs again",
            "author": {"@id": "#p1"},
            "publisher": {"@id": "#org"},
            "datePublished": "2025-03-04T08:15:00+00:00",
        },
        {"@type": "Organization", "@id": "#org", "name": "Harbour Post"},
        {"@type": "Person", "@id": "#p1", "name": "Mira Holt"},
    ]
    document = page(f"<html><head>{ld(*nodes)}</head><body><h1>Ferry runs again</h1>{BODY}</body></html>").document
    assert (document["authors"], document["publisher"], document["title"]) == (["Mira Holt"], "Harbour Post", "Ferry runs again")


def test_the_pages_own_article_comes_before_listed_ones() -> None:
    other = {"@type": "NewsArticle", "headline": "Bridge closed", "datePublished": "2024-01-01", "author": {"name": "Ana Brandt"}}
    own = {"@type": "Article", "headline": "Ferry runs again", "datePublished": "2025-03-04", "author": {"name": "Mira Holt"}}
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    document = page(f"<html><head>{ld(listed, other, own)}</head><body><h1>Ferry runs again</h1>{BODY}</body></html>").document
    assert (document["title"], document["authors"], document["published_date"]) == ("Ferry runs again", ["Mira Holt"], date(2025, 3, 4))


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry runs again - Harbour Post</title><meta property='og:site_name' content='Harbour Post'>", "", "Ferry runs again"),
        ("<title>Ferry runs again | Island | Harbour Post</title>", "<h1>Ferry runs again</h1>", "Ferry runs again"),
        ("<title>Ferry - runs again</title>", "<h1>Ferry - runs again</h1>", "Ferry - runs again"),
        (
            "<meta property='og:title' content='Why the Ostrava Island boats are back'>",
            "<h1>Ferry runs again after five months</h1>",
            "Ferry runs again after five months",
        ),
        (
            "<meta property='og:title' content='Ferry runs again'>",
            "<h1>Harbour Post</h1><h2>Ferry runs again</h2><h2>Bridge closed</h2>",
            "Ferry runs again",
        ),
        (
            "<meta property='og:title' content='Ferry runs again to Ostrava'>",
            "<h1><span>Analysis</span> Ferry runs again to Ostrava</h1>",
            "Ferry runs again to Ostrava",
        ),
        ("<meta property='og:title' content='Ferry &quot;runs&quot; again'>", "<h1>Ferry “runs” again</h1>", "Ferry “runs” again"),
        ("", "<h1>Ferry runs again</h1>", "Ferry runs again"),
        ("", "", None),
        (
            "<title>Harbour Weekly - Ferry runs again to the island</title>",
            "<font><b>Ferry runs again to the island</b></font>",
            "Ferry runs again to the island",
        ),
        (
            "<meta property='og:title' content='Ferry runs again to Ostrava'>",
            "<h1>Ferry runs again to Ostrava <small>March 4</small></h1>",
            "Ferry runs again to Ostrava",
        ),
    ],
)
def test_title(head: str, body: str, title: str | None) -> None:
    assert page(f"<html><head>{head}</head><body>{body}{BODY}</body></html>").document["title"] == title


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        ("<meta name='author' content='Mira Holt, Tomas Reyk'>", "", ["Mira Holt", "Tomas Reyk"]),
        (
            "<meta name='author' content='Harbour Post'><meta property='og:site_name' content='Harbour Post'>",
            "<p class='byline'>By Mira Holt</p>",
            ["Mira Holt"],
        ),
        ("<meta property='article:author' content='https://social.example/mira'>", "<a rel='author' href='x'>Mira Holt</a>", ["Mira Holt"]),
        ("", "<span itemprop='author'><span itemprop='name'>Mira Holt</span></span>", ["Mira Holt"]),
        ("", "<div class='article-byline'><span>By</span> <a href='x'>Mira Holt</a>, Senior Reporter</div>", ["Mira Holt"]),
        ("", "<div class='byline'>By Mira Holt<time datetime='2025-03-04'>4 March 2025</time></div>", ["Mira Holt"]),
        ("", "<div data-component='byline-block'><span>Mira Holt</span></div>", ["Mira Holt"]),
        (ld({"@type": "Article", "author": {"name": "HP News"}, "publisher": {"name": "HP"}}), "", []),
        ("", "<p>By Mira Holt and Tomas Reyk</p>", ["Mira Holt", "Tomas Reyk"]),
        ("", "", []),
        ("", "<div>Submitted by Mira Holt on Tue, 03/04/2025 - 09:15</div>", ["Mira Holt"]),
        ("", "<p>March 4th, 2011 by Mira Holt. Filed under Ferries.</p>", ["Mira Holt"]),
        ("", "<div><span class='author'>Text: Mira Holt; Photos: Tomas Reyk</span><span class='x'>04.03.2025</span></div>", ["Mira Holt"]),
        (
            "",
            "<div class='who'><a href='/people/mira-holt'>Mira Holt</a> <a href='/people/t'>Tomas Reyk</a></div>",
            ["Mira Holt", "Tomas Reyk"],
        ),
        ("", "<p><a href='/people/more'>Meet the people of our newsroom</a></p>", []),
        (
            ld({"@type": "Article", "author": {"@type": "Organization", "name": "Nordwire Desks"}}),
            "<p class='byline'>Mira Holt</p>",
            ["Mira Holt"],
        ),
        (ld({"@type": "Article", "author": {"@type": "Organization", "name": "Nordwire"}}), "", ["Nordwire"]),
        ("<title>Ferry runs again | Harbour Post</title><meta name='author' content='Harbour Post'>", "", []),
    ],
)
def test_authors(head: str, body: str, authors: list[str]) -> None:
    markup = f"<html><head>{head}</head><body><h1>Ferry runs again today</h1>{body}{BODY}</body></html>"
    assert page(markup).document["authors"] == authors


@pytest.mark.parametrize(
    ("head", "body", "day", "precision"),
    [
        ("<meta property='article:published_time' content='2025-03-04T08:15:30Z'>", "", "2025-03-04", "second"),
        ("<meta itemprop='datePublished' content='2025-03-04'>", "<time datetime='2025-03-04T08:15Z'>", "2025-03-04", "minute"),
        ("<meta name='date' content='03/04/2025'>", "", None, None),
        ("<meta name='pubdate' content='0000-00-00'><meta name='dc.date' content='2025-03-04'>", "", "2025-03-04", "day"),
        ("", "<time class='published' datetime='2025-03-04T10:15'>", "2025-03-04", "minute"),
        ("", "<span class='post-date'>March 4, 2025</span>", "2025-03-04", "day"),
        ("<meta name='dc.date' content='2025-03-04'>", "<p>Tuesday 4 March 2025, 10:15</p>", "2025-03-04", "minute"),
        ("<meta name='dc.date' content='2025-03-04'>", "<p>Updated 4 March 2025, 10:15</p>", "2025-03-04", "day"),
        ("", "<p>Published 4 March 2025</p>", None, None),  # the text is read by the cleaner
        ("<link rel='canonical' href='https://hp.example/2025/03/04/ferry'>", "", "2025-03-04", "day"),
        ("", "", None, None),
        ("", "<div>Mira Holt <span class='post-date'>04.03.2025</span></div>", "2025-03-04", "day"),
        ("", "<div>Mira Holt <span class='post-date'>24.03.2025</span></div>", "2025-03-24", "day"),
        ("", "<abbr class='published' title='2025-03-04T10:15:00+02:00'>10:15</abbr>", "2025-03-04", "second"),
        ("", "<p>Velka, March 4, 2025</p>", "2025-03-04", "day"),
        ("", "<p>Updated: 9 March 2025 Published: 4 March 2025</p>", None, None),  # the text is read by the cleaner
    ],
)
def test_date(head: str, body: str, day: str | None, precision: str | None) -> None:
    document = page(f"<html><head>{head}</head><body><h1>Ferry runs again today</h1>{body}{BODY}</body></html>").document
    assert (str(document["published_date"]) if day else document["published_date"], document["published_precision"]) == (day, precision)


def test_time_without_zone_is_local_unless_the_source_says_more() -> None:
    markup = f"<html><head><meta name='pubdate' content='2025-03-04 23:15:00'></head><body>{BODY}</body></html>"
    plain = page(markup).document
    assert (plain["published_at"], plain["published_local"]) == (None, datetime(2025, 3, 4, 23, 15))
    lisbon = page(markup, source=Source(timezone="Asia/Seoul")).document
    assert lisbon["published_at"] == datetime(2025, 3, 4, 14, 15, tzinfo=UTC)
    assert lisbon["published_date"] == date(2025, 3, 4)


@pytest.mark.parametrize(
    "junk",
    ["{bad", "[" * 5000, '"text"', "null", '{"@type": "NewsArticle", "author": [[["x"]]], "headline": {"a": 1}, "datePublished": [3]}'],
)
def test_broken_linked_data_is_passed_over(junk: str) -> None:
    document = page(
        f"<html><head><script type='application/ld+json'>{junk}</script></head><body><h1>Ferry runs again</h1>{BODY}</body></html>"
    ).document
    assert document["title"] == "Ferry runs again"


@pytest.mark.parametrize("depth", [200, 450])
def test_deep_pages_are_read(depth: int) -> None:
    assert page("<html><body>" + "<div>" * depth + BODY).document["text"] == "\n".join(STORY)


def test_too_deep_pages_are_refused() -> None:
    with pytest.raises(Unreadable, match="bad_html"):
        page("<html><body>" + "<div>" * 1500 + BODY)


def test_the_pages_own_word_for_its_text_counts_where_the_extractor_took_another() -> None:
    text = "\n\n".join((*STORY, *(f"On day {i} the boat was full and left at nine with all of them." for i in range(9))))
    took = "Somebody wrote a comment that is longer than the story, and then somebody else did."
    assert _better(took, text) == text
    assert _better(text + took, text) == text + took
    assert (_better(took, None), _better(None, text), _better(None, None)) == (took, text, None)


def test_cells_of_a_table_are_taken_with_their_line() -> None:
    root = parse_page("<table><tr><td>Boat</td><td>Seats</td></tr></table><p>Seat</p>")
    assert root is not None
    assert [block.kept for block in mark_kept(visible_blocks(root), "The ferry runs.\n| Boat | Seats |")] == [True, True, False]
