"""Cleaning: kinds of lines, fields, entries, what is set aside, and what must never be lost."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest

from transforms.cleaning import Cleaned, SetAside, clean_document, clean_text
from transforms.cleaning.fields import names_of_byline
from transforms.cleaning.lines import split_lines
from transforms.cleaning.stamps import parse_day, parse_stamp
from warehouse.schema import KEPT_KINDS, TABLES, Row

PARAGRAPHS = (
    "The tram drivers of Porto ended their strike on Monday after the city agreed to raise their pay by a tenth, the union said.",
    "Trams will run again from Tuesday morning. The operator, which lost two million euros, said that fares would rise in the spring.",
    "“We did not win everything, but we won enough,” said Ana Sousa, who leads the union and drove a tram herself for twenty years.",
    "The mayor, Jon Voss, thanked both sides and said that the city would buy thirty new trams before the end of next year.",
)
BODY = "\n".join(PARAGRAPHS)


def landed(text: str, **fields: Any) -> Row:
    """A row of documents_landed with what cleaning reads."""
    row: Row = dict.fromkeys(TABLES["documents_landed"].columns)
    row |= {"document_id": "doc_test", "text": text, "media_type": "text/plain", "raw_sha256": "0", "text_sha256": "0", "source_said": "{}"}
    return row | {"language": "en", "published_basis": "none", "authors": []} | fields


def cleaned(text: str, **fields: Any) -> Cleaned:
    result = clean_document(landed(text, **fields), [])
    assert isinstance(result, Cleaned), result
    document = result.document | {"maker_version": "test"}
    TABLES["documents"].conform([document])
    TABLES["segments"].conform(result.segments)
    TABLES["entries"].conform(result.entries)
    return result


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and words of every segment."""
    return [(s.kind, text[s.start_char : s.end_char].strip()) for s in clean_text(text)]


def kept(text: str) -> str:
    return "".join(text[s.start_char : s.end_char] for s in clean_text(text) if s.kind in KEPT_KINDS)


# --- tiling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n", " \n\n ", "One.", "\n\nOne.\n", "One.\r\nTwo.\r\n\r\nThree.", "One.\rTwo.", BODY + "\n\n\n"])
def test_segments_tile(text: str) -> None:
    segments = clean_text(text)
    assert "".join(text[s.start_char : s.end_char] for s in segments) == text
    assert all(s.start_char < s.end_char for s in segments)


def test_blank_lines_belong_to_the_line_before() -> None:
    text = "\n\nFirst line\n\n\nSecond line\n"
    assert [(x.start, x.end, x.text) for x in split_lines(text)] == [(0, 15, "First line"), (15, 27, "Second line")]


# --- kinds -----------------------------------------------------------------------------------------------------


def test_article_with_everything_around_it() -> None:
    text = "\n".join(
        [
            "World",
            "Tram drivers of Porto end nine-day strike",
            "City agrees to raise pay by a tenth",
            "By Ana Lind and Omar Haddad",
            "Published 3 May 2021",
            "Drivers cheer at the depot of Boavista. Photo: Mira Stein/Foto Norte",
            "PORTO (Reuters) - " + PARAGRAPHS[0],
            "Advertisement",
            PARAGRAPHS[1],
            "Read more: Ferry across the Douro stops for repairs",
            "Higher fares ahead",
            PARAGRAPHS[2],
            PARAGRAPHS[3],
            "(Reporting by Ana Lind; Editing by Dora Pell)",
            "Ana Lind is a transport reporter at Example Post. She lives in Porto.",
            "Related Articles",
            "Lisbon plans a second ring road",
            "Comments",
            "© 2021 Example Media. All rights reserved.",
        ]
    )
    assert [k for k, _ in kinds(text)] == [
        "section_label", "title", "subtitle", "byline", "timestamp", "caption", "dateline", "body", "promo", "body", "related", "subhead",
        "body", "body", "credit", "bio", "related", "related", "comment_stub", "other_boilerplate",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "“Nobody asked us,” she said.",
        "“The river is the cheapest road we have.”",
        "A last question",
        "What happened at the depot",
        "ANGER IN THE DEPOT",
        "“It is our city”: drivers on the deal",
        "- a rise of a tenth for all drivers",
        "1. Higher pay",
        "The vote was close.",
        "Jobs",
        "More on the way",
        "Why now?",
        "AFP reporters saw drivers cheering at three depots of the city on Monday.",
        "The Example Post could not verify the figures.",
        "By Monday night the depots were empty.",
        "Photos of the crowd were shared thousands of times.",
        "She told Reuters that the union would vote on Friday.",
    ],
)
def test_lines_between_paragraphs_that_are_never_lost(line: str) -> None:
    text = "\n".join([PARAGRAPHS[0], PARAGRAPHS[1], line, PARAGRAPHS[2], PARAGRAPHS[3]])
    assert line in kept(text)


