"""Properties of cleaning that hold for any text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning import Cleaned, SetAside, clean_document, clean_text
from warehouse.schema import SEGMENT_KINDS, TABLES, Row

PIECES = st.sampled_from(
    [
        "Tram drivers of Porto end strike",
        "The tram drivers of Porto ended their strike on Monday after the city agreed to raise their pay by a tenth.",
        "“We won,” said Ana Sousa. “It took nine days.”",
        "PORTO (Reuters) - The strike ended.",
        "Ana Lind3 May 2021 09:30",
        "09.42 GMT",
        "By Ana Lind",
        "Advertisement",
        "Related Articles",
        "* Ferry stops for repairs",
        "1. Higher pay",
        "(Reporting by Ana Lind)",
        "HOST: Who won?",
        "Drivers at the depot (Photo: Mira Stein)",
        "© 2021 Example Media",
        "---",
        "",
        "   ",
        "\u00a0",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.builds(
        lambda br, parts: br.join(parts),
        st.sampled_from(["\n", "\n\n", "\r\n", "\r"]),
        st.lists(st.one_of(PIECES, st.text(max_size=60)), max_size=25),
    ),
)


def landed(text: str) -> Row:
    row: dict[str, Any] = dict.fromkeys(TABLES["documents_landed"].columns)
    row |= {"document_id": "doc_x", "text": text, "language": "en", "published_basis": "none", "authors": []}
    return row | {"media_type": "text/plain", "raw_sha256": "0", "text_sha256": "0", "source_said": "{}"}


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_segments_tile_any_text(text: str) -> None:
    segments = clean_text(text)
    assert "".join(text[s.start_char : s.end_char] for s in segments) == text
    assert all(s.start_char < s.end_char and s.kind in SEGMENT_KINDS and 0.0 <= s.confidence <= 1.0 for s in segments)
    assert clean_text(text) == segments


@given(TEXTS)
@settings(max_examples=80, deadline=None)
def test_documents_are_whole_and_stable(text: str) -> None:
    result = clean_document(landed(text), [])
    assert clean_document(landed(text), []) == result
    if isinstance(result, SetAside):
        assert result.reason_code == "no_body"
        return
    assert isinstance(result, Cleaned)
    TABLES["segments"].conform(result.segments)
    TABLES["entries"].conform(result.entries)
    TABLES["documents"].conform([result.document | {"maker_version": "test"}])
    ids = [s["segment_id"] for s in result.segments]
    assert len(ids) == len(set(ids))
    entries = {e["entry_id"]: e for e in result.entries}
    assert len(entries) == len(result.entries)
    spans = sorted((e["start_char"], e["end_char"]) for e in result.entries)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for s in result.segments:
        assert s["entry_id"] is None or s["entry_id"] in entries
        assert s["duplicate_of"] is None or s["duplicate_of"] in ids[: s["position"]]
    assert any(s["kind"] in ("body", "live_segment_header") for s in result.segments)


@given(st.lists(st.sampled_from("abcdefgh ABC.,'\"“”0123456789"), min_size=0, max_size=120).map("".join))
@settings(max_examples=100, deadline=None)
def test_one_line_never_fails(text: str) -> None:
    clean_text(text)
