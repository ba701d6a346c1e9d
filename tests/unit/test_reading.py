"""Files of every kind: what comes out, under which name, and with which identity."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.reading import Landed, Limits, Refused, Source, make_source_for, read_object
from warehouse.schema import TABLES, make_id

STORY = (
    "The ferry to Ostrava Island runs again. Two boats came back from the yard on Monday, the harbour office said, "
    "and a third will follow in the spring. Mira Holt, who runs the line, said that the winter had cost her two hundred "
    "passengers a day, most of them pupils and nurses who live on the island and work in the town."
)
ARTICLE = {
    "id": "a1",
    "title": "Ferry runs again",
    "description": "Two of three boats are back.",
    "authors": ["By Mira Holt", "Tomas Reyk"],
    "source": {"name": "Harbour Post"},
    "url": "https://harbour-post.example/a1",
    "publishedAt": "2025-03-04T10:15:00+02:00",
    "language": "en-GB",
    "content": STORY,
}
PLAIN, LIMITS = Source(), Limits()
ReadFile = Callable[..., list[Landed | Refused]]


@pytest.fixture
def read(tmp_path: Path) -> ReadFile:
    """Reads bytes as a file of that name; every row must fit its table."""

    def read_bytes(data: bytes, name: str, source: Source = PLAIN, limits: Limits = LIMITS) -> list[Landed | Refused]:
        path = tmp_path / "object"
        path.write_bytes(data)
        units = list(read_object(path, name, source=source, limits=limits))
        landed = [unit for unit in units if isinstance(unit, Landed)]
        TABLES["documents_landed"].conform([{**unit.document, "maker_version": "1"} for unit in landed])
        TABLES["blocks"].conform([row for unit in landed for row in unit.blocks])
        return units

    return read_bytes


def one(units: list[Landed | Refused]) -> Landed:
    """The only unit, which must be a document."""
    assert [type(unit) for unit in units] == [Landed], units
    assert isinstance(units[0], Landed)
    return units[0]


def codes(units: list[Landed | Refused]) -> list[str]:
    """'ok' or the reason code of every unit."""
    return [unit.reason_code if isinstance(unit, Refused) else "ok" for unit in units]


def records(units: list[Landed | Refused]) -> list[str | None]:
    return [unit.source_record for unit in units]


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def as_csv(rows: list[list[str]], mark: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode()


def as_lines(*values: Any) -> bytes:
    return "\n".join(json.dumps(value) for value in values).encode()


# --- plain text -------------------------------------------------------------------------------------------


def test_plain_text_is_kept_to_the_character(read: ReadFile) -> None:
    text = f"  Ferry runs again\r\n\r\n{STORY} \t\n\n\x0c“Łódź” \u2028 end  "
    document = one(read(text.encode(), "ferry.txt")).document
    assert document["text"] == text
    assert document["media_type"] == "text/plain"
    assert document["encoding"] == "utf-8"
    assert document["language"] == "en"
    assert document["published_basis"] == "none"
    assert document["document_id"] == make_id("doc", document["raw_sha256"], "{}")


def test_source_is_part_of_the_identity(read: ReadFile) -> None:
    plain = one(read(STORY.encode(), "ferry.txt")).document
    said = one(read(STORY.encode(), "ferry.txt", Source(publisher="Harbour Post", published="2025-03-04"))).document
    assert said["raw_sha256"] == plain["raw_sha256"]
    assert said["document_id"] != plain["document_id"]
    assert said["source_said"] == '{"published":"2025-03-04","publisher":"Harbour Post"}'
    assert (said["publisher"], said["published_date"], said["published_basis"]) == ("Harbour Post", date(2025, 3, 4), "file_name")


def test_a_kind_that_only_the_name_tells_is_said_by_the_source(read: ReadFile) -> None:
    text, markdown = (one(read(STORY.encode(), name)).document for name in ("a.txt", "a.md"))
    assert markdown["media_type"] == "text/markdown"
    assert markdown["source_said"] == '{"media_type":"text/markdown"}'
    assert markdown["document_id"] != text["document_id"]


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (STORY, "utf-8-sig", "utf-8"),
        (STORY, "utf-16", "utf-16-le"),
        (STORY, "utf-16-le", "utf-16-le"),
        (STORY, "utf-16-be", "utf-16-be"),
        ("“The ferry is back,” said Mira – “at last”. A ticket is £2.", "cp1252", "cp1252"),
        ("Паром на остров снова ходит, сообщила во вторник портовая служба. Два судна вернулись с верфи.", "cp1251", "cp1251"),
    ],
)
def test_encodings(read: ReadFile, text: str, codec: str, encoding: str) -> None:
    document = one(read(text.encode(codec), "a.txt")).document
    assert (document["text"], document["encoding"]) == (text, encoding)


def test_a_damaged_byte_in_utf8_does_not_make_the_rest_another_encoding(read: ReadFile) -> None:
    text = ("Łódź – “" + STORY + "” ") * 5
    data = text.encode() + b"\xff" + text.encode()
    document = one(read(data, "a.txt")).document
    assert (document["text"], document["encoding"]) == (text + "\ufffd" + text, "utf-8+replace")


def test_front_matter_of_markdown(read: ReadFile) -> None:
    text = f'---\ntitle: "Ferry: runs"\nauthor: Mira Holt\ndate: 2025-03-04\ntags: [a, b]\n---\n\n# Ferry\n\n{STORY}\n'
    document = one(read(text.encode(), "a.md")).document
    assert document["text"] == text
    assert (document["title"], document["authors"], document["published_date"]) == ("Ferry: runs", ["Mira Holt"], date(2025, 3, 4))
    assert one(read(text.encode(), "a.txt")).document["title"] is None
    assert one(read(b"---\ntitle: Ferry\n\nNo end of the head.", "a.md")).document["title"] is None


def test_what_a_file_says_goes_before_what_its_source_says(read: ReadFile) -> None:
    source = Source(publisher="Another", language="fr", published="2024-01-01")
    document = one(read(json.dumps(ARTICLE).encode(), "a.json", source)).document
    assert (document["publisher"], document["language"], document["published_date"]) == ("Harbour Post", "en", date(2025, 3, 4))
    assert Source.from_said(document["source_said"]) == source


# --- records ----------------------------------------------------------------------------------------------


def check_article(document: dict[str, Any]) -> None:
    assert document["text"] == f"Ferry runs again\n\nTwo of three boats are back.\n\n{STORY}"
    assert document["text"][document["body_start_char"] :] == STORY
    assert document["title"] == "Ferry runs again"
    assert document["subtitle"] == "Two of three boats are back."
    assert document["authors"] == ["Mira Holt", "Tomas Reyk"]
    assert document["publisher"] == "Harbour Post"
    assert document["url"] == "https://harbour-post.example/a1"
    assert document["language"] == "en"
    assert document["published_at"] == datetime(2025, 3, 4, 8, 15, tzinfo=UTC)
    assert (document["published_date"], document["published_precision"]) == (date(2025, 3, 4), "second")
    assert document["published_basis"] == "metadata"


JSON_FORMS = {
    "one.json": json.dumps(ARTICLE, indent=2),
    "one-line.json": json.dumps(ARTICLE),
    "array.json": json.dumps([ARTICLE]),
    "array-pretty.json": json.dumps([ARTICLE], indent=1),
    "object.json": json.dumps({"status": "ok", "data": {"articles": [ARTICLE]}}, indent=1),
    "lines.jsonl": json.dumps(ARTICLE) + "\n",
    "hit.json": json.dumps({"hits": {"hits": [{"_id": "9", "_source": ARTICLE}]}}),
    "noname": json.dumps(ARTICLE, indent=2),
    "really-json.txt": json.dumps([ARTICLE]),
    "array.jsonl": json.dumps([ARTICLE], indent=1),
}


@pytest.mark.parametrize("name", JSON_FORMS)
def test_json_in_every_form(read: ReadFile, name: str) -> None:
    unit = one(read(JSON_FORMS[name].encode(), name))
    check_article(unit.document)
    assert unit.source_record == "a1"


def test_a_record_is_the_same_document_in_every_form(read: ReadFile) -> None:
    forms = {
        "a.json": json.dumps([ARTICLE]),
        "b.jsonl": json.dumps(dict(reversed(ARTICLE.items()))),
        "c.json": json.dumps(ARTICLE, indent=3),
    }
    assert len({json.dumps(one(read(text.encode(), name)).document, default=str) for name, text in forms.items()}) == 1


def test_large_object_is_read_piece_by_piece(read: ReadFile) -> None:
    articles = [{**ARTICLE, "id": f"a{i}"} for i in range(40)]
    data = json.dumps({"meta": {"n": 40, "x": [1, 2]}, "articles": articles}).encode()
    units = read(data, "big.json", Source(), Limits(max_unit_bytes=4000))
    assert records(units) == [f"a{i}" for i in range(40)]
    assert records(read(gzip.compress(data), "big.json.gz", Source(), Limits(max_unit_bytes=4000))) == records(units)
    one_large = json.dumps({"images": [{"u": 1}], "text": STORY * 40}).encode()
    assert codes(read(one_large, "big.json", Source(), Limits(max_unit_bytes=4000))) == ["too_large"]


@pytest.mark.parametrize("name", ["mixed.json", "mixed.jsonl"])
def test_bad_lines_among_good_ones(read: ReadFile, name: str) -> None:
    lines = [json.dumps(ARTICLE), "{bad", "[1, 2]", "7", "", json.dumps({"title": "no text"}), json.dumps({"text": 7}), "[" * 10_000]
    lines += [json.dumps({"text": "Half a pair: \ud800"}), json.dumps({"id": "a1", "text": STORY}), json.dumps({"text": STORY})]
    units = read("\n".join(lines).encode(), name)
    expected = ["ok", "bad_json", "bad_record", "bad_record", "no_text", "no_text", "bad_json", "undecodable", "ok", "ok"]
    assert codes(units) == expected
    assert records(units) == ["a1", "#2", "#3", "#4", "#5", "#6", "#7", "#8", "#9", "#10"]


def test_utf16_json_lines(read: ReadFile) -> None:
    units = read("\n".join([json.dumps(ARTICLE), json.dumps({"text": STORY})]).encode("utf-16"), "a.jsonl")
    assert codes(units) == ["ok", "ok"]


def test_latin_json_lines(read: ReadFile) -> None:
    data = json.dumps({"text": "Café “Ö” – " + STORY}, ensure_ascii=False).encode("cp1252")
    assert one(read(data, "a.jsonl")).document["text"].startswith("Café “Ö” – The ferry")


def test_array_that_breaks_off(read: ReadFile) -> None:
    data = json.dumps([ARTICLE, {"id": "a2", "text": STORY}, {"id": "a3", "text": STORY}]).encode()
    units = read(data[:-50], "a.json")
    assert codes(units) == ["ok", "ok", "truncated"]
    assert records(units) == ["a1", "a2", None]
    assert codes(read(b'[{"text": nonsense}, {"text": "x"}] ' + b" " * 100, "a.json")) == ["bad_json"]


def test_line_longer_than_the_limit(read: ReadFile) -> None:
    data = as_lines({"text": "x" * 5000}, {"text": STORY})
    assert codes(read(data, "a.jsonl", Source(), Limits(max_line_bytes=1000))) == ["too_large", "ok"]


def test_body_with_markup_becomes_lines(read: ReadFile) -> None:
    body = "<p>The <b>f</b>erry &amp; the island.</p><script>x()</script><p>Two boats<br>are back.</p>"
    document = one(read(as_lines({"title": "Ferry &#8217;s back", "text": body}), "a.jsonl")).document
    assert document["text"] == "Ferry ’s back\n\nThe ferry & the island.\nTwo boats\nare back."
    inline = one(read(as_lines({"text": 'First <a href="x">line</a>.\n\nSecond line.'}), "a.jsonl")).document
    assert inline["text"] == "First line.\nSecond line."


def test_repeated_head_is_not_told_twice(read: ReadFile) -> None:
    cut = {"title": "Ferry runs again", "description": STORY[:100] + "…", "text": f"Ferry runs again\n{STORY}"}
    document = one(read(as_lines(cut), "a.jsonl")).document
    assert document["text"] == f"Ferry runs again\n\n{STORY}"
    assert document["subtitle"] is None


def test_mapping(read: ReadFile) -> None:
    record = {
        "payload": {"story": STORY, "text": "not this"},
        "writers": [{"name": "Mira Holt"}, {"name": "Tomas Reyk"}],
        "when": "04/03/2025",
    }
    mapping = {"text": "payload.story", "authors": "writers[].name", "published": "when"}
    document = one(read(as_lines(record), "a.jsonl", Source(mapping=mapping, day_first=True))).document
    assert document["text"] == STORY
    assert document["authors"] == ["Mira Holt", "Tomas Reyk"]
    assert document["published_date"] == date(2025, 3, 4)
    assert codes(read(as_lines({"text": STORY}), "a.jsonl", Source(mapping=mapping))) == ["no_text"]


# --- tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.tsv", "\t"), ("a.csv", ";"), ("table.txt", ",")])
def test_csv(read: ReadFile, name: str, mark: str) -> None:
    long = "\n".join([STORY] * 600)
    rows = [["title", "text", "date"], ["Ferry", STORY, "2025-03-04"], ["Long", long, "4 March 2025"]]
    units = read(as_csv(rows, mark), name)
    assert codes(units) == ["ok", "ok"]
    assert records(units) == ["#1", "#2"]
    assert isinstance(units[1], Landed)
    assert units[1].document["text"].replace("\r\n", "\n") == f"Long\n\n{long}"
    assert units[1].document["published_date"] == date(2025, 3, 4)


def test_ragged_rows_and_huge_fields(read: ReadFile) -> None:
    rows = [["id", "text"], ["1", STORY], ["2", STORY, "more"], ["3"], ["4", "x" * 40_000], ["5", STORY], ["6", "\x00" * 40]]
    units = read(as_csv(rows), "a.csv", Source(), Limits(max_unit_bytes=20_000))
    assert codes(units) == ["ok", "bad_record", "bad_record", "bad_record", "ok", "binary"]
    assert codes(read(b"id,name\n1,x\n", "a.csv")) == ["no_text"]
    assert codes(read(b"id,text\n", "a.csv")) == ["empty"]
    assert codes(read(b"id,text\rmore\n1,x\n", "a.csv")) == ["bad_record"]
    assert codes(read(b"title,text\rmore\n1,x\n", "a.txt")) == ["ok"]
    assert codes(read(b"text,text\na,b\n", "a.csv")) == ["bad_record"]


def test_parquet(read: ReadFile) -> None:
    out = io.BytesIO()
    table = pa.table(
        {
            "doc_id": [7, 8, 9],
            "headline": ["Ferry", "Bridge", "Dam"],
            "body": [STORY, STORY + " More.", None],
            "published": [datetime(2025, 3, 4, 8, 15, tzinfo=UTC), datetime(2025, 3, 4), None],
            "score": [float("nan"), 1.5, 2.0],
        }
    )
    pq.write_table(table, out, row_group_size=1)
    units = read(out.getvalue(), "a.parquet")
    assert codes(units) == ["ok", "ok", "no_text"]
    assert records(units) == ["7", "8", "9"]
    assert isinstance(units[0], Landed)
    assert units[0].document["published_at"] == datetime(2025, 3, 4, 8, 15, tzinfo=UTC)
    assert codes(read(gzip.compress(out.getvalue()), "a.parquet.gz")) == ["ok", "ok", "no_text"]
    assert codes(read(out.getvalue()[:-30], "a.parquet")) == ["truncated"]
    assert codes(read(b"PAR1" + b"\x00" * 100 + b"\xff\xff\xff\x7fPAR1", "a.parquet"))[0] in ("truncated", "unreadable")


# --- feeds ------------------------------------------------------------------------------------------------

ITEM = f"""<item><title>Ferry &amp; island</title><link>https://harbour-post.example/a1</link><guid>g1</guid>
<pubDate>Tue, 04 Mar 2025 10:15:00 +0200</pubDate><dc:creator>Mira Holt</dc:creator><description>Two of three boats are back.</description>
<content:encoded><![CDATA[<p>{STORY}</p><p>Tickets&nbsp;cost 2 pounds.</p>]]></content:encoded></item>
<item><title>Bridge closed</title><link>https://harbour-post.example/a2</link>
<description>The bridge is closed until June, the town said.</description></item>"""
RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Post</title><language>en-gb</language>{ITEM}</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Post</title><entry><id>tag:a1</id><title>Ferry</title>
<published>2025-03-04T08:15:00Z</published><updated>2025-03-05T08:15:00Z</updated><author><name>Mira Holt</name></author>
<link href="https://harbour-post.example/a1"/><content type="html">&lt;p&gt;{STORY}&lt;/p&gt;</content></entry></feed>"""


