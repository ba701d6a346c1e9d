"""Time expressions with TIMEX3 values, each anchored to the stamp of its entry or to the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from spacy.tokens import Token

from transforms.extraction.timex import Context, Match, TimeValue, unknown, work_out
from transforms.language import NewsDoc
from transforms.rules import load_rules
from warehouse.schema import Row, make_id

_MACRO = re.compile(r"%(\w+)%")
_DIGIT = re.compile(r"\d")
_NAME_LABELS = frozenset({"PERSON", "ORG", "WORK_OF_ART", "FAC", "PRODUCT"})
# A fixed date stays one inside of a name ("the 2019 Nobel committee"); a weekday or a feast there is part of the name.
_ONLY_A_NAME = frozenset({"weekday", "month", "frequency", "deictic", "holiday", "season", "part_of_day", "vague", "duration", "year"})
_CAPITALS = ("wd", "wds", "wdp", "month", "monthb", "holiday")
_BEFORE_A_MONTH = frozenset(
    [
        "in",
        "since",
        "until",
        "till",
        "by",
        "from",
        "of",
        "for",
        "during",
        "through",
        "throughout",
        "to",
        "and",
        "between",
        "before",
        "after",
        "or",
        "last",
        "this",
        "next",
        "early",
        "late",
        "mid",
        "-",
        "–",
    ]
)
_BEFORE_A_YEAR = frozenset(
    [
        "in",
        "since",
        "by",
        "until",
        "till",
        "from",
        "after",
        "before",
        "during",
        "of",
        "and",
        "to",
        "through",
        "between",
        "the",
        "or",
        "year",
        "late",
        "early",
        "mid",
        "(",
        ",",
        "-",
        "–",
    ]
)
_BEFORE_A_COUNT = frozenset(["about", "some", "over", "than", "nearly", "almost", "around", "roughly", "no."])
_BEFORE_A_CLOCK = frozenset(
    ["at", "by", "until", "till", "from", "to", "around", "since", "before", "after", "and", "between", "about", "("]
)
_VERBS_AND_NAMES = frozenset({"may", "march", "august"})
"""Months whose names are other words as well, with a capital at the head of a sentence."""

_ADVERBIAL = frozenset(["on", "in", "at", "since", "from", "of", "during", "after", "before", "around", "early", "late", "mid"])
_NOT_DIRECT = frozenset({"dobj", "appos", "attr", "conj"})
"""Words between a time and its verb that leave the time an adverb of that verb, and relations that do not."""

_MAX_CLIMB = 8
_REFERENCE_REACH = 3
"""Sentences over which "the same day" may look back."""


@dataclass(frozen=True, slots=True)
class _Rule:
    rule_id: str
    kind: str
    needs: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Found:
    rule: _Rule
    order: int
    match: Match
    token: Token


def find_times(news: NewsDoc) -> list[Row]:
    """One row per time expression, in the order of the text; columns: see table ``times``.

    Relative words count from the stamp of the live-blog post or story they stand in (basis ``entry_stamp``), else from the day
    of publication; "the same day" and its like from a date that the text gave shortly before (basis ``text``). Where there is no
    such day, value and dates are NULL and the basis is ``unknown``.
    """
    rows: list[Row] = []
    classes = _classes_by_sentence(news)
    reference: TimeValue | None = None
    reference_at = 0
    entry_id: str | None = None
    for n, sentence in enumerate(news.sentences):
        if sentence["entry_id"] != entry_id:
            reference, entry_id = None, sentence["entry_id"]
        if not classes[n]:
            continue
        if n - reference_at > _REFERENCE_REACH:
            reference = None
        for found, value in _resolve(news, sentence, classes[n], reference):
            rows.append(_row(news, sentence, found, value))
            if value.days is not None and value.timex_type in ("DATE", "TIME"):
                reference, reference_at = value, n
    return rows


def anchor_of(news: NewsDoc, token: Token) -> tuple[date | None, str]:
    """The day that relative words at this token count from, and its basis (entry_stamp, publication or unknown)."""
    entry = news.entry(token)
    if entry is not None:
        stamp = entry.get("posted_local") or entry.get("posted_at")
        if isinstance(stamp, datetime):
            return stamp.date(), "entry_stamp"
    published = news.document.get("published_date")
    return (published, "publication") if published else (None, "unknown")


# --- rules and words --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    data = load_rules("times")
    lists = {name: _alternatives(data[name]) for name in data if isinstance(data[name], dict) and name not in ("macros", "tense")}
    macros = {**data["macros"], **lists}

    def expand(pattern: str) -> str:
        while _MACRO.search(pattern):
            pattern = _MACRO.sub(lambda m: macros[m[1]], pattern)
        return pattern

    return tuple(_Rule(r["id"], r["kind"], frozenset(r["needs"]), re.compile(expand(r["pattern"]), re.IGNORECASE)) for r in data["rule"])


def _alternatives(words: dict[str, object]) -> str:
    """A pattern for any of the words, longer ones first."""
    ordered = sorted(words, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w) for w in ordered) + ")"


@lru_cache(maxsize=1)
def _word_classes() -> dict[str, tuple[str, ...]]:
    """Lower-case word -> the lists of rules/times.toml that it makes worth trying; of several words the last one counts."""
    data = load_rules("times")
    out: dict[str, list[str]] = {}

    def add(word: str, name: str) -> None:
        out.setdefault(word.rsplit(maxsplit=1)[-1].removeprefix("mid-"), []).append(name)

    for name in ("weekday", "month", "month_short", "season", "part", "frequency", "vague", "holiday", "unit"):
        for word in data[name]:
            add(word, name)
            add(f"{word}s", "weekday_plural" if name == "weekday" else name)
    for word in ("today", "yesterday", "tomorrow", "tonight", "overnight", "morning", "afternoon", "evening", "night"):
        add(word, "deictic")
    for word in ("noon", "midday", "midnight"):
        add(word, "noon")
    for word in ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"):
        add(word, "decade_word")
    for word in ("dawn", "dusk"):
        add(word, "part")
    for word in ("q1", "q2", "q3", "q4", "half"):
        add(word, "quarter_name")
    for word in ("eighteen", "nineteen", "twenty"):
        add(word, "year_word")
    add("centuries", "unit")
    add("weekend", "weekend")
    add("day", "holiday")
    return {word: tuple(names) for word, names in out.items()}


def _classes_by_sentence(news: NewsDoc) -> list[set[str]]:
    """For each sentence the lists of which it holds a word; the only look at every token."""
    words, out = _word_classes(), [set[str]() for _ in news.sentences]
    shapes: dict[str, tuple[str, ...]] = {}
    for token, n in zip(news.doc, news.sentence_of_token, strict=True):
        text = token.lower_
        found = shapes.get(text)
        if found is None:
            found = words.get(text.rpartition("-")[2], ())
            found = shapes[text] = (*found, "digits") if _DIGIT.search(text) else found
        if found:
            out[n].update(found)
    return out


# --- one sentence -----------------------------------------------------------------------------------------------------


def _resolve(news: NewsDoc, sentence: Row, classes: set[str], reference: TimeValue | None) -> Iterator[tuple[_Found, TimeValue]]:
    """The times of one sentence in the order of the text."""
    found = _select(_candidates(news, sentence, classes))
    if not found:
        return
    anchor, anchor_basis = anchor_of(news, found[0].token)
    day = _only_day(found, anchor)
    for item in found:
        tense, is_direct = tense_at(item.token)
        context = Context(anchor, tense, is_direct, reference, day)
        value = work_out(item.rule.kind, item.match, context)
        if value is None:
            continue
        if value.basis == "anchor":
            value = TimeValue(value.timex_type, value.value, value.days, value.precision, anchor_basis)
        if value.days is not None and value.timex_type in ("DATE", "TIME"):
            reference = value
        yield item, value


def _only_day(found: Sequence[_Found], anchor: date | None) -> TimeValue | None:
    """The one day that the sentence names beside its clock times, if there is exactly one."""
    if not any(f.rule.kind in ("clock", "part_of_day") for f in found):
        return None
    values = [
        value
        for f in found
        if f.rule.kind in ("iso", "numeric", "day", "weekday", "deictic")
        if (value := work_out(f.rule.kind, f.match, Context(anchor, *tense_at(f.token))))
    ]
    if len(values) != 1:
        return None
    return values[0] if values[0].days else unknown("DATE", "day")


def _candidates(news: NewsDoc, sentence: Row, classes: set[str]) -> Iterator[_Found]:
    text, start = sentence["text"], sentence["start_char"]
    for order, rule in enumerate(_rules()):
        if rule.needs.isdisjoint(classes):
            continue
        for match in rule.pattern.finditer(text):
            token = news.token_at(start + match.start()) if match.end() > match.start() else None
            if token is not None and _is_time(rule, match, token):
                yield _Found(rule, order, match, token)


def _select(candidates: Iterator[_Found]) -> list[_Found]:
    """Candidates that do not overlap: from left to right the longest at each place, then the earlier rule."""
    out: list[_Found] = []
    end = -1
    for found in sorted(candidates, key=lambda f: (f.match.start(), -f.match.end(), f.order)):
        if found.match.start() >= end:
            out.append(found)
            end = found.match.end()
    return out


def _is_time(rule: _Rule, match: Match, token: Token) -> bool:
    """Do capitals, neighbours and names around the words allow them to be a time?"""
    groups = match.groupdict()
    if any(groups.get(name) and not groups[name][0].isupper() for name in _CAPITALS):
        return False
    if rule.kind in _ONLY_A_NAME and _inside_name(match, token):
        return False
    if rule.kind == "month" and not any(groups.get(g) for g in ("year", "yearshift", "shift", "mod")):
        return _is_month(token)
    if rule.kind == "year" and not groups["mod"]:
        return _is_year(token)
    if rule.kind == "clock" and groups["hour24"] and not re.search(r"[A-Za-z]", match[0]):
        return token.i > 0 and token.nbor(-1).lower_ in _BEFORE_A_CLOCK
    # "This Week" with capitals inside of a sentence is the name of a programme.
    return not (rule.kind == "relative_unit" and groups["unit"].istitle())


def _inside_name(match: Match, token: Token) -> bool:
    """Are the words a part of a longer name?"""
    if token.ent_type_ not in _NAME_LABELS:
        return False
    return _name_length(token) > len(match[0].split())


def _name_length(token: Token) -> int:
    doc, first, last = token.doc, token.i, token.i
    while first > 0 and doc[first].ent_iob_ == "I":
        first -= 1
    while last + 1 < len(doc) and doc[last + 1].ent_iob_ == "I":
        last += 1
    return last - first + 1


def _is_month(token: Token) -> bool:
    before = token.nbor(-1) if token.i > 0 and not token.is_sent_start else None
    if before is not None and (before.lower_ in _BEFORE_A_MONTH or before.text == ","):
        return before.text != "," or token.lower_ not in _VERBS_AND_NAMES
    if token.lower_ in _VERBS_AND_NAMES or token.tag_ not in ("NNP", "NN", "NNPS"):
        return False
    after = token.nbor(1) if token.i + 1 < len(token.doc) else None
    return after is None or not (after.tag_ == "NNP" and after.ent_type_ == "PERSON")


def _is_year(token: Token) -> bool:
    if not token.text[:4].isdigit():
        return True
    before = token.nbor(-1) if token.i > 0 and not token.is_sent_start else None
    if before is not None and (before.tag_ in ("NNP", "$", "CD", "#") or before.lower_ in _BEFORE_A_COUNT):
        return False
    if before is not None and (before.lower_ in _BEFORE_A_YEAR or before.tag_ in ("DT", "PRP$", "POS")):
        return True
    head = token.head
    return not ((head.i > token.i and head.tag_ in ("NNS", "NNPS")) or (token.dep_ == "nummod" and head.i > token.i))


# --- tense ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _tense_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load_rules("times")["tense"].items()}


def tense_at(token: Token) -> tuple[str, bool]:
    """past, future or none, as the verbs over the token say, and whether the verb stands right over it.

    Between a time and a verb right over it lie only prepositions and other words of time ("in early May").
    """
    verb, is_direct = token, True
    for _ in range(_MAX_CLIMB):
        if verb.lower_ in _tense_words()["deadline_words"] and token.i - verb.i in (1, 2):
            return "future", True
        verdict = "future" if _is_called_for(verb, token) else _tense_of(verb, is_direct)
        if verdict is not None:
            return verdict, is_direct
        if verb.head.i == verb.i:
            break
        is_direct = is_direct and verb.dep_ not in _NOT_DIRECT and (verb.lower_ in _ADVERBIAL or verb.tag_ in ("NNP", "CD", "JJ", "DT"))
        verb = verb.head
    return "none", False


def _is_called_for(verb: Token, time: Token) -> bool:
    """Does the time stand behind a gathering that the verb calls for ("called for a strike on Friday")?"""
    words = _tense_words()
    if verb.lemma_.lower() not in words["calling_lemmas"] or verb.i > time.i:
        return False
    between = verb.doc[verb.i + 1 : time.i]
    return any(t.lemma_.lower() in words["called_nouns"] and t.pos_ == "NOUN" for t in between) and not any(
        t.pos_ == "VERB" for t in between
    )


def _tense_of(verb: Token, is_direct: bool) -> str | None:
    """The verdict of one word, or None where it must be asked of the word over it."""
    words, tag = _tense_words(), verb.tag_
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    is_planned = verb.lemma_.lower() in words["future_lemmas"] and (
        (tag == "JJ" and verb.dep_ != "amod") or (tag == "VBN" and (verb.dep_ == "acl" or any(c.lemma_ == "be" for c in helpers)))
    )
    verdict: str | None = None
    if is_planned or tag == "MD" or any(c.tag_ == "MD" and c.lower_ in words["future_modals"] for c in helpers):
        verdict = "future"
    elif tag == "VBD" or any(c.tag_ == "VBD" for c in helpers) or (tag == "VBN" and any(c.lemma_ == "have" for c in helpers)):
        verdict = "past" if tag.startswith("VB") else None
    elif tag == "VB":
        verdict = _tense_of_infinitive(verb, helpers)
    elif tag == "VBG":
        verdict = "future" if any(c.tag_ in ("VBZ", "VBP") and c.lemma_ == "be" for c in helpers) else None
    elif tag == "VBN":
        verdict = None if any(c.dep_ == "auxpass" for c in helpers) else "past"
    elif tag in ("VBZ", "VBP"):
        verdict = "future" if is_direct and verb.lemma_ in words["present_future_lemmas"] else "none"
    return verdict


def _tense_of_infinitive(verb: Token, helpers: Sequence[Token]) -> str | None:
    if any(c.tag_ == "MD" for c in helpers):
        return "past"
    if not any(c.lower_ == "to" for c in helpers):
        return None
    governor = verb.head
    is_planned = governor.lemma_.lower() in _tense_words()["future_lemmas"]
    return "future" if is_planned or governor.lemma_ in ("be", "have") else None


# --- rows -------------------------------------------------------------------------------------------------------------


def _row(news: NewsDoc, sentence: Row, found: _Found, value: TimeValue) -> Row:
    start = sentence["start_char"] + found.match.start()
    end = sentence["start_char"] + found.match.end()
    document_id = news.document["document_id"]
    return {
        "time_id": make_id("tim", document_id, start, end),
        "document_id": document_id,
        "sentence_id": sentence["sentence_id"],
        "start_char": start,
        "end_char": end,
        "text": news.text[start:end],
        "timex_type": value.timex_type,
        "value": value.value,
        "date_start": value.days[0] if value.days else None,
        "date_end": value.days[1] if value.days else None,
        "precision": value.precision,
        "basis": value.basis,
        "rule_id": found.rule.rule_id,
    }
