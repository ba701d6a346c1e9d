"""Hostile and strange input, each case with what must become of it: ``cases(seed)`` makes more than 150 of them, always the same for a seed."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import random
import socket
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

FORMULAS = ("=HYPERLINK(A1)", "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3+cmd", "\t=1+1", "%0A=1")
SQL = ("'; DROP TABLE documents; --", '" OR 1=1 --', "Robert'); DELETE FROM events;--", "$1 ? :name {x} %s", "\\'; ATTACH 'x' AS y; --")
MARKUP = (
    "<script>alert('dl')</script>", "<img src=x onerror=alert('dl')>", "<svg/onload=alert('dl')>", "<iframe src='javascript:alert(1)'></iframe>",
    "{{7*7}}${7*7}<%= 7*7 %>", "]]><script>alert('dl')</script>", "&lt;script&gt;alert('dl')&lt;/script&gt;", "[x](javascript:alert('dl'))",
)  # fmt: skip
INVISIBLE = {
    "zero_width": "\u200b", "joiner": "\u200d", "rtl_mark": "\u200f", "rtl_override": "\u202e", "isolate": "\u2067", "soft_hyphen": "\u00ad",
    "word_joiner": "\u2060", "bom_inside": "\ufeff", "combining": "\u0301\u0316\u0327", "object": "\ufffc", "replacement": "\ufffd",
    "line_separator": "\u2028", "paragraph_separator": "\u2029", "next_line": "\x85", "vertical_tab": "\x0b", "form_feed": "\x0c",
    "private_use": "\ue000", "noncharacter": "\uffff", "astral": "\U0001f9ff", "tag": "\U000e0041", "nbsp": "\u00a0", "ideographic": "\u3000",
}  # fmt: skip
BAIT = {
    "a": "a", "space": " ", "quote": '"', "curly": "\u201c", "single": "'", "bracket": "(", "square": "[", "dash": "- ", "dots": ". ", "comma": ", ",
    "capital": "A", "initials": "A. ", "digits": "7", "commas_in_digits": "1,", "colon": ":", "url": "http://", "at": "@a", "by": "By ", "said": "said ",
    "and": "and ", "of": "of the ", "brace": "{{", "star": "* ", "pipe": "| ", "less": "<", "amp": "&", "word": "Word ", "name": "Mora Said ", "date": "1 May ",
    "tab": "\t", "newlines": "\n\n", "underscore": "_", "percent": "5% ", "hundred": "hundred ", "who": "who said that ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """Files that arrive, and what must become of them.

    ``landed``: how many documents land; ``refused``: the reasons in ``rejects``, in any order. None stands for "any, but every file is
    accounted for". ``links`` makes what is no plain file. ``holds``: characters that the text of a landed document must have.
    """

    name: str
    files: Mapping[bytes, bytes]
    landed: int | None = 1
    refused: tuple[str, ...] | None = ()
    holds: str | None = None
    links: Callable[[Path], None] | None = None

    def write(self, inbox: Path) -> None:
        """Puts the files into a folder of the case's name."""
        folder = inbox / self.name
        folder.mkdir()
        for name, data in self.files.items():
            with open(os.fsencode(folder) + b"/" + name, "wb") as f:
                f.write(data)
        if self.links is not None:
            self.links(folder)


def story(name: str) -> str:
    """A short article that no other case has."""
    return (
        f"The harbour board in Gdynia rejected the offer {name} on Monday, its chairwoman said. \u201cWe will wait,\u201d said Edyta Warmuz.\n\n"
        "Pilots have refused to board ships since Friday, and forty vessels lie at anchor off the port. Talks go on in the city hall.\n"
    )


def page(name: str, *, title: str = "Pilots reject the offer", head: str = "", body: str = "") -> str:
    """The same as a page of markup."""
    told = "".join(f"<p>{escape(p)}</p>" for p in story(name).split("\n\n"))
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{told}{body}</article></body></html>"
    )


def cases(seed: int = 7, *, bait_chars: int = 60_000) -> list[Case]:
    """All cases; ``bait_chars``: how much of what regular expressions are slow on."""
    made: list[Case] = []
    for family in (_markup, _texts, _names, _encodings, _json, _csv, _parquet, _feeds, _packed, _bombs, _files):
        made += family()
    made += _bait(bait_chars)
    made += _damaged(random.Random(seed))
    names = [c.name for c in made]
    assert len(names) == len(set(names))
    return made