def test_rss(read: ReadFile) -> None:
    first, second = read(RSS.encode(), "feed.xml")
    assert isinstance(first, Landed)
    assert isinstance(second, Landed)
    assert first.document["text"] == f"Ferry & island\n\nTwo of three boats are back.\n\n{STORY}\nTickets\u00a0cost 2 pounds."
    assert first.document["published_at"] == datetime(2025, 3, 4, 8, 15, tzinfo=UTC)
    assert (first.document["publisher"], first.document["authors"], first.document["language"]) == ("Harbour Post", ["Mira Holt"], "en")
    assert first.document["media_type"] == "application/rss+xml"
    assert (first.source_record, second.source_record) == ("g1", "https://harbour-post.example/a2")
    assert second.document["text"] == "Bridge closed\n\nThe bridge is closed until June, the town said."


def test_atom(read: ReadFile) -> None:
    unit = one(read(ATOM.encode(), "feed"))
    assert unit.document["media_type"] == "application/atom+xml"
    assert unit.document["published_at"] == datetime(2025, 3, 4, 8, 15, tzinfo=UTC)
    assert unit.document["text"] == f"Ferry\n\n{STORY}"


def test_broken_feeds(read: ReadFile) -> None:
    assert codes(read(RSS.encode()[:-120], "feed.rss")) == ["ok", "truncated"]
    assert codes(read(RSS.replace("&amp;", "&").replace("&nbsp;", "&nosuch;").encode(), "feed.rss")) == ["ok", "ok"]
    assert codes(read(b"<rss><channel></channel></rss>", "feed.rss")) == ["bad_feed"]
    assert codes(read(RSS.replace("island", "isl\xe4nd").encode().replace(b"boats", b"bo\xffats"), "feed.rss")) == ["ok", "ok"]
    assert codes(read(RSS.replace("utf-8", "iso-8859-1").replace("island", "isl\xe4nd").encode("cp1252"), "feed.rss")) == ["ok", "ok"]
    assert codes(read(RSS.replace("utf-8", "utf-16").encode("utf-16"), "feed.xml")) == ["ok", "ok"]
    lol = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' + "".join(
        f'<!ENTITY c{i} "{(f"&c{i - 1};" if i else "&b;") * 10}">' for i in range(8)
    )
    bomb = RSS.replace("<rss", lol + "]><rss", 1).replace("Bridge closed", "&c7;")
    assert all(not isinstance(unit, Landed) or len(unit.document["text"]) < 10_000 for unit in read(bomb.encode(), "feed.xml"))
    assert codes(read(b"<?xml version='1.0'?><catalog><x/></catalog>", "a.xml")) == ["unsupported_type"]


