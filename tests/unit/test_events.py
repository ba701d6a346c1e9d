"""Events: border cases of the ontology, roles, status, time, counts, and what every row must hold."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import news_doc
from transforms.extraction.event_parse import mended
from transforms.extraction.event_patterns import load_lexicon, read_rule, regular_forms, third_person
from transforms.extraction.events import find_events
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quotes import find_quotes
from transforms.extraction.times import find_times
from transforms.language import NewsDoc
from warehouse.schema import EVENT_TYPES, TABLES, Row


def read(text: str, published: date | None = None) -> tuple[NewsDoc, list[Row], list[Row]]:
    """A text read up to its events."""
    news = news_doc(text, published=published)
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    quotes, spans = find_quotes(news)
    news.quotes.extend(quotes)
    news.quote_spans.extend(spans)
    return news, *find_events(news)


def kinds(text: str) -> list[tuple[str, list[str]]]:
    _, events, _ = read(text)
    return [(e["event_type"], e["modes"]) for e in events]


def texts(roles: list[Row], event: Row, role: str) -> list[str]:
    return [r["text"] for r in roles if r["event_id"] == event["event_id"] and r["role"] == role]


BORDER = [
    # 1 future meeting, visit, aid -> AGREE; signed today -> SUPPORT
    ("The Danish premier will visit Nuuk on Friday.", [("AGREE", [])]),
    ("Ghana and Togo will sign a fishing treaty on Monday.", [("AGREE", [])]),
    ("Ghana and Togo signed a fishing treaty on Monday.", [("SUPPORT", [])]),
    # 2 ambassador summoned -> ACCUSE disapprove
    ("Latvia summoned the Belarusian ambassador on Tuesday.", [("ACCUSE", ["disapprove"])]),
    # 3 pardon -> CONCEDE, prisoner walks out -> RETREAT release, apology -> CONCEDE
    ("The king of Tonga pardoned two fishermen.", [("CONCEDE", [])]),
    ("The authorities in Lagos released two fishermen on Monday.", [("RETREAT", ["release"])]),
    ("The Chilean minister apologised to Bolivia.", [("CONCEDE", [])]),
    # 4 announced pull-out -> CONCEDE, the pull-out itself -> RETREAT withdraw
    ("Uganda said it would withdraw its troops from Congo.", [("CONCEDE", [])]),
    ("Uganda withdrew its troops from Congo.", [("RETREAT", ["withdraw"])]),
    # 5 aid stopped, observers recalled -> SANCTION; meeting cancelled -> REJECT meet
    ("Norway suspended aid to Malawi.", [("SANCTION", ["discontinue"])]),
    ("Norway recalled its observers from Malawi.", [("SANCTION", ["withdraw"])]),
    ("The Peruvian president cancelled a meeting with the Chilean premier.", [("REJECT", ["meet"])]),
    # 6 diplomat expelled -> SANCTION expel; private person deported -> COERCE deport; barred -> REJECT
    ("Estonia expelled two Russian diplomats.", [("SANCTION", ["expel"])]),
    ("Estonia deported two Georgian welders.", [("COERCE", ["deport"])]),
    ("Estonia denied entry to a Georgian reporter.", [("REJECT", ["assist"])]),
    # 7 convicted and jailed -> SANCTION convict and COERCE arrest; the charge told with it is not coded
    ("The banker was convicted in Oslo and jailed on Monday.", [("SANCTION", ["convict"]), ("COERCE", ["arrest"])]),
    # 8 captured in battle -> ASSAULT abduct; warrant in absence -> THREATEN arrest
    ("Ethiopian troops captured 40 rebels near Gondar.", [("ASSAULT", ["abduct"])]),
    ("A court in Quito issued an arrest warrant for the former minister.", [("THREATEN", ["arrest"])]),
    # 9 joint exercise -> COOPERATE; own exercise -> MOBILIZE
    ("Greece and Egypt held joint naval exercises off Crete.", [("COOPERATE", [])]),
    ("Iran held naval exercises in the gulf.", [("MOBILIZE", ["troops"])]),
    # 10 flood relief by soldiers -> AID; compensation ordered by a court -> SANCTION
    ("Kenya sent soldiers to flooded villages in Tana to help with the relief.", [("AID", [])]),
    ("A court in Lima ordered the company to pay compensation to the villagers.", [("SANCTION", ["convict"])]),
    # 11 hostages freed by a third party -> AID; by their captors -> RETREAT release
    ("Commandos freed nine hostages from a farm near Maiduguri.", [("AID", [])]),
    ("The rebels freed nine hostages near Maiduguri.", [("RETREAT", ["release"])]),
    # 12 diplomatic note -> ACCUSE; protest in the street -> PROTEST, its demand not coded again
    ("Honduras lodged a protest against Belize.", [("ACCUSE", ["disapprove"])]),
    ("Nurses marched in Harare and demanded the resignation of the minister.", [("PROTEST", ["demo"])]),
    # 13 damage by the way is no destruction of its own
    ("Rebels attacked a convoy near Goma, damaging two houses.", [("ASSAULT", [])]),
    # 14 people who flee: the cause is the actor
    ("Villagers fled the militia on Sunday.", [("SANCTION", ["expel"])]),
    # 15 two-sided fighting
    ("Ugandan soldiers clashed with rebels near Beni.", [("ASSAULT", [])]),
    # 16 comment and forecast -> nothing
    ("The minister was optimistic about the harvest.", []),
    ("Analysts expect the two presidents to meet soon.", []),
]


@pytest.mark.parametrize(("text", "expected"), BORDER, ids=[t[:40] for t, _ in BORDER])
def test_border_case(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert kinds(text) == expected


NOTHING = [
    "The spokesman has not denied the report.",
    "The ministry did not say whether Chad had attacked Sudan.",
    "The spokesman declined to comment.",
    "Did Chad attack Sudan?",
    "Chad hopes that Sudan will release the sailors.",
    "The band released an album in Oslo.",
    "The two brothers met their deadline.",
    "The storm hit the coast of Samar.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_event(text: str) -> None:
    assert kinds(text) == []


def test_what_is_asked_for_is_no_event_of_its_own() -> None:
    _, events, roles = read("Kenya urged Uganda to withdraw its troops from Congo.")
    assert [(e["event_type"], e["modes"]) for e in events] == [("REQUEST", ["yield"])]
    assert texts(roles, events[0], "recipient") == ["Uganda"]


def test_what_is_agreed_to_refused_or_threatened_is_no_event_of_its_own() -> None:
    assert kinds("Kenya agreed to send maize to Uganda.") == [("AGREE", [])]
    assert kinds("Kenya refused to withdraw its troops from Congo.") == [("REJECT", ["yield"])]
    assert kinds("Kenya threatened to attack Uganda.") == [("THREATEN", ["violence"])]


def test_passive_names_the_agent() -> None:
    _, events, roles = read("The convoy was ambushed by Chadian soldiers near Bangui.")
    assert texts(roles, events[0], "actor") == ["Chadian soldiers"]
    assert texts(roles, events[0], "recipient") == ["convoy"]
    assert texts(roles, events[0], "place") == ["Bangui"]


def test_compound_party_is_one_event_with_two_actors() -> None:
    _, events, roles = read("France and Italy condemned Belarus on Monday.")
    assert len(events) == 1
    assert [(r["text"], r["link"]) for r in roles if r["role"] == "actor"] == [("France", "clause"), ("Italy", "list")]


def test_relative_clause_takes_its_antecedent() -> None:
    _, events, roles = read("The soldiers who shelled the village left on Monday.")
    assault = next(e for e in events if e["event_type"] == "ASSAULT")
    actor = next(r for r in roles if r["event_id"] == assault["event_id"] and r["role"] == "actor")
    assert (actor["text"], actor["link"]) == ("soldiers", "coreference")


def test_pronoun_actor_is_its_mention() -> None:
    _, events, roles = read("President Ana Duarte flew home. She pardoned two fishermen.")
    concede = next(e for e in events if e["event_type"] == "CONCEDE")
    actor = next(r for r in roles if r["event_id"] == concede["event_id"] and r["role"] == "actor")
    assert (actor["text"], actor["link"]) == ("She", "coreference") and actor["mention_id"]


def test_adjective_of_origin_gives_the_entity_of_a_bare_party() -> None:
    news = news_doc("Two Chadian smugglers attacked a depot.")
    mentions = [m for m in find_mentions(news) if m["label"] == "NORP"]
    news.mentions.extend(mentions)
    _, roles = find_events(news)
    actor = next(r for r in roles if r["role"] == "actor")
    assert (actor["text"], actor["mention_id"]) == ("Two Chadian smugglers", mentions[0]["mention_id"])


STATUS = [
    ("Chad did not attack Sudan.", "ASSAULT", ["negated"]),
    ("Chad attacked Sudan.", "ASSAULT", ["asserted"]),
    ("Rebels may have attacked the depot.", "ASSAULT", ["hypothetical"]),
    ("The army never withdrew its tanks from Goma.", "RETREAT", ["negated"]),
]


@pytest.mark.parametrize(("text", "kind", "status"), STATUS)
def test_status(text: str, kind: str, status: list[str]) -> None:
    _, events, _ = read(text)
    assert [(e["event_type"], e["status"]) for e in events] == [(kind, status)]


def test_an_act_dated_long_before_publication_is_historical() -> None:
    _, events, _ = read("Chad attacked Sudan in 2014.", date(2024, 5, 2))
    assert events[0]["status"] == ["historical"] and events[0]["date_start"] == date(2014, 1, 1)


def test_denied_act_stands_negated_beside_the_denial() -> None:
    _, events, _ = read("Eritrea denied that its army had attacked the village.")
    assert {(e["event_type"], tuple(e["status"])) for e in events} == {("REJECT", ("asserted",)), ("ASSAULT", ("negated",))}


def test_time_of_the_clause_dates_the_event_and_time_of_saying_does_not() -> None:
    _, events, _ = read("Police said on Monday that rebels had attacked a depot in May.", date(2024, 6, 12))
    assault = next(e for e in events if e["event_type"] == "ASSAULT")
    assert (assault["date_start"], assault["date_precision"]) == (date(2024, 5, 1), "month")
    _, events, _ = read("Police said on Monday that rebels had attacked a depot.", date(2024, 6, 12))
    assert next(e for e in events if e["event_type"] == "ASSAULT")["time_id"] is None


def test_counts_come_from_the_clause_alone() -> None:
    _, events, _ = read("Gunmen attacked a market in Jos, killing at least 12 traders and wounding five others.")
    assert [(e["event_type"], e["dead"], e["injured"]) for e in events] == [("ASSAULT", 12, 5)]
    _, events, _ = read("Gunmen killed dozens of traders in Jos.")
    assert events[0]["dead"] is None
    _, events, _ = read("About 3,000 teachers marched in Pune.")
    assert events[0]["size"] == 3000


def test_quoted_act_points_to_its_quotation() -> None:
    news, events, _ = read('"Chad attacked our village," the governor said.')
    assault = next(e for e in events if e["event_type"] == "ASSAULT")
    assert assault["quote_id"] in {q["quote_id"] for q in news.quotes}


def test_bare_accusation_has_a_negative_score() -> None:
    _, events, _ = read("Latvia summoned the Belarusian ambassador.")
    assert events[0]["intensity"] == -2.0 and events[0]["quad"] == 3


LONG = (
    "Rebel gunners shelled the port of Hodra on Monday, killing six dockers, the mayor said. Kenya, which hosts the talks, "
    "urged both sides to agree to a truce. In Nairobi hundreds of students marched against the war. "
    "President Ana Duarte will meet the rebel leader on Friday, but he refused to withdraw his troops."
)


def test_rows_keep_the_contract() -> None:
    news, events, roles = read(LONG, date(2024, 6, 12))
    assert len(events) >= 4
    TABLES["events"].conform(events)
    TABLES["event_roles"].conform(roles)
    sentences = {s["sentence_id"]: s for s in news.sentences}
    by_id = {e["event_id"]: e for e in events}
    assert len(by_id) == len(events) and len({(r["event_id"], r["role"], r["start_char"]) for r in roles}) == len(roles)
    for row in (*events, *roles):
        sentence = sentences[by_id[row["event_id"]]["sentence_id"]]
        assert news.text[row["start_char"] : row["end_char"]] == row["text"]
        assert sentence["start_char"] <= row["start_char"] < row["end_char"] <= sentence["end_char"]
    for event in events:
        assert event["start_char"] <= event["trigger_start_char"] < event["trigger_end_char"] <= event["end_char"]
        assert event["quad"] == EVENT_TYPES[event["event_type"]] and event["status"]


def test_same_text_gives_the_same_rows_and_nothing_gives_nothing() -> None:
    assert read(LONG)[1:] == read(LONG)[1:]
    assert read("")[1:] == ([], [])


def test_events_need_no_mentions() -> None:
    events, roles = find_events(news_doc("Rebels attacked a depot near Goma."))
    assert [e["event_type"] for e in events] == ["ASSAULT"]
    assert all(r["mention_id"] is None for r in roles)


GOOD = {"id": "event.assault.x.v", "verbs": ["x"]}

BROKEN = [
    ({"verbs": ["x"]}, "has no id"),
    ({"id": "event.assault.x.v"}, "it needs one of the keys verbs, nouns, adjectives"),
    ({**GOOD, "nouns": ["x"]}, "it needs one of the keys"),
    ({**GOOD, "colour": "red"}, "key colour: no rule has this key"),
    ({**GOOD, "verbs": []}, "key verbs: it is empty"),
    ({**GOOD, "object": "@person"}, "key object: it must be a list of words"),
    ({**GOOD, "object": ["@persn"]}, "key object: unknown: @persn"),
    ({**GOOD, "actor": ["undergoer"]}, "key actor: unknown: undergoer"),
    ({**GOOD, "recipient": ["prep:"]}, "key recipient: unknown: prep:"),
    ({**GOOD, "needs": ["luck"]}, "key needs: unknown: luck"),
    ({**GOOD, "content": "fold"}, "key content: it is one of keep, drop, negate, not 'fold'"),
    ({**GOOD, "count": "hurt"}, "key count: it is one of dead, injured, size, not 'hurt'"),
    ({**GOOD, "rank": "1"}, "key rank: it must be of type int"),
    ({**GOOD, "agentless": 1}, "key agentless: it must be of type bool"),
]


@pytest.mark.parametrize(("data", "message"), BROKEN, ids=[m for _, m in BROKEN])
def test_a_broken_rule_is_refused_with_file_rule_and_key(data: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=r"rules/events/assault\.toml") as caught:
        read_rule(data, "ASSAULT")
    assert message in str(caught.value) and str(data.get("id", "")) in str(caught.value)


def test_a_good_rule_is_read() -> None:
    assert read_rule(GOOD, "ASSAULT").actor == ("nsubj", "agent")


MISREAD = [
    ("A court on Tuesday freed pastor Anna Lindqvist.", "freed"),
    ("Mediators from five countries gathered in Doha on Monday.", "gathered"),
    ("Saudi Arabia lifts blockade of Qatar.", "lifts"),
]


@pytest.mark.parametrize(("text", "root"), MISREAD, ids=[r for _, r in MISREAD])
def test_a_verb_that_was_read_as_a_noun_phrase_heads_its_sentence(text: str, root: str) -> None:
    news = news_doc(text)
    before = [(t.dep_, t.head.i) for t in news.doc]
    found = mended(news, load_lexicon()).doc
    assert [s.root.text for s in found.sents] == [root] and [t.text for t in found] == [t.text for t in news.doc]
    assert [(t.dep_, t.head.i) for t in news.doc] == before  # the document itself stays as it was


@pytest.mark.parametrize("text", ["Police arrested two men.", "A list of men wanted by the police.", "No comment."])
def test_a_good_reading_is_kept(text: str) -> None:
    news = news_doc(text)
    assert mended(news, load_lexicon()) is news


def test_a_person_named_by_a_pronoun_alone_acts_without_mention() -> None:
    events, roles = find_events(news_doc("He killed two farmers near Goma."))
    assert [e["event_type"] for e in events] == ["ASSAULT"]
    assert [(r["text"], r["mention_id"]) for r in roles if r["role"] == "actor"] == [("He", None)]


@pytest.mark.parametrize(("lemma", "form"), [("lift", "lifts"), ("veto", "vetoes"), ("deny", "denies"), ("clash", "clashes")])
def test_third_person(lemma: str, form: str) -> None:
    assert third_person(lemma) == form


@pytest.mark.parametrize(
    ("lemma", "forms"), [("stage", {"staged", "staging"}), ("ban", {"banned", "banning"}), ("deny", {"denied", "denying"})]
)
def test_regular_forms(lemma: str, forms: set[str]) -> None:
    assert forms <= set(regular_forms(lemma))