def test_transcript_keeps_its_speakers() -> None:
    lines = [
        "HOST: Has the strike changed anything?",
        "SOUSA: Less than people think. The trams were late before it.",
        "HOST: Who pays?",
        "SOUSA: The riders.",
        "LINCOLN: And the city.",
    ]
    text = "\n".join([PARAGRAPHS[0], *lines])
    assert all(kind == "body" for kind, words in kinds(text) if words in lines)
    assert "dateline" not in [kind for kind, _ in kinds(text)]


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("MOSCOW (Reuters) – ", "MOSCOW"),
        ("LONDON, March 14 (Agency) - ", "LONDON"),
        ("PORTO, Portugal (AP) — ", "PORTO, Portugal"),
        ("NEW DELHI: ", "NEW DELHI"),
        ("Washington — ", "Washington"),
        ("PORT LOUIS, Nov 22 — ", "PORT LOUIS"),
    ],
)
def test_dateline_is_cut_off_the_lead(opening: str, place: str) -> None:
    result = cleaned(opening + BODY)
    first, second = result.segments[:2]
    assert (first["kind"], first["start_char"], first["end_char"]) == ("dateline", 0, len(opening))
    assert (second["kind"], second["start_char"]) == ("body", len(opening))
    assert result.document["dateline_place"] == place
    assert result.document["published_date"] is None


@pytest.mark.parametrize("opening", ["KOVACS: ", "NATO — ", "Reform – ", "WASHINGTON: "])
def test_what_is_no_dateline(opening: str) -> None:
    text = "HOST: Who won?\n" + opening + PARAGRAPHS[0] + "\n" + PARAGRAPHS[1]
    if opening == "NATO — ":
        text = opening + "the alliance — " + PARAGRAPHS[0]
    assert "dateline" not in [kind for kind, _ in kinds(text)]


def test_credit_behind_the_last_sentence_is_cut_off() -> None:
    text = PARAGRAPHS[0] + "\n" + PARAGRAPHS[1] + " (Reporting by Ana Lind; Editing by Dora Pell)"
    assert kinds(text)[-1] == ("credit", "(Reporting by Ana Lind; Editing by Dora Pell)")
    assert kinds(text)[-2] == ("body", PARAGRAPHS[1])


def test_long_line_with_two_sentences_stays() -> None:
    line = (
        "Sign up for the course, the ministry had told thousands of drivers in an email, and your fine will be lower. "
        "Most of them did so within a week of the letter, and the app that counted them broke down on the first evening."
    )
    assert line in kept("\n".join([PARAGRAPHS[0], line, PARAGRAPHS[1]]))


# --- fields ----------------------------------------------------------------------------------------------------


def test_fields_are_completed_from_the_text() -> None:
    head = "Tram drivers end strike in Porto\nBy Ana Lind and Omar Haddad, Example Post\nUpdated 14 March 2021 09:08\n"
    text = f"{head}PORTO (Reuters) - {BODY}"
    document = cleaned(text).document
    assert document["title"] == "Tram drivers end strike in Porto"
    assert document["authors"] == ["Ana Lind", "Omar Haddad"]
    assert (document["origin"], document["dateline_place"]) == ("Reuters", "PORTO")
    assert (document["published_date"], document["published_basis"]) == (date(2021, 3, 14), "text")
    assert document["published_local"] == datetime(2021, 3, 14, 9, 8)
    assert document["n_chars"] == len(text)


def test_fields_of_the_input_stand() -> None:
    text = f"Tram drivers end strike in Porto\nBy Ana Lind\n14 March 2021\n{BODY}"
    given = {"title": "Another title", "authors": ["Dora Pell"], "published_date": date(2020, 1, 1), "published_basis": "metadata"}
    document = cleaned(text, **given).document
    assert {key: document[key] for key in given} == given


def test_date_in_a_caption_is_not_the_articles_date() -> None:
    caption = "Ana Sousa and Jon Voss after signing the pact in Porto on June 19, 2020."
    document = cleaned(f"{caption}\n{caption}AP\n{BODY}").document
    assert (document["published_date"], document["published_basis"]) == (None, "none")


