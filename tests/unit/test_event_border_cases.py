"""The border cases of the event ontology, both sides of each where a case has two: type, mode, and where it matters the parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.support import news_doc
from transforms.extraction.events import find_events
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quotes import find_quotes
from transforms.extraction.times import find_times
from warehouse.schema import Row

Kinds = Sequence[tuple[str, Sequence[str]]]

CASES: Mapping[str, Sequence[tuple[str, Kinds]]] = {
    "01 future meeting, visit, aid or signature is AGREE, today's signature SUPPORT": (
        ("The Latvian premier will travel to Astana next week.", [("AGREE", [])]),
        ("Ghana will deliver maize to Burkina Faso in May.", [("AGREE", [])]),
        ("Peru and Bolivia will sign a water treaty on Friday.", [("AGREE", [])]),
        ("Peru and Bolivia signed a water treaty on Friday.", [("SUPPORT", [])]),
        ("The Fijian parliament ratified the fishing pact with Tonga.", [("SUPPORT", [])]),
    ),
    "02 ambassador summoned": (
        ("Chile summoned the Bolivian ambassador on Monday.", [("ACCUSE", ["disapprove"])]),
        ("The Chilean minister met the Bolivian ambassador on Monday.", [("CONSULT", [])]),
    ),
    "03 pardon, release, apology": (
        ("The king of Bhutan pardoned nine poachers.", [("CONCEDE", [])]),
        ("The governor declared an amnesty for the mutineers.", [("CONCEDE", [])]),
        ("Two poachers were released from prison in Thimphu.", [("RETREAT", ["release"])]),
        ("The Danish minister apologised to Greenland.", [("CONCEDE", [])]),
        ("The Danish minister expressed regret to the families.", [("CONCEDE", [])]),
    ),
    "04 announced pull-out and the pull-out itself": (
        ("Rwanda announced the withdrawal of its troops from Congo.", [("CONCEDE", [])]),
        ("Rwanda said it would pull its troops out of Congo.", [("CONCEDE", [])]),
        ("Rwanda pulled its troops out of Congo.", [("RETREAT", ["withdraw"])]),
    ),
    "05 aid stopped, observers recalled, meeting cancelled": (
        ("Sweden cut off aid to Eritrea.", [("SANCTION", ["discontinue"])]),
        ("Sweden withdrew its observers from Eritrea.", [("SANCTION", ["withdraw"])]),
        ("The Greek premier called off a meeting with the Turkish president.", [("REJECT", ["meet"])]),
    ),
    "06 expelled, deported, barred": (
        ("Latvia expelled a Russian diplomat.", [("SANCTION", ["expel"])]),
        ("Niger expelled the agency.", [("SANCTION", ["expel"])]),
        ("Latvia deported a Georgian mechanic.", [("COERCE", ["deport"])]),
        ("Latvia barred a Georgian mechanic from entering the country.", [("REJECT", ["assist"])]),
    ),
    "07 convicted and jailed": (
        ("The trader was convicted in Turin and jailed on Tuesday.", [("SANCTION", ["convict"]), ("COERCE", ["arrest"])]),
        ("The trader was charged with fraud in Turin.", [("ACCUSE", ["allege"])]),
        ("A court in Turin convicted the trader, who was charged with fraud.", [("SANCTION", ["convict"])]),
    ),
    "08 captured in battle, warrant in absence": (
        ("Malian soldiers captured six rebels near Kidal.", [("ASSAULT", ["abduct"])]),
        ("Police arrested six rebels near Kidal.", [("COERCE", ["arrest"])]),
        ("A court in Bamako issued a warrant for the arrest of the general.", [("THREATEN", ["arrest"])]),
    ),
    "09 joint exercise, own exercise, units called up with the attack": (
        ("Norway and Finland held joint exercises near Tromso.", [("COOPERATE", [])]),
        ("Norway held military exercises near Tromso.", [("MOBILIZE", ["troops"])]),
        ("The army called up reservists and attacked the rebels near Kidal.", [("ASSAULT", [])]),
    ),
    "10 flood relief, compensation": (
        ("Nepal sent soldiers to flooded villages in the south to help the victims.", [("AID", [])]),
        ("Nepal sent soldiers to its border with Tibet.", [("MOBILIZE", ["troops"])]),
        ("Norway forgave the debt of Zambia.", [("AID", [])]),
        ("The mine compensated the villagers.", [("AID", [])]),
        ("A court in Perth ordered the mine to compensate the villagers.", [("SANCTION", ["convict"])]),
    ),
    "11 hostages freed by others or by their captors": (
        ("Police commandos freed three hostages in Cali.", [("AID", [])]),
        ("The kidnappers freed three hostages in Cali.", [("RETREAT", ["release"])]),
    ),
    "12 diplomatic note, street": (
        ("Guatemala lodged a protest against Belize.", [("ACCUSE", ["disapprove"])]),
        ("Guatemala handed a diplomatic note to Belize.", [("ACCUSE", ["disapprove"])]),
        ("Miners marched in Potosi and demanded the resignation of the governor.", [("PROTEST", ["demo"])]),
        ("Hundreds of miners protested in Potosi against the arrest of their leader.", [("PROTEST", ["demo"]), ("COERCE", ["arrest"])]),
    ),
    "13 damage by the way, destruction as the aim": (
        ("Militants attacked a patrol near Gao, damaging three houses.", [("ASSAULT", [])]),
        ("Militants blew up a bridge near Gao.", [("ASSAULT", ["destroy"])]),
    ),
    "14 people who flee": (
        ("Farmers fled the rebels on Tuesday.", [("SANCTION", ["expel"])]),
        ("The fighting displaced 4,000 farmers.", [("SANCTION", ["expel"])]),
    ),
    "15 two-sided and one-sided violence": (
        ("Police clashed with miners in Potosi.", [("ASSAULT", [])]),
        ("Fighting broke out between the army and the rebels near Gao.", [("ASSAULT", [])]),
        ("The army and the rebels clashed near Gao.", [("ASSAULT", [])]),
        ("Police beat a miner in Potosi.", [("ASSAULT", ["beat"])]),
    ),
    "16 comment and forecast": (
        ("The envoy was optimistic about the talks.", []),
        ("The premier expects a good harvest.", []),
        ("The minister expressed concern over the weather.", []),
    ),
    "thanks and praise": (
        ("The Tongan king thanked the Fijian doctors.", [("SUPPORT", [])]),
        ("The general hailed the Fijian soldiers.", [("SUPPORT", [])]),
    ),
    "troops sent, by their sender's word": (
        ("Fiji confirmed that it had sent troops to Tonga.", [("AID", [])]),
        ("Fiji confirmed it had sent soldiers to Tonga.", [("AID", [])]),
    ),
    "lawmakers ratify": (
        ("Lawmakers ratified a defence pact with Samoa.", [("SUPPORT", [])]),
        ("The upper house ratified the treaty with Samoa.", [("SUPPORT", [])]),
    ),
    "vowed a response": (
        ("Samoa vowed a harsh response.", [("THREATEN", [])]),
        ("The admiral vowed to retaliate against Tonga.", [("THREATEN", [])]),
    ),
    "settlement liberated": (
        ("The ministry said the settlement of Vilna had been liberated.", [("ASSAULT", [])]),
        ("The general said his troops had liberated the village of Sumno.", [("ASSAULT", [])]),
    ),
    "has not denied": (
        ("The general has not denied the claim.", []),
        ("The general did not deny that his troops had left.", []),
        ("The general denied the claim.", [("REJECT", [])]),
    ),
    "sentenced in absentia": (
        ("A court in Tunis sentenced the former president to 15 years in absentia.", [("SANCTION", ["convict"])]),
        ("The former premier was sentenced in absentia to nine years in prison.", [("SANCTION", ["convict"])]),
    ),
}


def read(text: str) -> tuple[list[Row], list[Row]]:
    """Events and roles of a text read up to its events."""
    news = news_doc(text)
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    quotes, spans = find_quotes(news)
    news.quotes.extend(quotes)
    news.quote_spans.extend(spans)
    return find_events(news)


ALL = [(name, text, expected) for name, cases in CASES.items() for text, expected in cases]


@pytest.mark.parametrize(("name", "text", "expected"), ALL, ids=[f"{n[:24]}-{i}" for i, (n, _, _) in enumerate(ALL)])
def test_type_and_mode(name: str, text: str, expected: Kinds) -> None:
    events, _ = read(text)
    assert [(e["event_type"], e["modes"]) for e in events] == [(kind, list(modes)) for kind, modes in expected], name


PARTIES = [
    # Two equal parties are both actors, and there is no recipient.
    ("Fighting broke out between the army and the rebels near Gao.", ["army", "rebels"], []),
    ("Clashes between policemen and miners went on in Potosi.", ["policemen", "miners"], []),
    ("The army and the rebels clashed near Gao.", ["army", "rebels"], []),
    ("Talks between Chad and Sudan ended in Doha.", ["Chad", "Sudan"], []),
    ("Cooperation between Kenya and Uganda has grown.", ["Kenya", "Uganda"], []),
    ("Joint exercises between Greece and Egypt began on Monday.", ["Greece", "Egypt"], []),
    ("An agreement between Peru and Chile was signed in Lima.", ["Peru", "Chile"], []),
    ("Peru and Chile reached an agreement on fishing.", ["Peru", "Chile"], []),
    # One side acts on the other.
    ("Police beat a miner in Potosi.", ["Police"], ["miner"]),
    # The court and the winner of a compensation.
    ("The mine compensated the villagers.", ["mine"], ["villagers"]),
    # The cause of a flight is its actor.
    ("Farmers fled the rebels on Tuesday.", ["rebels"], ["Farmers"]),
    # Amounts are no parties.
    ("The regulator fined the bank 20 million euros.", ["regulator"], ["bank"]),
    ("The lender gave the farmers 30,000 euros.", ["lender"], ["farmers"]),
]


@pytest.mark.parametrize(("text", "actors", "recipients"), PARTIES, ids=[t[:40] for t, _, _ in PARTIES])
def test_parties(text: str, actors: list[str], recipients: list[str]) -> None:
    events, roles = read(text)
    assert len(events) == 1, [(e["event_type"], e["rule_id"]) for e in events]
    assert [r["text"] for r in roles if r["role"] == "actor"] == actors
    assert [r["text"] for r in roles if r["role"] == "recipient"] == recipients


MEANS = [
    ("Artillery strikes on the village of Duru went on for days.", ["heavy-weapons"]),
    ("An artillery strike on the village of Duru killed two farmers.", ["heavy-weapons"]),
    ("Airstrikes on the village of Duru went on for days.", ["aerial"]),
    ("A drone strike on the village of Duru killed two farmers.", ["drone"]),
    ("Iraqi warplanes attacked a depot near Hit.", ["aerial"]),
    ("Three men with knives attacked a guard in Graz.", ["primitive"]),
    ("Rebels attacked the village of Duru.", []),
]


@pytest.mark.parametrize(("text", "modes"), MEANS, ids=[t[:40] for t, _ in MEANS])
def test_means_give_the_mode(text: str, modes: list[str]) -> None:
    events, _ = read(text)
    assert [(e["event_type"], e["modes"]) for e in events] == [("ASSAULT", modes)]