def _one(name: str, file: str, data: bytes | str, **expected: object) -> Case:
    return Case(name, {file.encode(): data if isinstance(data, bytes) else data.encode()}, **expected)  # type: ignore[arg-type]


def _markup() -> Iterator[Case]:
    for n, piece in enumerate(MARKUP):
        yield _one(f"markup_in_title_{n}", "a.html", page(f"m{n}", title=piece if n != 5 else escape(piece)))
        yield _one(f"markup_in_text_{n}", "a.txt", f"{piece}\n\n{story(f'x{n}')}", holds=piece)
        yield _one(f"markup_in_json_{n}", "a.json", json.dumps({"title": piece, "author": piece, "text": story(f"j{n}")}))
    yield _one("markup_entities_twice", "a.html", page("e", title="&amp;lt;script&amp;gt;"))
    yield _one("markup_never_closed", "a.html", "<html><body>" + "<div><p>" * 50 + story("nc"))
    yield _one("markup_too_deep", "a.html", "<html><body>" + "<div>" * 5000 + story("td"), landed=0, refused=("bad_html",))
    yield _one("markup_meta_refresh", "a.html", page("mr", head="<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>"))
    yield _one(
        "markup_only_script",
        "a.html",
        "<html><body><script>var text = 'The board met.';</script></body></html>",
        landed=0,
        refused=("no_text",),
    )
    yield _one("markup_frames", "a.html", "<html><frameset><frame src='b.html'></frameset></html>", landed=0, refused=("no_text",))


def _texts() -> Iterator[Case]:
    for n, piece in enumerate(SQL):
        yield _one(f"sql_in_text_{n}", "a.txt", f"{piece}\n\n{story(f'q{n}')}", holds=piece)
        yield _one(f"sql_in_fields_{n}", "a.json", json.dumps({"title": piece, "author": piece, "section": piece, "text": story(f"qf{n}")}))
    for n, piece in enumerate(FORMULAS):
        yield _one(f"formula_{n}", "a.json", json.dumps({"title": piece, "author": piece, "text": story(f"f{n}") + piece}), holds=piece)
    for what, mark in INVISIBLE.items():
        words = story(f"i_{what}").replace("harbour", f"har{mark}bour").replace(" said", f" {mark}said")
        yield _one(f"invisible_{what}", "a.txt", words, holds=f"har{mark}bour")
    yield _one("many_combining_marks", "a.txt", story("zalgo") + "o" + "\u0301" * 50_000 + " end.\n")
    yield _one("right_to_left_lines", "a.txt", story("rtl") + "\u0627\u0644\u0633\u0641\u0646 \u062a\u0646\u062a\u0638\u0631\n" * 3)
    yield _one("only_marks", "a.txt", "!!! ... ??? --- ///\n" * 20, landed=0, refused=("not_text",))
    yield _one("only_digits", "a.txt", "12 13 14\n" * 20, landed=0, refused=("not_text",))
    yield _one("mac_line_ends", "a.txt", story("cr").replace("\n", "\r"))
    yield _one("mixed_line_ends", "a.txt", story("mix").replace("\n\n", "\r\n\r") + "\n\rEnd.\r")
    yield _one("nul_inside", "a.txt", story("nul").replace(" Talks", "\x00Talks"), landed=None, refused=None)
    yield _one("escape_codes", "a.txt", story("esc") + "\x1b[31mred\x1b[0m \x1b]0;title\x07\n", landed=None, refused=None)
    yield _one("one_word", "a.txt", "Gdynia", landed=None, refused=None)
    yield _one("no_spaces", "a.txt", "x" * 100_000, landed=None, refused=None)
    yield _one("ten_thousand_lines", "a.txt", story("lines") + "Gdynia\n" * 10_000, landed=None, refused=None)
    french = "Le conseil du port a rejet\u00e9 lundi l'offre des pilotes, a d\u00e9clar\u00e9 sa pr\u00e9sidente devant la presse. " * 6
    yield _one("another_language", "a.txt", french, refused=("not_english",))
    yield _one("too_large", "a.txt", b"word " * 6_000_000, landed=0, refused=("too_large",))
    yield _one("too_many_characters", "a.txt", story("tmc") * 5000, landed=0, refused=("too_large",))