@pytest.mark.parametrize(
    ("ending", "origin"),
    [
        ("Source: Example Wochenblatt", "Example Wochenblatt"),
        ("© 2021 The Associated Press. All rights reserved.", "Associated Press"),
        ("— AFP", "AFP"),
        ("(Reporting by Reuters; Editing by Dora Pell)", "Reuters"),
        ("(Reporting by Ana Lind)", None),
        ("With files from The Associated Press", None),
    ],
)
def test_origin(ending: str, origin: str | None) -> None:
    assert cleaned(BODY + "\n" + ending).document["origin"] == origin


def test_picture_agency_is_not_the_origin() -> None:
    assert cleaned(f"{PARAGRAPHS[0]}\nDrivers at the depot. Mira Stein/Getty Images\nAP\n{BODY}").document["origin"] is None


def test_record_title_and_subtitle() -> None:
    text = "Strike over\n\nCity gives in\n\n" + BODY
    result = cleaned(text, title="Strike over", subtitle="City gives in", body_start_char=text.index(PARAGRAPHS[0]))
    assert [(s["kind"], s["rule_id"]) for s in result.segments[:2]] == [
        ("title", "clean.record.title"),
        ("subtitle", "clean.record.subtitle"),
    ]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Sousa", ["Ana Sousa"]),
        ("By ANA SOUSA and JON VOSS", ["Ana Sousa", "Jon Voss"]),
        ("By Ana Sousa, Political Editor", ["Ana Sousa"]),
        ("Ana Sousa | Example Post", ["Ana Sousa"]),
        ("By Staff Writers", []),
        ("By Jon Voss Feb 11, 2021 7:15 PM", ["Jon Voss"]),
    ],
)
def test_names_of_byline(byline: str, names: list[str]) -> None:
    assert names_of_byline(byline) == names


# --- duplicates ------------------------------------------------------------------------------------------------


def test_near_duplicates_are_marked_and_kept() -> None:
    again = PARAGRAPHS[0].replace("the union said", "the union says")
    result = cleaned("\n".join([*PARAGRAPHS, again]))
    assert [s["kind"] for s in result.segments] == ["body"] * 5
    assert [s["duplicate_of"] for s in result.segments] == [None, None, None, None, result.segments[0]["segment_id"]]


# --- set aside -------------------------------------------------------------------------------------------------


def test_another_language_is_set_aside() -> None:
    assert clean_document(landed(BODY, language="fr"), []) == SetAside("not_english", "the text is not in English", "fr")


@pytest.mark.parametrize("text", ["", " \n ", "Advertisement\nShare on Facebook\nComments", "© 2021 Example Media. All rights reserved."])
def test_no_article_is_set_aside(text: str) -> None:
    result = clean_document(landed(text), [])
    assert isinstance(result, SetAside)
    assert result.reason_code == "no_body"


def test_one_sentence_is_an_article() -> None:
    assert [s["kind"] for s in cleaned("Two people were hurt when a tram left its rails in Porto on Monday.").segments] == ["body"]


# --- stamps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "local", "instant", "author"),
    [
        ("Jane Doe25 October 2023 09:08", datetime(2023, 10, 25, 9, 8), None, "Jane Doe"),
        ("Jane Doe 25 October 2023 09:08", datetime(2023, 10, 25, 9, 8), None, "Jane Doe"),
        ("10:32 a.m. ET, March 3, 2025", None, datetime(2025, 3, 3, 15, 32, tzinfo=UTC), None),
        ("Friday 3 May 2024, 14:05 BST", None, datetime(2024, 5, 3, 13, 5, tzinfo=UTC), None),
        ("3 May 2024 14:05 IST", datetime(2024, 5, 3, 14, 5), None, None),
        ("09.42 GMT", None, None, None),
        ("2h ago", None, None, None),
        ("12:30pm", None, None, None),
        ("5 hours ago 07:15 Lars Holm", None, None, "Lars Holm"),
    ],
)
def test_parse_stamp(text: str, local: datetime | None, instant: datetime | None, author: str | None) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert (stamp.local, stamp.instant) == (local, instant)
    assert (None if stamp.author_start is None else text[stamp.author_start : stamp.author_end]) == author


@pytest.mark.parametrize(
    "text", ["The strike began at 9:30", "In May 2021 it rained.", "25:99", "Ana Sousa", "9.5 million", "At 10 a.m. he left"]
)
def test_what_is_no_stamp(text: str) -> None:
    assert parse_stamp(text) is None


@pytest.mark.parametrize(("text", "day"), [("03/04/2020", None), ("25/04/2020", date(2020, 4, 25)), ("31 February 2020", None)])
def test_parse_day_guesses_nothing(text: str, day: date | None) -> None:
    assert parse_day(text) == day


# --- live blogs ------------------------------------------------------------------------------------------------

