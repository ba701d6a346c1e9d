"""What landed units must satisfy."""

from __future__ import annotations

from expectations.checks import Check

CHECKS = (
    Check(
        "text_is_not_empty",
        "documents_landed",
        "select document_id from documents_landed where not regexp_matches(text, '\\S')",
        "An input without words belongs in rejects.",
    ),
    Check(
        "text_hash_fits",
        "documents_landed",
        "select document_id from documents_landed where sha256(text) <> text_sha256",
        "Offsets are worth nothing if the text is not the one that was hashed.",
    ),
    Check(
        "body_start_in_text",
        "documents_landed",
        "select document_id from documents_landed where body_start_char not between 0 and length(text)",
        "The body of a record starts inside its text.",
    ),
    Check(
        "date_has_a_basis",
        "documents_landed",
        "select document_id from documents_landed where (published_basis = 'none') <> "
        "(published_at is null and published_local is null and published_date is null)",
        "A publication date says where it comes from; none says there is none.",
    ),
    Check(
        "date_and_instant_agree",
        "documents_landed",
        "select document_id from documents_landed where published_at is not null and published_date is not null "
        "and abs(date_diff('day', published_date, cast(published_at as date))) > 1",
        "The local day differs from the UTC day by one at most.",
    ),
    Check(
        "published_in_a_plausible_year",
        "documents_landed",
        "select document_id from documents_landed where year(published_date) not between 1600 and 2200",
        "Years outside are placeholders; the reader should have made them NULL.",
        severity="warning",
    ),
    Check(
        "blocks_lie_in_text",
        "blocks",
        "select block_id from blocks join documents_landed using (document_id) where start_char < 0 or end_char <= start_char or end_char > length(text)",
        "A block is a span of its page's text.",
    ),
)