def _names() -> Iterator[Case]:
    odd = {
        "newline": b"new\nline.txt", "quotes": b"qu'o\"te.txt", "percent": b"a%20#?b.txt", "not_utf8": b"n\xf6t.txt", "leading_dash": b"-rf.txt",
        "spaces": b"  a  b .txt", "rtl": "\u202etxt.exe.txt".encode(), "dots": b"a...txt", "long": b"n" * 250 + b".txt", "glob": b"[a]*?.txt",
        "backslash": b"a\\..\\b.txt", "dollar": b"$(touch x)`id`;&|.txt", "tilde": b"~root.txt", "emoji": "\U0001f6a2.txt".encode(),
        "at": b"@list.txt", "two_endings": b"a.txt.html.txt", "capitals": b"A.TXT", "no_ending": b"article", "percent_s": b"%s%n{}.txt",
        "combining": "e\u0301.txt".encode(),
    }  # fmt: skip
    for what, name in odd.items():
        yield Case(f"name_{what}", {name: story(f"n_{what}").encode()})
    yield Case("name_hidden", {b".hidden.txt": story("hid").encode(), b"seen.txt": story("seen").encode()})
    yield Case("name_being_written", {b"a.txt.part": story("part").encode(), b"b.txt": story("whole").encode()}, landed=None, refused=None)
    yield Case("name_of_another_kind", {b"a.json": story("wrong").encode()}, landed=None, refused=None)
    yield Case("same_bytes_twice", {b"a.txt": story("twin").encode(), b"b.txt": story("twin").encode()}, landed=2)


def _encodings() -> Iterator[Case]:
    for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252"):
        words = story(codec) + "Caf\u00e9 closed.\n"
        yield _one(f"encoding_{codec}", "a.txt", words.encode(codec), holds="Caf\u00e9")
    marked = ("\ufeff" + story("bom16")).encode("utf-16-be")
    yield _one("encoding_bom_be", "a.txt", marked, holds="Edyta Warmuz")
    declared = page("decl", head="<meta charset=iso-8859-1>", body="<p>Caf\u00e9 \u2013 closed on Monday, she said.</p>")
    yield _one("encoding_declared_latin", "a.html", declared.encode("cp1252"), holds="Caf\u00e9 \u2013 closed")
    lied = page("lied", head="<meta charset=utf-16>", body="<p>Caf\u00e9 closed on Monday, she said.</p>")
    yield _one("encoding_declared_wrongly", "a.html", lied.encode(), holds="Caf\u00e9 closed")
    yield _one("encoding_unknown_name", "a.html", page("unk", head="<meta charset=x-klingon>").encode(), holds="Edyta Warmuz")
    yield _one("encoding_broken_utf8", "a.txt", story("brk").encode() + b"\xff\xfe\xfd caf\xc3", landed=None, refused=None)
    yield _one("encoding_half_utf16", "a.txt", ("\ufeff" + story("half")).encode("utf-16-le")[:-1], landed=None, refused=None)
    yield _one("encoding_utf7", "a.txt", story("u7").encode("utf-7"), landed=None, refused=None)
    yield _one("encoding_ebcdic", "a.txt", story("ebc").encode("cp500", "replace"), landed=None, refused=None)


