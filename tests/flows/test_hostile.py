"""Bad input ends as a row in rejects, or is loaded with what is known; never as a crash, never silently gone."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections import Counter
from urllib.parse import quote

import duckdb
import pytest

from tests.flows.support import counts, run
from warehouse.lake import Home

pytestmark = pytest.mark.usefixtures("prefect_server")

GOOD = "The harbour board in Gdynia rejected the offer on Monday, its chairwoman said. \u201cWe will wait,\u201d said Edyta Warmuz.\n"


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def _tar_with_links() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, target in (("a", "b"), ("b", "a"), ("up", "/etc/passwd")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            t.addfile(info)
        info = tarfile.TarInfo("good.txt")
        info.size = len(GOOD.encode())
        t.addfile(info, io.BytesIO(GOOD.encode()))
    return out.getvalue()


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, tuple[int, int, int, int]]]:
    inbox = tmp_path_factory.mktemp("inbox")
    record = {"title": "Pilots reject offer", "text": GOOD, "id": 7}
    lines = [
        json.dumps(record),
        "{not json",
        json.dumps([1, 2]),
        json.dumps({"title": "no text"}),
        json.dumps({"text": 5}),
        json.dumps({**record, "text": GOOD + "Again."}),
        json.dumps({"text": GOOD + "Old.", "published_at": "0001-01-01T00:00:00Z"}),
        json.dumps({"text": GOOD + "New.", "published_at": "9999-12-31T23:59:59Z"}),
        "[" * 100_000,
    ]
    files: dict[str, bytes] = {
        "good.txt": GOOD.encode(),
        "empty.txt": b"",
        "blank.txt": b"  \n\n \t",
        "binary.txt": bytes(range(256)) * 40,
        "truncated.txt.gz": gzip.compress((GOOD * 500).encode(), mtime=0)[:-40],
        "bomb.txt.gz": gzip.compress(b"a " * 30_000_000, mtime=0),
        "evil.zip": _zip({"../outside.txt": GOOD.encode(), "/abs.txt": GOOD.encode(), "in/fine.txt": (GOOD + "Zipped.").encode()}),
        "links.tar": _tar_with_links(),
        "mixed.jsonl": "\n".join(lines).encode(),
        "one_line.txt": b"word " * 6_000_000,
        "utf16.txt": ("\ufeff" + GOOD + "Wide.").encode("utf-16-le"),
        "cp1252.html": (
            "<html><head><meta charset=iso-8859-1><title>Pilots</title></head><body><article><p>"
            + GOOD
            + "Caf\u00e9 \u2013 closed.</p></article></body></html>"
        ).encode("cp1252"),
        "francais.txt": (
            "Le conseil du port a rejet\u00e9 lundi l'offre des pilotes, a d\u00e9clar\u00e9 sa pr\u00e9sidente devant la presse. " * 6
        ).encode(),
        "broken.xml": b"<rss><channel><item><title>x</title>",
        "broken.parquet": b"PAR1 and nothing more",
        "ragged.csv": ("headline,content\nPilots," + '"' + GOOD.strip().replace('"', '""') + '"' + "\nonly one\n").encode(),
    }
    for name, data in files.items():
        (inbox / name).write_bytes(data)
    for odd in (b"new\nline.txt", b"qu'ote\"%20#.txt", b"n\xf6t-utf8.txt"):
        with open(os.fsencode(inbox) + b"/" + odd, "wb") as f:
            f.write(GOOD.encode() + odd.hex().encode())
    (inbox / "loop").symlink_to(inbox)
    (inbox / "dangling.txt").symlink_to(inbox / "nowhere")
    home = tmp_path_factory.mktemp("home")
    return Home(home), counts(run(home, inbox))


def _rejects(home: Home) -> list[tuple[str, str | None, str]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        rows = con.execute("select coalesce(source_uri, ''), source_record, reason_code from rejects").fetchall()
    return [(uri.rsplit("/", 1)[-1], record, code) for uri, record, code in rows]


def test_the_run_goes_on_and_accounts_for_all(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]]) -> None:
    home, stages = outcome
    assert set(stages) == {"land", "clean", "extract", "link", "load"}
    for n_in, n_out, n_rejected, _ in stages.values():
        assert n_in == n_out + n_rejected
    assert home.warehouse.exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.txt", "empty"),
        ("blank.txt", "empty"),
        ("binary.txt", "binary"),
        ("truncated.txt.gz", "truncated"),
        ("bomb.txt.gz", "too_expanded"),
        ("one_line.txt", "too_large"),
        ("dangling.txt", "unreadable"),
    ],
)
def test_reason(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]], name: str, code: str) -> None:
    codes = [c for n, _, c in _rejects(outcome[0]) if n == name]
    assert codes == [code]


def test_members_that_point_outside_are_refused_and_the_rest_is_read(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]]) -> None:
    rejects = _rejects(outcome[0])
    assert Counter(c for n, _, c in rejects if n == "evil.zip") == {"unsafe_member": 2}
    assert Counter(c for n, _, c in rejects if n == "links.tar") == {"unsafe_member": 3}


def test_bad_lines_among_good_ones(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]]) -> None:
    home, _ = outcome
    assert len([c for n, _, c in _rejects(home) if n == "mixed.jsonl"]) == 5
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        n = con.execute("select count(*) from landings where source_uri like '%mixed.jsonl'").fetchall()
        absurd = con.execute("select count(*) from documents where year(published_date) in (1, 9999)").fetchall()
    assert n == [(4,)]
    assert absurd == [(0,)]


def test_another_language_is_set_aside_with_its_name(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]]) -> None:
    with duckdb.connect(str(outcome[0].warehouse), read_only=True) as con:
        rows = con.execute("select detail from rejects where reason_code = 'not_english'").fetchall()
    assert rows == [("fr",)]


def test_file_names_of_any_character(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]]) -> None:
    with duckdb.connect(str(outcome[0].warehouse), read_only=True) as con:
        uris = {u for (u,) in con.execute("select source_uri from landings").fetchall()}
    for odd in (b"new\nline.txt", b"qu'ote\"%20#.txt", b"n\xf6t-utf8.txt"):
        assert any(u.endswith("/" + quote(odd, safe="'")) or u.endswith("/" + quote(odd)) for u in uris), odd


def test_text_is_decoded_never_repaired(outcome: tuple[Home, dict[str, tuple[int, int, int, int]]]) -> None:
    with duckdb.connect(str(outcome[0].warehouse), read_only=True) as con:
        rows = dict(con.execute("select regexp_extract(source_uri, '[^/]*$'), encoding from documents").fetchall())
        (html,) = con.execute("select text from documents where source_uri like '%cp1252.html'").fetchall()[0]
    assert rows["utf16.txt"].lower().startswith("utf-16")
    assert "Caf\u00e9 \u2013 closed." in html
