"""What extracted rows must satisfy."""

from __future__ import annotations

from expectations.checks import Check
from warehouse.schema import EVENT_TYPES, READ_KINDS

_READ = ", ".join(f"'{k}'" for k in READ_KINDS)
_QUADS = ", ".join(f"('{t}', {q})" for t, q in EVENT_TYPES.items())


def _inside_sentence(table: str, key: str, spans: str = "t.start_char < s.start_char or t.end_char > s.end_char") -> Check:
    return Check(
        "lies_in_its_sentence",
        table,
        f"select t.{key} from {table} t join sentences s using (sentence_id) where {spans}",
        "Every child's span lies inside its sentence.",
    )


def _dates(table: str, key: str, start: str, end: str, precision: str) -> tuple[Check, ...]:
    days = f"date_diff('day', {start}, {end}) + 1"
    return (
        Check(
            "dates_in_order",
            table,
            f"select {key} from {table} where {start} > {end} or ({start} is null) <> ({end} is null)",
            "A range has two ends, the first not after the last.",
        ),
        Check(
            "no_date_more_exact_than_its_words",
            table,
            f"select {key} from {table} where {start} is not null and ("
            f"({precision} = 'decade' and {days} < 3650) or ({precision} = 'year' and {days} < 365) or ({precision} = 'quarter' and {days} < 90) "
            f"or ({precision} = 'month' and {days} < 28) or ({precision} = 'week' and {days} < 5))",
            "'In June' is a month, never its first day.",
        ),
    )


CHECKS = (
    Check(
        "every_body_has_a_sentence",
        "documents",
        "select document_id from documents where n_body_chars >= 80 and document_id not in (select document_id from sentences)",
        "A text that nobody read is told, never passed on as a text that says nothing.",
    ),
    Check(
        "names_are_found",
        "documents",
        "select document_id from documents where (select count(*) from documents) > 1 and (select count(*) from sentences) >= 100 "
        "and not exists (select 1 from mentions where mention_kind = 'name')",
        "A hundred sentences of news without one name mean a model that does not work.",
    ),
    Check(
        "sentences_lie_in_read_segments",
        "sentences",
        f"select t.sentence_id from sentences t join segments s using (segment_id) where t.start_char < s.start_char or t.end_char > s.end_char "
        f"or s.kind not in ({_READ})",
        "No sentence crosses a segment, none is read from boilerplate.",
    ),
    Check(
        "sentences_do_not_overlap",
        "sentences",
        "select sentence_id from (select sentence_id, start_char, lag(end_char, 1, 0) over (partition by document_id order by position) as before "
        "from sentences) where start_char < before",
        "Sentences follow each other.",
    ),
    _inside_sentence("mentions", "mention_id"),
    _inside_sentence("times", "time_id"),
    _inside_sentence("figures", "figure_id"),
    _inside_sentence(
        "events",
        "event_id",
        "t.start_char < s.start_char or t.end_char > s.end_char or t.trigger_start_char < t.start_char or t.trigger_end_char > t.end_char "
        "or t.trigger_end_char <= t.trigger_start_char",
    ),
    Check(
        "roles_lie_in_the_sentence_of_their_event",
        "event_roles",
        "select r.event_id from event_roles r join events e using (event_id) join sentences s using (sentence_id) "
        "where r.start_char < s.start_char or r.end_char > s.end_char",
        "Actor, act and place come from one sentence.",
    ),
    Check(
        "starts_in_its_sentence",
        "quotes",
        "select q.quote_id from quotes q join sentences s using (sentence_id) where q.start_char < s.start_char or q.start_char >= s.end_char",
        "A quotation is filed under the sentence in which it starts.",
    ),
    Check(
        "pieces_lie_in_their_quote",
        "quote_spans",
        "select p.quote_id from quote_spans p join quotes q using (quote_id) where p.start_char < q.start_char or p.end_char > q.end_char",
        "A content's pieces make up its span.",
    ),
    Check(
        "quote_has_pieces",
        "quotes",
        "select quote_id from quotes where quote_id not in (select quote_id from quote_spans)",
        "Every quotation has at least one piece of content.",
    ),
    Check(
        "speaker_or_reason",
        "quotes",
        "select quote_id from quotes where (speaker_status = 'unresolved') <> (speaker_start_char is null and speaker_mention_id is null) "
        "or (speaker_start_char is null) <> (speaker_end_char is null)",
        "A quotation has a speaker or says that none was found.",
    ),
    Check(
        "parent_holds_child",
        "quotes",
        "select c.quote_id from quotes c join quotes p on p.quote_id = c.parent_quote_id where c.start_char < p.start_char or c.end_char > p.end_char "
        "or c.quote_id = p.quote_id",
        "A chain of attribution is nested.",
    ),
    Check(
        "asserted_stands_alone",
        "events",
        "select event_id from events where len(status) = 0 or (list_contains(status, 'asserted') and len(status) > 1)",
        "An event is asserted, or it says what it is instead.",
    ),
    Check(
        "quad_fits_type",
        "events",
        f"select event_id from events join (values {_QUADS}) q(event_type, right_quad) using (event_type) where quad <> right_quad",
        "The quad class follows from the type.",
    ),
    Check(
        "event_has_a_participant",
        "events",
        "select event_id from events where event_id not in (select event_id from event_roles where role in ('actor', 'recipient'))",
        "No event without an actor or a recipient.",
    ),
    Check(
        "counts_are_not_negative",
        "events",
        "select event_id from events where dead < 0 or injured < 0 or size < 0",
        "Counts of people.",
    ),
    Check(
        "low_is_not_above_high",
        "figures",
        "select figure_id from figures where value_low > value_high",
        "A range has its lower bound first.",
    ),
    Check(
        "comparator_fits_values",
        "figures",
        "select figure_id from figures where (comparator = 'equal' and (value_low is null or value_low is distinct from value_high)) "
        "or (comparator in ('at_least', 'more_than') and value_low is null) or (comparator in ('at_most', 'less_than') and value_high is null)",
        "An exact number has one value, a bound has its bound.",
    ),
    Check(
        "money_has_a_currency",
        "figures",
        "select figure_id from figures where (unit = 'money') <> (currency is not null)",
        "An amount of money is worth nothing without its currency.",
        severity="warning",
    ),
    Check(
        "unknown_basis_has_no_date",
        "times",
        "select time_id from times where basis = 'unknown' and date_start is not null",
        "No anchor, no date.",
    ),
    Check(
        "value_and_date_agree",
        "times",
        "select time_id from times where date_start is not null and ((regexp_full_match(value, '\\d{4}-\\d{2}-\\d{2}.*') "
        "and strftime(date_start, '%Y-%m-%d') <> value[:10]) or (regexp_full_match(value, '\\d{4}-\\d{2}') and strftime(date_start, '%Y-%m') <> value) "
        "or (regexp_full_match(value, '\\d{4}') and strftime(date_start, '%Y') <> value))",
        "The TIMEX value and the first day are two ways to write one date.",
    ),
    Check(
        "day_lies_near_its_anchor",
        "times",
        "select time_id from times join documents d using (document_id) where basis = 'publication' and precision in ('day', 'part_of_day', 'hour') "
        "and abs(date_diff('year', coalesce(d.published_date, cast(d.published_at as date)), date_start)) > 50",
        "A day that is told from the day of publication on lies in the same century.",
        severity="warning",
    ),
    *_dates("times", "time_id", "date_start", "date_end", "precision"),
    *_dates("events", "event_id", "date_start", "date_end", "date_precision"),
)