def _json() -> Iterator[Case]:
    good = {"title": "Pilots reject offer"}
    kinds: dict[str, tuple[str, int | None, tuple[str, ...] | None]] = {
        "not_closed": ('[{"text": ' + json.dumps(story("j1")) + "}", None, None),
        "deep_lists": ("[" * 100_000, 0, ("bad_json",)),
        "deep_objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, 0, ("bad_json",)),
        "empty_list": ("[]", 0, ("empty",)),
        "empty_object": ("{}", 0, ("no_text",)),
        "a_number": ("5", 0, ("bad_record",)),
        "a_string": (json.dumps(story("j2")), 0, ("bad_record",)),
        "null": ("null", 0, ("bad_record",)),
        "text_is_number": (json.dumps({**good, "text": 5}), 0, ("no_text",)),
        "text_is_null": (json.dumps({**good, "text": None}), 0, ("no_text",)),
        "text_is_blank": (json.dumps({**good, "text": " \n"}), 0, None),
        "nan": ('{"text": ' + json.dumps(story("j3")) + ', "n": NaN, "m": -Infinity}', None, None),
        "huge_number": ('{"text": ' + json.dumps(story("j4")) + ', "id": 1' + "0" * 5000 + "}", None, None),
        "same_key_twice": ('{"text": "first", "text": ' + json.dumps(story("j5")) + "}", 1, ()),
        "lone_surrogate": ('{"text": ' + json.dumps(story("j6"))[:-1] + ' \\ud800 end."}', None, None),
        "year_1": (json.dumps({**good, "text": story("j7"), "published_at": "0001-01-01T00:00:00Z"}), 1, ()),
        "year_alone": (json.dumps({**good, "text": story("j16"), "published_at": 2025}), 1, ()),
        "year_9999": (json.dumps({**good, "text": story("j8"), "published_at": "9999-12-31T23:59:59Z"}), 1, ()),
        "date_is_list": (json.dumps({**good, "text": story("j9"), "published_at": [2025, 3, 1]}), 1, ()),
        "author_is_object": (json.dumps({**good, "text": story("j10"), "author": {"a": [{"b": {}}]}}), 1, ()),
        "title_of_a_megabyte": (json.dumps({"title": "T" * 1_000_000, "text": story("j11")}), 1, ()),
        "two_values": (json.dumps({"text": story("j12")}) + json.dumps({"text": story("j13")}), None, None),
        "ten_thousand_keys": (json.dumps({"text": story("j14")} | {f"k{n}": n for n in range(10_000)}), 1, ()),
        "proto": (json.dumps({"text": story("j15"), "__proto__": {"x": 1}, "constructor": "y"}), 1, ()),
    }
    for what, (data, landed, refused) in kinds.items():
        yield _one(f"json_{what}", "a.json", data, landed=landed, refused=refused)
    record = {**good, "text": story("l1")}
    lines = [json.dumps(record), "{not json", "[1, 2]", json.dumps(good), "", json.dumps({"text": story("l2")}), "[" * 50_000]
    yield _one("jsonl_good_and_bad", "a.jsonl", "\n".join(lines), landed=2, refused=("bad_json", "bad_record", "no_text", "bad_json"))
    yield _one(
        "jsonl_cut",
        "a.jsonl",
        "\n".join([json.dumps({"text": story("l3")}), json.dumps({"text": story("l4")})[:-30]]),
        refused=("bad_json",),
    )
    yield _one("jsonl_blank_lines", "a.jsonl", "\n\n" + json.dumps({"text": story("l5")}) + "\n\n\n")
    yield _one(
        "jsonl_line_too_large",
        "a.jsonl",
        '{"text": "' + "x" * 21_000_000 + '"}\n' + json.dumps({"text": story("l6")}),
        refused=("too_large",),
    )


def _csv() -> Iterator[Case]:
    quoted = '"' + story("c").replace('"', '""').strip() + '"'
    kinds: dict[str, tuple[str, int | None, tuple[str, ...] | None]] = {
        "short_row": (f"headline,content\nPilots,{quoted}\nonly one\n", None, None),
        "long_row": (f"headline,content\nPilots,{quoted},more,and more\n", None, None),
        "quote_not_closed": (f"headline,content\nPilots,{quoted[:-1]}\n", None, None),
        "only_head": ("headline,content\n", 0, ("empty",)),
        "same_column_twice": (f"content,content\nx,{quoted}\n", None, None),
        "semicolons": (f"headline;content\nPilots;{quoted}\n", None, None),
        "line_breaks_inside": (f"headline,content\nPilots,{quoted}\n", 1, ()),
        "formula_rows": ("headline,content\n" + "".join(f'"{f}",{quoted[:-1]} {n}"\n' for n, f in enumerate(FORMULAS[:3])), 3, ()),
        "nul": (f"headline,content\nPi\x00lots,{quoted}\n", None, None),
        "empty_rows": (f"headline,content\n,\n\nPilots,{quoted}\n,,\n", None, None),
    }
    for what, (data, landed, refused) in kinds.items():
        yield _one(f"csv_{what}", "a.csv", data.replace("offer c", f"offer csv_{what}"), landed=landed, refused=refused)
    yield _one("csv_huge_field", "a.csv", 'headline,content\nx,"' + "word " * 4_200_000 + '"\n', landed=0, refused=("too_large",))