# --- WARC -------------------------------------------------------------------------------------------------

PAGE = f"<html><head><title>Ferry</title></head><body><nav><a href=x>Home</a></nav><h1>Ferry runs again</h1><p>{STORY}</p></body></html>"


def warc_record(block: bytes, number: int, *, kind: str = "response", content_type: str = "application/http; msgtype=response") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: https://harbour-post.example/{number}\r\n"
    head += f"WARC-Date: 2025-03-04T00:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, *, status: str = "200 OK", content_type: str = "text/html", extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{extra}\r\n".encode() + body


RESPONSES = [
    (warc_record(b"software: x", 0, kind="warcinfo", content_type="application/warc-fields"), None),
    (warc_record(http(PAGE.encode()), 1), "ok"),
    (warc_record(http(gzip.compress(PAGE.encode()), extra="Content-Encoding: gzip\r\n"), 2), "ok"),
    (warc_record(http(PAGE.encode(), extra="Content-Encoding: gzip\r\n"), 3), "ok"),
    (warc_record(http(b"gone", status="404 Not Found"), 4), "response_status"),
    (warc_record(http(b"\x89PNG\r\n", content_type="image/png"), 5), "response_type"),
    (warc_record(http(RSS.encode(), content_type="application/rss+xml"), 6), "ok ok"),
    (warc_record(http(json.dumps(ARTICLE).encode(), content_type="application/json"), 7), "ok"),
    (warc_record(STORY.encode(), 8, kind="conversion", content_type="text/plain"), "ok"),
    (warc_record(http(b""), 9), "response_type empty"),
]


