"""What cleaned documents must satisfy."""

from __future__ import annotations

from expectations.checks import Check

CHECKS = (
    Check(
        "segments_tile_the_text",
        "documents",
        """
        with s as (
          select document_id, start_char, end_char,
                 lag(end_char, 1, 0) over (partition by document_id order by position) as expected,
                 max(end_char) over (partition by document_id) as last_end
          from segments)
        select d.document_id from documents d left join s using (document_id)
        where s.document_id is null or s.start_char <> s.expected or s.end_char <= s.start_char or s.last_end <> length(d.text)
        """,
        "Every character lies in exactly one segment: nothing is deleted, nothing counted twice.",
    ),
    Check(
        "text_is_untouched",
        "documents",
        "select document_id from documents where sha256(text) <> text_sha256",
        "Cleaning labels characters and never rewrites one.",
    ),
    Check(
        "document_has_a_body",
        "documents",
        "select document_id from documents where not exists (select 1 from segments s where s.document_id = documents.document_id "
        "and s.kind in ('body', 'subhead', 'live_segment_header'))",
        "An article without a body is rejected with the reason, never loaded empty.",
    ),
    Check(
        "lengths_are_counted",
        "documents",
        "select d.document_id from documents d left join (select document_id, sum(end_char - start_char) as n from segments "
        "where kind in ('body', 'subhead') group by 1) s using (document_id) where n_chars <> length(text) or n_body_chars <> coalesce(n, 0)",
        "n_chars and n_body_chars are what the segments say.",
    ),
    Check(
        "body_share_is_plausible",
        "documents",
        "select document_id from documents where n_chars > 400 and n_body_chars < 0.1 * n_chars",
        "Less than a tenth of a text left as body is more often a failed cleaning than a page of boilerplate.",
        severity="warning",
    ),
    Check(
        "entries_lie_in_text_without_overlap",
        "entries",
        """
        select entry_id from (
          select entry_id, start_char, end_char, length(text) as n, lag(end_char, 1, 0) over (partition by document_id order by position) as before
          from entries join documents using (document_id))
        where end_char <= start_char or end_char > n or start_char < before
        """,
        "Posts and stories follow each other.",
    ),
    Check(
        "segments_lie_in_their_entry",
        "segments",
        "select s.segment_id from segments s join entries e using (entry_id) where s.start_char < e.start_char or s.end_char > e.end_char",
        "A segment that names an entry lies inside it.",
    ),
    Check(
        "one_stamp_per_entry",
        "entries",
        "select entry_id from entries where posted_at is not null and posted_local is not null",
        "The zone is known or it is not.",
    ),
    Check(
        "long_lines_are_kept",
        "segments",
        "select segment_id from segments join documents d using (document_id) where kind not in ('body', 'subhead', 'title', 'subtitle', "
        "'live_segment_header', 'caption') and end_char - start_char > 160 and confidence < 0.8",
        "A long line leaves the body only where a sure rule hits.",
        severity="warning",
    ),
)