def _table(columns: Mapping[str, object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _parquet() -> Iterator[Case]:
    good = _table({"title": ["Pilots"], "text": [story("p1")]})
    yield _one("parquet_good", "a.parquet", good)
    yield _one("parquet_cut", "a.parquet", good[: len(good) // 2], landed=0, refused=None)
    yield _one("parquet_only_marks", "a.parquet", b"PAR1PAR1", landed=0, refused=None)
    yield _one("parquet_no_rows", "a.parquet", _table({"text": pa.array([], pa.string())}), landed=0, refused=("empty",))
    yield _one("parquet_numbers", "a.parquet", _table({"text": [1, 2]}), landed=0, refused=("no_text", "no_text"))
    yield _one("parquet_nulls", "a.parquet", _table({"text": pa.array([None, story("p2")], pa.string())}), refused=("no_text",))
    yield _one("parquet_lists", "a.parquet", _table({"text": [[story("p3")]]}), landed=None, refused=None)
    yield _one("parquet_footer_lies", "a.parquet", good[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", landed=0, refused=None)


def _feeds() -> Iterator[Case]:
    item = f"<item><title>Pilots</title><description>{escape(story('r1'))}</description></item>"
    bomb = f'<!ENTITY a "{"a" * 50_000}">'
    laughs = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    many = " ".join(f"a{n}='x'" for n in range(20_000))
    head = '<?xml version="1.0"?>'
    kinds: dict[str, tuple[str, int | None, tuple[str, ...] | None]] = {
        "good": (f"{head}<rss><channel>{item}</channel></rss>", 1, ()),
        "cut": (f"{head}<rss><channel>{item}<item><title>x", None, None),
        "no_items": (f"{head}<rss><channel></channel></rss>", 0, ("bad_feed",)),
        "billion_laughs": (
            f"{head}<!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]><rss><channel><item><description>&l9;</description></item></channel></rss>", None, None
        ),
        "quadratic": (
            f'{head}<!DOCTYPE r [{bomb}]><rss><channel><item><description>{"&a;" * 2000}</description></item></channel></rss>', None, None
        ),
        "external_file": (
            f'{head}<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><description>&f; {story("r2")}</description>'
            "</item></channel></rss>", None, None,
        ),
        "external_address": (
            f'{head}<!DOCTYPE r SYSTEM "http://192.0.2.1/x.dtd" [<!ENTITY % p SYSTEM "http://192.0.2.1/p">%p;]><rss><channel>{item}</channel></rss>',
            None, None,
        ),
        "include": (f'{head}<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><xi:include href="file:///etc/passwd"/></channel></rss>', 0, None),
        "script_in_item": (
            f"{head}<rss><channel><item><title>{escape(MARKUP[0])}</title><description>{escape('<p>' + story('r3') + '</p>' + MARKUP[0])}</description>"
            "</item></channel></rss>", 1, (),
        ),
        "attribute_bomb": (f"{head}<rss {many}><channel>{item.replace('r1', 'r4')}</channel></rss>", None, None),
    }  # fmt: skip
    for what, (data, landed, refused) in kinds.items():
        yield _one(f"feed_{what}", "a.xml", data, landed=landed, refused=refused)
    body = page("w1").encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    yield _one("warc_good", "a.warc", _warc(answer, len(answer)))
    yield _one("warc_cut", "a.warc", _warc(answer, len(answer))[:-200], landed=None, refused=None)
    yield _one("warc_length_lies", "a.warc", _warc(answer, 2**40), landed=None, refused=None)
    yield _one(
        "warc_not_found",
        "a.warc",
        _warc(answer.replace(b"200 OK", b"404 Not Found"), len(answer) + 7),
        landed=0,
        refused=("response_status",),
    )


def _warc(answer: bytes, length: int) -> bytes:
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/a\r\nWARC-Date: 2025-03-01T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:5f1b0e6e-0000-4000-8000-000000000001>\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: " + str(length).encode() + b"\r\n\r\n" + answer + b"\r\n\r\n"
    )


# --- packed ---------------------------------------------------------------------------------------------------------


def _zip(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def _zip_link(target: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        info = zipfile.ZipInfo("link.txt")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        z.writestr(info, target)
    return out.getvalue()


def _tar(*members: tuple[str, bytes | str, bytes]) -> bytes:
    """Members as (name, data or link target, type of the member)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, what, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            if isinstance(what, bytes):
                info.size = len(what)
                t.addfile(info, io.BytesIO(what))
            else:
                info.linkname = what
                t.addfile(info)
    return out.getvalue()


def _packed() -> Iterator[Case]:
    def told(name: str) -> bytes:
        return story(name).encode()

    unsafe = ("unsafe_member",)
    for what, name in {
        "up": "../out.txt",
        "root": "/etc/out.txt",
        "deep_up": "a/../../out.txt",
        "backslash": "..\\out.txt",
        "drive": "C:\\out.txt",
    }.items():
        yield _one(f"zip_{what}", "a.zip", _zip({name: told(f"z_{what}"), "in/fine.txt": told(f"zf_{what}")}), refused=unsafe)
        yield _one(
            f"tar_{what}",
            "a.tar",
            _tar((name, told(f"t_{what}"), tarfile.REGTYPE), ("fine.txt", told(f"tf_{what}"), tarfile.REGTYPE)),
            refused=unsafe,
        )
    yield _one("zip_link", "a.zip", _zip_link("/etc/passwd"), landed=0, refused=unsafe)
    for what, kind, target in (
        ("link", tarfile.SYMTYPE, "/etc/passwd"), ("hard_link", tarfile.LNKTYPE, "/etc/passwd"), ("device", tarfile.CHRTYPE, ""),
        ("pipe", tarfile.FIFOTYPE, ""),
    ):  # fmt: skip
        yield _one(f"tar_{what}", "a.tar", _tar(("x.txt", target, kind), ("fine.txt", told(f"tk_{what}"), tarfile.REGTYPE)), refused=unsafe)
    yield _one(
        "tar_links_in_a_circle", "a.tar", _tar(("a", "b", tarfile.SYMTYPE), ("b", "a", tarfile.SYMTYPE)), landed=0, refused=unsafe * 2
    )
    yield _one("zip_empty", "a.zip", _zip({}), landed=0, refused=None)
    yield _one("zip_cut", "a.zip", _zip({"a.txt": told("zc") * 20})[:-30], landed=0, refused=("corrupt_archive",))
    broken = bytearray(_zip({"a.txt": told("zb") * 5, "b.txt": told("zb2")}, method=zipfile.ZIP_STORED))
    broken[60] ^= 0xFF
    yield _one("zip_wrong_checksum", "a.zip", bytes(broken), landed=1, refused=None)
    yield _one("zip_secret", "a.zip", _locked(_zip({"a.txt": told("zs")})), landed=0, refused=None)
    yield _one("zip_of_zip", "a.zip", _zip({"in.zip": _zip({"a.txt": told("zz")})}))
    yield _one(
        "zip_names_of_any_kind",
        "a.zip",
        _zip({"new\nline.txt": told("zn1"), "\u202etxt.txt": told("zn2"), "x'y\".txt": told("zn3")}),
        landed=3,
    )
    for what, pack in {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}.items():
        packed = pack((story(f"pk_{what}") * 60).encode())
        yield _one(f"{what}_good", f"a.txt.{what}", packed)
        yield _one(f"{what}_cut", f"a.txt.{what}", packed[:-12], landed=0, refused=("truncated",))
        yield _one(f"{what}_not_packed", f"a.txt.{what}", told(f"np_{what}"), landed=None, refused=None)
    yield _one("gz_with_rest", "a.txt.gz", gzip.compress(told("gr")) + b"\x00" * 100 + b"rest", landed=None, refused=None)


def _locked(packed: bytes) -> bytes:
    """The same with the mark that its members are encrypted."""
    data = bytearray(packed)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)


def _bombs() -> Iterator[Case]:
    blank = b"a " * 30_000_000
    yield _one("bomb_gz", "a.txt.gz", gzip.compress(blank), landed=0, refused=("too_expanded",))
    yield _one("bomb_xz", "a.txt.xz", lzma.compress(blank, preset=0), landed=0, refused=("too_expanded",))
    yield _one("bomb_bz2", "a.txt.bz2", bz2.compress(blank), landed=0, refused=("too_expanded",))
    yield _one("bomb_zip", "a.zip", _zip({"a.txt": blank}), landed=0, refused=("too_expanded",))
    yield _one("bomb_gz_of_gz", "a.txt.gz.gz", gzip.compress(gzip.compress(blank)), landed=0, refused=None)
    nested = _zip({"a.txt": story("deep").encode()})
    for _ in range(20):
        nested = _zip({"in.zip": nested}, method=zipfile.ZIP_STORED)
    yield _one("bomb_zip_in_zip", "a.zip", nested, landed=0, refused=("too_deep",))
    many = _zip({f"{n}.txt": b"" for n in range(2000)})
    yield _one("bomb_many_members", "a.zip", many, landed=None, refused=None)


def _files() -> Iterator[Case]:
    yield _one("file_empty", "a.txt", b"", landed=0, refused=("empty",))
    yield _one("file_blank", "a.txt", b"  \n\n \t", landed=0, refused=("empty",))
    yield _one("file_binary", "a.txt", bytes(range(256)) * 40, landed=0, refused=("binary",))
    for what, head in {
        "png": b"\x89PNG\r\n\x1a\n",
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "elf": b"\x7fELF\x02\x01\x01",
        "jpeg": b"\xff\xd8\xff\xe0",
    }.items():
        yield _one(f"file_{what}", f"a.{what}", head + bytes(range(256)) * 20, landed=0, refused=None)
    yield Case("file_dangling_link", {}, 0, ("unreadable",), links=lambda f: (f / "a.txt").symlink_to(f / "nowhere"))
    yield Case("file_circle", {b"a.txt": story("circ").encode()}, 1, ("unreadable",), links=lambda f: (f / "loop").symlink_to(f))
    yield Case("file_link_to_itself", {}, 0, ("unreadable",), links=lambda f: (f / "a.txt").symlink_to(f / "a.txt"))
    yield Case("file_pipe", {}, 0, ("unreadable",), links=lambda f: os.mkfifo(f / "a.txt"))
    yield Case("file_device", {}, 0, ("unreadable",), links=lambda f: (f / "a.txt").symlink_to("/dev/zero"))
    yield Case("file_socket", {}, 0, ("unreadable",), links=_socket)
    yield Case("file_folder_like_a_file", {}, 0, (), links=lambda f: (f / "a.txt").mkdir())
    yield Case("file_deep_folders", {}, 1, (), links=_deep)


def _socket(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)  # the whole path may be too long for a socket's address
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(f"/proc/self/fd/{here}/a.txt")
    finally:
        os.close(here)


def _deep(folder: Path) -> None:
    for _ in range(60):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(story("deepfolder"), "utf-8")


# --- bait and damage ------------------------------------------------------------------------------------------------


def _bait(n_chars: int) -> Iterator[Case]:
    """What patterns that look back and forth are slow on, in one line below an article."""
    for what, piece in BAIT.items():
        yield _one(
            f"bait_{what}",
            "a.txt",
            story(f"b_{what}") + "\n" + (piece * (n_chars // len(piece) + 1))[:n_chars] + "\n",
            landed=None,
            refused=None,
        )


def _damaged(rng: random.Random) -> Iterator[Case]:
    """Sound files of every kind with bytes lost, doubled or changed anywhere: read or refused, never lost."""
    sound = {
        "html": page("dam").encode(),
        "json": json.dumps([{"title": "Pilots", "text": story("dam1")}, {"text": story("dam2")}]).encode(),
        "jsonl": "\n".join(json.dumps({"text": story(f"dam{n}")}) for n in range(3, 6)).encode(),
        "csv": ("headline,content\n" + "".join(f'x,"{story(f"damc{n}").strip()}"\n' for n in range(3))).encode(),
        "xml": f"<rss><channel><item><description>{escape(story('damx'))}</description></item></channel></rss>".encode(),
        "parquet": _table({"text": [story("damp")]}),
        "zip": _zip({"a.txt": story("damz").encode()}),
        "txt.gz": gzip.compress(story("damg").encode()),
    }
    for kind, data in sound.items():
        for n in range(5):
            changed = bytearray(data)
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(len(changed))
                match rng.randrange(3):
                    case 0:
                        changed[at] ^= 1 << rng.randrange(8)
                    case 1:
                        del changed[at : at + rng.randint(1, 40)]
                    case _:
                        changed[at:at] = changed[at : at + rng.randint(1, 40)]
            yield _one(f"damaged_{kind}_{n}", f"a.{kind}", bytes(changed), landed=None, refused=None)