POSTS = (
    (
        "Drivers gather at the depot",
        "They wait for the union's leaders, who are due to speak at ten o'clock.",
        "Ana Lind",
        "3 May 2021 11:40",
    ),
    ("Pictures from Boavista", None, "Omar Haddad", "3 May 2021 10:15"),
    ("Talks begin in the town hall", "A spokeswoman for the city says that both sides are in the room.", "Ana Lind", "3 May 2021 09:30"),
    ("Mayor hopes for a deal", "“We are close,” Jon Voss tells reporters on the stairs of the town hall.", "Ana Lind", "3 May 2021 08:05"),
)
INTRO = "Tram drivers of Porto have been on strike for nine days, and both sides say that they want it to end before the weekend."


def live_blog(layout: str) -> str:
    lines = ["Porto tram strike: live updates", "", INTRO]
    for header, body, author, stamp in POSTS:
        parts = [header, body, author + stamp] if layout == "closes" else [author + " " + stamp, header, body]
        lines += [p for p in parts if p is not None]
    return "\n".join(lines)


@pytest.mark.parametrize("layout", ["closes", "opens"])
def test_live_posts(layout: str) -> None:
    text = live_blog(layout)
    entries = cleaned(text).entries
    assert [e["title"] for e in entries] == [p[0] for p in POSTS]
    assert [e["author"] for e in entries] == [p[2] for p in POSTS]
    assert [f"{e['posted_local']:%-d May %Y %H:%M}" for e in entries] == [p[3] for p in POSTS]
    for entry, (header, body, author, _) in zip(entries, POSTS, strict=True):
        words = text[entry["start_char"] : entry["end_char"]]
        assert header in words
        assert author in words
        assert body is None or body in words
        assert INTRO not in words


def test_live_blog_fields_and_segments() -> None:
    result = cleaned(live_blog("closes"))
    assert result.document["published_local"] == datetime(2021, 5, 3, 11, 40)
    assert result.document["authors"] == []
    by_kind = [s["kind"] for s in result.segments]
    assert by_kind.count("live_segment_header") == 4
    assert by_kind.count("timestamp") == 4
    assert by_kind.count("byline") == 4
    assert [s["entry_id"] is None for s in result.segments][:2] == [True, True]
    assert all(s["entry_id"] is not None for s in result.segments[2:])


def test_oldest_first_and_known_zone() -> None:
    lines = ["Porto tram strike: live", "Monday 3 May 2021", INTRO]
    for header, body, _, stamp in reversed(POSTS):
        lines += [stamp[-5:] + " GMT", header, body or "The pictures were taken by our reporter at the depot."]
    entries = cleaned("\n".join(lines)).entries
    assert [e["posted_at"] for e in entries] == [
        datetime(2021, 5, 3, int(p[3][-5:-3]), int(p[3][-2:]), tzinfo=UTC) for p in reversed(POSTS)
    ]


def test_clock_times_across_midnight_get_no_day() -> None:
    lines = ["Porto tram strike: live", "Monday 3 May 2021", INTRO]
    for clock, (header, body, _, _) in zip(("22:10 GMT", "23:50 GMT", "00:30 GMT", "01:15 GMT"), POSTS, strict=True):
        lines += [clock, header, body or "The pictures were taken by our reporter at the depot."]
    entries = cleaned("\n".join(lines)).entries
    assert len(entries) == 4
    assert all(e["posted_at"] is None and e["posted_local"] is None for e in entries)


def test_list_of_links_with_ages_is_no_live_blog() -> None:
    ages = ["World / 20 m ago", "World / 31 m ago", "World / 1 h ago"]
    heads = ["Ferry across the Douro stops for repairs", "Lisbon plans a ring road", "Rain to return"]
    links = [line for pair in zip(ages, heads, strict=True) for line in pair]
    result = cleaned("\n".join(["Tram drivers end strike", "Friday, 3 May 2019 4:55 PM", *PARAGRAPHS, "Just in", *links]))
    assert result.entries == []
    assert not {s["kind"] for s in result.segments[-7:]} & set(KEPT_KINDS)


# --- stories ---------------------------------------------------------------------------------------------------

STORIES = (
    (
        "Harbour Of Split Closes After Storm Damages Two Piers",
        "Croatian transport minister Mira Babic closed the harbour of Split on Monday. Crews began repairs.",
    ),
    (
        "Voss Says Porto Will Buy Thirty New Trams Next Year",
        "The mayor of Porto, Jon Voss, announced the purchase of thirty trams on Sunday, after a strike of nine days.",
    ),
    (
        "Court In Lyon Frees Banker After Eleven Months In Jail",
        "A court in Lyon freed the banker Paul Girard on Monday. Judges found that he had been held too long.",
    ),
    (
        "Babic Promises Quick Repairs To Piers Of Split Harbour",
        "In an interview, Mira Babic said that ships would return to the harbour of Split within the week.",
    ),
    (
        "Sousa To Lead Union For Two More Years After Vote",
        "Members of the drivers' union voted for Ana Sousa on Sunday. She will lead it for two more years.",
    ),
)