def test_warc(read: ReadFile) -> None:
    data = b"".join(record for record, _ in RESPONSES)
    units = read(data, "crawl.warc")
    assert codes(units) == ["ok", "ok", "ok", "response_status", "response_type", "ok", "ok", "ok", "ok", "empty"]
    assert records(units)[:2] == ["urn:uuid:1", "urn:uuid:2"]
    assert records(units)[5:8] == ["urn:uuid:6!/g1", "urn:uuid:6!/https://harbour-post.example/a2", "urn:uuid:7!/a1"]
    assert isinstance(units[0], Landed)
    assert units[0].document["url"] == "https://harbour-post.example/1"
    assert units[0].document["text"] == f"Home\nFerry runs again\n{STORY}"
    packed = b"".join(gzip.compress(record) for record, _ in RESPONSES)
    assert codes(read(packed, "crawl.warc.gz")) == codes(units)
    assert codes(read(packed, "nameless")) == codes(units)


def test_warc_that_breaks_off(read: ReadFile) -> None:
    two = RESPONSES[1][0] + RESPONSES[2][0]
    assert codes(read(two[:-100], "a.warc")) == ["ok", "truncated"]
    assert codes(read(gzip.compress(RESPONSES[1][0]) + gzip.compress(RESPONSES[2][0])[:-60], "a.warc.gz")) == ["ok", "truncated"]
    assert codes(read(RESPONSES[1][0] + b"garbage\r\n" * 20, "a.warc"))[0] == "ok"
    assert codes(read(RESPONSES[0][0], "a.warc")) == ["empty"]
    bomb = http(gzip.compress(b"<p>x</p>" * 1_000_000), extra="Content-Encoding: gzip\r\n")
    assert codes(read(warc_record(bomb, 1) + RESPONSES[1][0], "a.warc", Source(), Limits(max_unit_bytes=100_000))) == ["too_large", "ok"]


