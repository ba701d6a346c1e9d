"""Numbers that are no figures: dates, clock times, years, labels, parts of names."""

from __future__ import annotations

from bisect import bisect_right

from transforms.extraction.figure_lexicon import FigureLexicon
from transforms.extraction.figure_nouns import Counted
from transforms.extraction.figure_numbers import Quantity
from transforms.extraction.quote_tree import Tree, word_set
from transforms.language import NewsDoc

_MONTHS = word_set(
    "january february march april may june july august september october november december "
    "jan jan. feb feb. mar mar. apr apr. jun jun. jul jul. aug aug. sep sep. sept sept. oct oct. nov nov. dec dec."
)
_CLOCK = frozenset(("a.m.", "p.m.", "am", "pm", "gmt", "utc", "o'clock", "est", "edt", "bst", "et", "hrs"))
_NAMES = frozenset(("PERSON", "ORG", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"))


def is_no_figure(news: NewsDoc, tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted | None) -> bool:
    """Does the number date, time, label or name something?"""
    return (
        _in_name(news, tree, q)
        or _is_label(tree, lexicon, q, counted)
        or _is_date(news, tree, lexicon, q, counted)
        or _is_ordinal_only(tree, q, counted)
    )


def _in_name(news: NewsDoc, tree: Tree, q: Quantity) -> bool:
    """Does the number stand inside a name ('the Group of Seven', 'F-16')?"""
    at = news.starts[q.number]
    for m in news.mentions:
        if m["start_char"] <= at < m["end_char"] and m["mention_kind"] == "name":
            return True
    if tree.entity[q.number] in _NAMES and not q.sign and q.end < len(tree):
        return tree.entity[q.end] == tree.entity[q.number] or (q.number > 0 and tree.entity[q.number - 1] == tree.entity[q.number])
    return False


def _is_label(tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted | None) -> bool:
    """'Article 5', 'flight 370', 'Covid-19', 'No. 3': a number behind what it names."""
    i = q.number
    if i == tree.segment_start[i] or q.sign or q.kind != "number":
        return False
    before = tree.lower[i - 1]
    if before in ("-", "/", "#") and i > 1:
        return (
            before == "#"
            or tree.words[i - 2][-1:].isdigit()
            or (tree.words[i - 2][-1:].isalpha() and (not tree.spaced[i - 1] or tree.words[i - 2].isupper()))
        )
    if q.first < i:
        return False
    if _counts_singular(tree, q, counted):
        return True
    if counted is not None and counted.head is not None and tree.tag[counted.head] == "NNP" and counted.unit.name == "other":
        return True
    capital = tree.words[i - 1][0].isupper() and i - 1 > tree.sentence_start[i]
    named = before in lexicon.labels and (
        counted is None or counted.head is None or tree.head[i] == i - 1 or capital or tree.lower[q.end] == "of"
    )
    return named or (tree.tag[i - 1] == "NNP" and tree.head[i] == i - 1 and counted is None)


_SAME_PLURAL = word_set(
    "people aircraft police staff personnel crew sheep fish cattle poultry percent kin troop staffers youth head offspring series species"
)


def _counts_singular(tree: Tree, q: Quantity, counted: Counted | None) -> bool:
    """'The 76 station', 'the 2500 block': a number above one does not count a singular."""
    if counted is None or counted.head is None or counted.unit.kind != "counted" or counted.elliptic or counted.first > q.end:
        return False
    more = ((q.low or q.high or 0) > 1 or q.low == 0) and q.kind == "number"
    joined = q.end < len(tree) and tree.words[q.end] in ("-", "–")
    return (
        more
        and not joined
        and tree.tag[counted.head] == "NN"
        and tree.lower[counted.head] not in _SAME_PLURAL
        and not tree.lower[counted.head].endswith("s")
    )


def _is_date(news: NewsDoc, tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted | None) -> bool:
    i, k = q.number, q.end
    before = tree.lower[i - 1] if i else ""
    after = tree.lower[k] if k < len(tree) else ""
    if q.sign:
        return False
    if before in _MONTHS or after in _MONTHS or after in _CLOCK or (after == ":" and k + 1 < len(tree) and tree.words[k + 1][:1].isdigit()):
        return True
    if (
        ":" in tree.words[i]
        or (before == ":" and i > 1 and tree.words[i - 2].isdigit())
        or (after in ("a", "p") and tree.lower[k + 1 : k + 2] == ["."])
        or _is_year(tree, q, counted)
    ):
        return True
    duration = counted is not None and counted.unit.kind == "duration"
    if duration and after == "hours" and len(tree.words[i]) == 4 and tree.words[i].isdigit():
        return True
    if duration and counted is not None and (_in_window(tree, lexicon, q) or tree.lower[counted.end : counted.end + 1] == ["ago"]):
        return True
    if counted is not None and counted.unit.kind in ("duration", "age", "percent", "measured", "money"):
        return _timed(news, i, ("TIME", "DATE")) and counted.unit.kind == "duration" and _covers(news, i, k)
    return _timed(news, i, ("DATE", "TIME")) or (
        not news.times and tree.entity[i] in ("DATE", "TIME") and (counted is None or counted.unit.name == "other")
    )


def _is_year(tree: Tree, q: Quantity, counted: Counted | None) -> bool:
    """A bare number of four digits is a year unless it counts a plural."""
    word = tree.words[q.number]
    if q.kind != "number" or q.end != q.number + 1 or not word.isdigit() or len(word) != 4 or not 1500 <= int(word) <= 2100:
        return False
    return q.comparator not in ("at_least", "about") and (
        counted is None
        or counted.unit.name == "other"
        or counted.head is None
        or tree.tag[counted.head] not in ("NNS", "NNPS")
        or tree.lower[q.number - 1] in ("in", "since", "of")
    )


def _in_window(tree: Tree, lexicon: FigureLexicon, q: Quantity) -> bool:
    return q.first > 0 and tree.lower[q.first - 1] in lexicon.windows


def _timed(news: NewsDoc, i: int, types: tuple[str, ...]) -> bool:
    at = news.starts[i]
    n = bisect_right([t["start_char"] for t in news.times], at) - 1
    return n >= 0 and news.times[n]["end_char"] > at and news.times[n]["timex_type"] in types


def _covers(news: NewsDoc, i: int, k: int) -> bool:
    return any(t["start_char"] <= news.starts[i] and t["end_char"] > news.starts[k - 1] for t in news.times)


def _is_ordinal_only(tree: Tree, q: Quantity, counted: Counted | None) -> bool:
    """'the 20th century', 'on the 19th', '15th Street': no rank."""
    if q.kind != "ordinal":
        return False
    if counted is None or counted.head is None or counted.unit.kind in ("percent", "duration", "money"):
        return True
    word = tree.lower[counted.head]
    return word in ("century", "street", "avenue", "st.", "ave.", "floor", "birthday", "anniversary", "amendment", "parallel") or tree.tag[
        counted.head
    ].startswith("NNP")