def test_stories_of_a_page() -> None:
    text = "Tram Drivers Of Porto End Their Strike\n\n" + BODY + "\n\n" + "\n\n".join(f"{head}\n\n{body}" for head, body in STORIES)
    result = cleaned(text)
    assert [e["title"] for e in result.entries] == ["Tram Drivers Of Porto End Their Strike", *(head for head, _ in STORIES)]
    assert {e["kind"] for e in result.entries} == {"story"}
    assert all(s["entry_id"] is not None for s in result.segments)


def test_sub_headings_of_one_article_are_no_stories() -> None:
    heads = ["Higher fares ahead", "A long night in the town hall", "What the drivers say", "Thirty new trams for the city"]
    text = "\n".join(f"{h}\n{p}" for h, p in zip(heads, PARAGRAPHS, strict=True))
    assert cleaned("Strike over in Porto\n" + PARAGRAPHS[0] + "\n" + text).entries == []


def turned_to(opening: str) -> str:
    other = (
        opening + " the Latvian minister Ilze Berzina opened a bridge over the Daugava in Riga on Tuesday. Crowds watched from both banks."
    )
    return "\n".join((BODY, "A bridge for Riga", other))


def test_a_story_that_the_writer_turns_to() -> None:
    result = cleaned(turned_to("Meanwhile,"))
    assert [e["title"] for e in result.entries] == [None, "A bridge for Riga"]


def test_a_sub_heading_without_a_turn_is_no_story() -> None:
    assert cleaned(turned_to("In the afternoon")).entries == []


def test_a_turn_to_people_named_above_is_no_story() -> None:
    text = "The Latvian minister Ilze Berzina spoke first. " + turned_to("Meanwhile,")
    assert cleaned(text).entries == []


# --- pages -----------------------------------------------------------------------------------------------------


def page(*blocks: tuple[str, str, str | None, bool | None]) -> tuple[str, list[Row]]:
    """Text and blocks rows of a page: text, tag, classes, extractor's verdict of each block."""
    rows: list[Row] = []
    start = 0
    for position, (text, tag, css_class, is_kept) in enumerate(blocks):
        end = start + len(text)
        row = {"position": position, "start_char": start, "end_char": end, "tag": tag, "css_class": css_class, "role": None}
        rows.append(row | {"extractor_kept": is_kept})
        start = end + 1
    return "\n".join(b[0] for b in blocks), rows


def test_markup_is_evidence() -> None:
    text, blocks = page(
        ("Home Shop Weather and more", "li", "nav > main-menu", False),
        ("Tram drivers end strike", "h1", "article", False),
        ("Ana Lind", "div", "article > byline", False),
        (PARAGRAPHS[0], "p", "article", True),
        ("A tram waits at the depot", "figcaption", "article > figure > figcaption", True),
        (PARAGRAPHS[1], "p", "article", True),
        ("Higher fares ahead", "h2", "article", True),
        (PARAGRAPHS[2], "p", "article", False),
        (PARAGRAPHS[3], "p", "article", True),
        ("Ferry stops for repairs on the Douro", "a", "aside > related-stories", False),
        ("Example Media, Rua das Flores 1, Porto", "p", "footer", False),
    )
    result = clean_document(landed(text), blocks)
    assert isinstance(result, Cleaned)
    assert [s["kind"] for s in result.segments] == [
        "other_boilerplate", "title", "byline", "body", "caption", "body", "subhead", "body", "body", "related", "other_boilerplate",
    ]  # fmt: skip
    assert result.document["authors"] == ["Ana Lind"]


# --- speed -----------------------------------------------------------------------------------------------------


def seconds(text: str) -> float:
    start = time.process_time()
    clean_document(landed(text), [])
    return time.process_time() - start


def test_one_line_of_a_million_characters() -> None:
    assert seconds("The tram drivers of Porto ended their strike on Monday, and the city paid. " * 13_500) < 10


def test_many_lines_take_time_in_proportion() -> None:
    # Every line has words of its own, as a long text has.
    lines = [f"In week {n} the drivers of line {n % 97} met in depot {n % 31}, and {n * 7} riders waited." for n in range(20_000)]
    small, large = seconds("\n".join(lines[:2_000])), seconds("\n".join(lines))
    assert large < 20 * small + 1