# --- archives ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("name", ["ferry.txt.packed", "ferry"])
def test_packed_file_is_the_file(read: ReadFile, pack: Callable[[bytes], bytes], name: str) -> None:
    unit = one(read(pack(STORY.encode()), name))
    assert unit.source_record is None
    assert unit.document == one(read(STORY.encode(), "ferry.txt")).document


def test_archives(read: ReadFile) -> None:
    lines = as_lines(ARTICLE, {"text": STORY})
    members = (
        ("a/ferry.txt", STORY.encode()),
        ("b.jsonl", lines),
        ("c.txt.gz", gzip.compress(STORY.encode())),
        ("page.html", PAGE.encode()),
    )
    expected = ["a/ferry.txt", "b.jsonl!/a1", "b.jsonl!/#2", "c.txt.gz", "page.html"]
    for data, name in (
        (zipped(*members), "x.zip"),
        (tarred(*members), "x.tar"),
        (tarred(*members, mode="w:gz"), "x.tgz"),
        (tarred(*members, mode="w:bz2"), "x.tar.bz2"),
        (tarred(*members, mode="w:xz"), "x"),
    ):
        units = read(data, name)
        assert codes(units) == ["ok"] * 5, name
        assert records(units) == expected
    nested = read(tarred(("in/x.zip", zipped(*members)), mode="w:gz"), "n.tar.gz")
    assert codes(nested) == ["ok", "ok", "ok", "too_deep", "ok"]
    assert records(nested)[1] == "in/x.zip!/b.jsonl!/a1"


def test_same_bytes_are_the_same_document_wherever_they_lie(read: ReadFile) -> None:
    page = PAGE.encode()
    files = {"a.html": page, "a.txt": page, "b.htm.gz": gzip.compress(page), "c.zip": zipped(("p", page))}
    ids = {one(read(data, name)).document["document_id"] for name, data in files.items()}
    assert len(ids) == 1


def test_members_that_are_not_plain_files(read: ReadFile) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("good.txt", STORY)
        archive.writestr("../evil.txt", STORY)
        archive.writestr("/etc/evil.txt", STORY)
        archive.writestr("C:\\evil.txt", STORY)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("empty/", "")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("good.txt", STORY + " Again.")
    units = read(out.getvalue(), "x.zip")
    assert codes(units) == ["ok", "unsafe_member", "unsafe_member", "unsafe_member", "unsafe_member", "ok"]
    assert records(units)[-1] == "good.txt#2"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, kind in (("loop", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("dev", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "loop"
            tar.addfile(info)
        for name in ("../up.txt", "/abs.txt", "good.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(STORY)
            tar.addfile(info, io.BytesIO(STORY.encode()))
    assert codes(read(out.getvalue(), "x.tar")) == ["unsafe_member"] * 6 + ["ok"]


def test_damaged_archives(read: ReadFile) -> None:
    lines = as_lines(*({"id": i, "text": f"{STORY} {i} {make_id('x', i)}"} for i in range(3000)))
    for data, name in ((gzip.compress(lines), "a.jsonl.gz"), (bz2.compress(lines), "a.jsonl.bz2"), (lzma.compress(lines), "a.jsonl.xz")):
        found = codes(read(data[: len(data) // 2], name))
        assert found[-1] == "truncated"
        assert len(found) > 100 or name.endswith("bz2")
        assert set(found[:-1]) <= {"ok"}
    assert codes(read(gzip.compress(STORY.encode())[:-20], "a.txt.gz")) == ["truncated"]
    assert codes(read(gzip.compress(STORY.encode())[:12], "a.txt.gz")) == ["truncated"]
    assert codes(read(gzip.compress(STORY.encode()) + b"junk", "a.txt.gz")) == ["corrupt_archive"]
    whole = tarred(("a.txt", STORY.encode()), ("b.txt", STORY.encode() * 100))
    assert codes(read(whole[:6000], "a.tar")) == ["ok", "truncated"]
    packed = gzip.compress(tarred(("a.txt", STORY.encode()), ("b.txt", lines.replace(b"{", b""))))
    assert codes(read(packed[:-2000], "a.tar.gz")) == ["ok", "truncated"]
    assert codes(read(zipped(("a.txt", STORY.encode()))[:-30], "a.zip")) == ["corrupt_archive"]
    bad = bytearray(zipped(("a.txt", STORY.encode()), ("b.txt", STORY.encode())))
    bad[60:64] = b"\x00\xff\x00\xff"
    assert codes(read(bytes(bad), "a.zip")) == ["corrupt_archive", "ok"]
    assert codes(read(zipped(), "a.zip")) == ["empty"]
    assert codes(read(zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")), "a.docx")) == ["unsupported_type"]


def test_bombs(read: ReadFile) -> None:
    limits = Limits(free_expansion=100_000)
    bomb = gzip.compress(b"The ferry is back. " * 500_000)
    assert codes(read(bomb, "a.txt.gz", Source(), limits)) == ["too_expanded"]
    assert codes(read(zipped(("bomb.txt", b"The ferry is back. " * 500_000)), "a.zip", Source(), limits)) == ["too_expanded"]
    assert codes(read(zipped(("bomb.txt.gz", bomb)), "a.zip", Source(), limits)) == ["too_expanded"]
    many = zipped(*((f"{i}.txt", b"The ferry is back. " * 5000) for i in range(10)))
    assert codes(read(many, "a.zip", Source(), limits))[-1] == "too_expanded"
    assert codes(read(zipped(*((f"{i}.txt", b"The ferry") for i in range(10))), "a.zip", Source(), Limits(max_members=5))) == ["too_many"]
    deep = STORY.encode()
    for _ in range(5):
        deep = gzip.compress(deep)
    assert codes(read(deep, "a.gz.gz.gz.gz.gz")) == ["too_deep"]


# --- odd files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t ", "a.txt", "empty"),
        (b"\xef\xbb\xbf", "a.txt", "empty"),
        (b"\x00" * 500, "a.txt", "binary"),
        (bytes(range(256)) * 20, "a.txt", "binary"),
        (b"12 34 -- 56", "a.txt", "not_text"),
        (b"%PDF-1.7 x", "a.txt", "unsupported_type"),
        (b"\xff\xd8\xff\xe0 JFIF", "a.html", "unsupported_type"),
        (b"\xff\xfea", "a.txt", "undecodable"),
        (b"", "a.zip", "empty"),
        (b"", "a.jsonl", "empty"),
        (b"\n\n", "a.jsonl", "empty"),
        (b"[]", "a.json", "empty"),
        (b"no json", "a.json", "bad_json"),
        (b"<html><body></body></html>", "a.html", "no_text"),
        (b"<html><script>let ferry = 1</script></html>", "a.html", "no_text"),
        (b"<html>" + b"<div>" * 200_000 + b"deep", "a.html", "bad_html"),
        (b"<!--a-->" * 5000, "a.html", "no_text"),
        (b"<?xml a>" * 5000, "a", "unsupported_type"),
        (b"x" * 3_000_000, "a.txt", "too_large"),
        (b"x y " * 7_500_000, "a.txt", "too_large"),
        (STORY.encode() + b"\x00" * 20, "a.txt", "binary"),
    ],
)
def test_refused(read: ReadFile, data: bytes, name: str, code: str) -> None:
    units = read(data, name)
    assert codes(units) == [code]
    assert records(units) == [None]


@pytest.mark.parametrize("name", ["a\nb.txt", "q\"uo'te.txt", "\udcff\udcfe.txt", "../../up.txt", "", "." * 300, "no.suffix.at.all"])
def test_odd_file_names(read: ReadFile, name: str) -> None:
    assert one(read(STORY.encode(), name)).document["text"] == STORY
    units = read(tarred((name.replace("../../", "") or "x", b"12")), name)
    assert all(unit.source_record is None or unit.source_record.encode("utf-8") for unit in units)


def test_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_object(tmp_path / "none", "none.txt", source=Source(), limits=Limits()))


# --- sources ----------------------------------------------------------------------------------------------


def test_sources() -> None:
    source_for = make_source_for(
        {
            "source": [
                {"pattern": "*.jsonl", "timezone": "Europe/Lisbon", "mapping": {"text": "story"}},
                {"pattern": "hp_*", "publisher": "Harbour Post", "date_pattern": r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?"},
                {"pattern": "hp_x*", "publisher": "Harbour Extra"},
            ]
        }
    )
    assert source_for("other.txt") == Source()
    assert source_for("hp_2025-03-04.txt") == Source(publisher="Harbour Post", published="2025-03-04")
    assert source_for("hp_2025-03.txt").published == "2025-03"
    assert source_for("hp_2025-13-40.txt").published is None
    both = source_for("hp_x.jsonl")
    assert (both.publisher, both.timezone, dict(both.mapping)) == ("Harbour Extra", "Europe/Lisbon", {"text": "story"})


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, "no pattern"),
        ({"pattern": "*", "publsher": "x"}, "publsher"),
        ({"pattern": "*", "timezone": "Mars/Base"}, "Mars/Base"),
        ({"pattern": "*", "date_pattern": "("}, "regular expression"),
        ({"pattern": "*", "date_pattern": "x"}, "year"),
        ({"pattern": "*", "mapping": {"txt": "a"}}, "txt"),
        ({"pattern": "*", "language": "english"}, "639"),
        ({"pattern": "*", "day_first": "yes"}, "type"),
    ],
)
def test_bad_sources_name_what_is_wrong(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_source_for({"source": [entry]})
