"""Figures: every quantity that is about something, with what it tells and who says so."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.extraction.figure_context import as_of, place_of, quote_of, subject_of
from transforms.extraction.figure_dates import is_no_figure
from transforms.extraction.figure_lexicon import FigureLexicon, Unit, load_figure_lexicon, singular
from transforms.extraction.figure_measures import HARM, WITHOUT_NOUN, anchor, measure_of, toll_of
from transforms.extraction.figure_nouns import Counted, find_counted, is_pronoun_one, part_of_number, unit_of
from transforms.extraction.figure_numbers import Quantity, find_quantities
from transforms.extraction.figure_single import find_single_victims
from transforms.extraction.quote_tree import Tree, build_tree
from transforms.language import NewsDoc
from warehouse.schema import Row, make_id

MONEY = Unit("money", "money")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with what it counts: tokens ``first`` to ``end`` are its words."""

    first: int
    end: int
    quantity: Quantity
    counted: Counted
    measure: str
    rule_id: str
    currency: str | None = None


def find_figures(news: NewsDoc, tree: Tree | None = None) -> list[Row]:
    """One row per quantity that is about something, in the order of the text; columns: see FIGURES.

    Reads ``news.sentences``, ``news.times``, ``news.mentions`` and ``news.quotes``; works with whatever is there.
    ``tree`` is ``build_tree(news)`` if that has been made already.
    """
    if not len(news.doc):
        return []
    tree = tree or build_tree(news)
    lexicon = load_figure_lexicon()
    figures = read_figures(news, tree, lexicon)
    return _rows(news, tree, figures)


def read_figures(news: NewsDoc, tree: Tree, lexicon: FigureLexicon) -> list[Figure]:
    """The figures of a document in token numbers."""
    out: list[Figure] = []
    for q in find_quantities(tree, lexicon):
        figure = _figure(news, tree, lexicon, q, out)
        if figure is not None and not _is_conversion(tree, out, figure) and _in_one_sentence(news, figure):
            out.append(figure)
    for q, counted, measure in find_single_victims(tree, lexicon):
        if not any(f.first < q.end and q.first < f.end for f in out):
            out.append(Figure(q.first, counted.end, q, counted, measure, "figure.single"))
    return sorted(out, key=lambda f: (f.first, f.end))


def _figure(news: NewsDoc, tree: Tree, lexicon: FigureLexicon, q: Quantity, before: list[Figure]) -> Figure | None:
    age = _age_after_name(tree, lexicon, q)
    if age is not None:
        return age
    money = _money(tree, lexicon, q)
    counted = money[0] if money else find_counted(tree, lexicon, q)
    harmed = tree.lower[q.end : q.end + 1] and tree.lower[q.end] in lexicon.adjectives  # "One dead after a crash"
    if (is_pronoun_one(tree, q, counted) and not harmed) or is_no_figure(news, tree, lexicon, q, counted):
        return None
    if counted is None or counted.of_them:
        counted = _elliptic(tree, lexicon, q, counted, before)
        if counted is None:
            return None
    if q.comparator == "several" and (counted.unit.name == "other" or counted.unit.kind != "counted"):
        return None
    measure = (toll_of(tree, lexicon, q) if counted.elliptic else None) or measure_of(tree, lexicon, q, counted)
    end = max(q.end, counted.end)
    if before and measure == before[-1].measure and _is_plain_whole(tree, before[-1].quantity, q, end):
        measure = "count"
    if measure == "sentence":
        end = _with_prison(tree, end)
    return Figure(q.first, end, q, counted, measure, _rule(q, counted), money[1] if money else None)


def _is_plain_whole(tree: Tree, part: Quantity, q: Quantity, end: int) -> bool:
    """Of "21 out of 48 drones" the verb tells only the 21; "8 of the 12 people killed" tells of both."""
    return part_of_number(tree, part) in range(q.first, q.end) and (end >= len(tree) or tree.tag[end] not in ("VBN", "JJ"))


def _rule(q: Quantity, counted: Counted) -> str:
    if q.kind == "ordinal":
        return "figure.rank"
    if counted.unit.kind in ("money", "percent", "share", "measured", "duration", "age"):
        return f"figure.{counted.unit.kind}"
    return "figure.elliptic" if counted.elliptic else "figure.vague" if q.kind == "vague" else "figure.count"


def _with_prison(tree: Tree, end: int) -> int:
    if tree.lower[end : end + 2] in (["in", "prison"], ["in", "jail"], ["behind", "bars"], ["of", "imprisonment"], ["in", "custody"]):
        return end + 2
    return end


def _age_after_name(tree: Tree, lexicon: FigureLexicon, q: Quantity) -> Figure | None:
    """'Mira Holt, 61, runs ...', 'a woman, 61, died', 'aged 61': a number between commas behind a person, or behind 'aged'."""
    i = q.number
    if q.first != i or q.end != i + 1 or q.low is None or q.low != q.high or not 1 <= q.low <= 110 or i < 2:
        return None
    if tree.lower[i - 1] != "aged":
        closed = i + 1 >= tree.segment_end[i] or tree.words[i + 1] in (",", ".", ")")
        unit = lexicon.units.get(singular(tree.words[i - 2]))
        someone = tree.entity[i - 2] == "PERSON" or (unit is not None and unit.name == "person" and tree.tag[i - 2] == "NN")
        if tree.words[i - 1] != "," or not closed or not someone or not tree.words[i].isdigit():
            return None
    counted = Counted(Unit("year", "age"), None, q.end, q.end)
    return Figure(q.first, q.end, q, counted, "age", "figure.age")


def _money(tree: Tree, lexicon: FigureLexicon, q: Quantity) -> tuple[Counted, str] | None:
    """The amount's noun (none) and currency, by the sign before or the word behind; small sums of 'pounds' can be weights and are none."""
    k = q.end
    if q.sign:
        return Counted(MONEY, None, k, k), lexicon.signs[q.sign]
    if k >= tree.sentence_end[q.number] or q.kind == "ordinal":
        return None
    nation = {
        "us": 1,
        "u.s.": 1,
        "american": 1,
        "canadian": 1,
        "australian": 1,
        "british": 1,
        "russian": 1,
        "japanese": 1,
        "chinese": 1,
        "of": 1,
    }
    k += nation.get(tree.lower[k], 0)
    word = tree.lower[k].removesuffix("s") if k < tree.sentence_end[q.number] else ""
    code = lexicon.currencies.get(word)
    if code is None or not tree.tag[k].startswith("NN"):
        return None
    if word == "pound" and (q.low or q.high or 0) < 10_000 and tree.lower[k + 1 : k + 2] != ["sterling"]:
        return None
    national = {"canadian": "CAD", "australian": "AUD"}.get(tree.lower[k - 1]) if word == "dollar" else None
    first = q.end + 1 if tree.lower[q.end] == "of" else q.end
    return Counted(MONEY, None, first, k + 1), national or code


def _elliptic(tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted | None, before: list[Figure]) -> Counted | None:
    """The unit of a number without its noun: '21 out of 48 drones', '12 of them', 'six people died and 80 were injured'."""
    end = counted.end if counted else q.end
    of_them = counted is not None
    if q.kind in ("ordinal", "fraction") or q.sign:
        return None
    whole = part_of_number(tree, q)
    if whole is not None:
        head = next((n for n in range(whole + 1, min(whole + 8, tree.sentence_end[q.number])) if tree.tag[n] in ("NNS", "NN")), None)
        return Counted(unit_of(tree, lexicon, head), None, q.end, q.end, elliptic=True) if head is not None else None
    last = before[-1] if before else None
    near = last is not None and 0 <= tree.sentence[q.number] - tree.sentence[last.first] <= 1
    usable = near and last is not None and last.counted.unit.kind == "counted" and last.quantity.kind != "ordinal"
    if of_them:
        return Counted(last.counted.unit, None, q.end, end, elliptic=True, of_them=True) if usable and last is not None else None
    if (
        q.first
        and tree.lower[q.first - 1] == "of"
        and tree.dep[q.end - 1] == "pobj"
        and "population" not in tree.lower[max(q.first - 3, 0) : q.first]
    ):
        return None
    probe = Counted(Unit("person", "counted"), None, q.end, q.end, elliptic=True)
    measure = measure_of(tree, lexicon, q, probe)
    if measure in WITHOUT_NOUN or toll_of(tree, lexicon, q):
        return probe
    if measure in HARM:
        same = usable and last is not None and tree.sentence[last.first] == tree.sentence[q.number]
        return (
            Counted(last.counted.unit, None, q.end, q.end, elliptic=True)
            if same and last is not None and last.counted.unit.name != "other"
            else probe
        )
    subject = tree.dep[q.end - 1] in ("nsubj", "nsubjpass") and tree.tag[q.end - 1] == "CD"
    return Counted(last.counted.unit, None, q.end, q.end, elliptic=True) if subject and usable and last is not None else None


def _in_one_sentence(news: NewsDoc, figure: Figure) -> bool:
    """The tree joins sentences that the parse has parted; a figure must lie in one row of ``sentences``."""
    numbers = news.sentence_of_token
    return numbers[figure.first] == numbers[figure.end - 1]


def _is_conversion(tree: Tree, out: list[Figure], figure: Figure) -> bool:
    """Is it the other figure in another unit, in brackets right behind it?"""
    if not out or figure.counted.unit.kind not in ("measured", "money") or figure.first < 1:
        return False
    last = out[-1]
    opens = next((k for k in range(figure.first - 1, max(last.end - 1, figure.first - 4), -1) if tree.words[k] == "("), None)
    return opens is not None and last.end <= opens <= last.end + 2 and last.counted.unit.kind == figure.counted.unit.kind


def _rows(news: NewsDoc, tree: Tree, figures: list[Figure]) -> list[Row]:
    rows: list[Row] = []
    seen: set[tuple[int, int]] = set()
    kept: list[Figure] = []
    for f in figures:
        row = _row(news, tree, f)
        if (row["start_char"], row["end_char"]) not in seen:
            seen.add((row["start_char"], row["end_char"]))
            rows.append(row)
            kept.append(f)
    for n, f in enumerate(kept):
        whole = _whole(tree, kept, n, f)
        if whole is not None:
            rows[n]["part_of_figure_id"] = rows[whole]["figure_id"]
    return rows


def _row(news: NewsDoc, tree: Tree, f: Figure) -> Row:
    start, end = news.starts[f.first], news.starts[f.end - 1] + len(tree.words[f.end - 1])
    document_id = news.document["document_id"]
    top = anchor(f.quantity, f.counted)
    when = as_of(news, tree, top)
    counted = (f.counted.first, f.counted.end)
    words = (
        news.text[news.starts[counted[0]] : news.starts[counted[1] - 1] + len(tree.words[counted[1] - 1])]
        if counted[1] > counted[0]
        else None
    )
    return {
        "figure_id": make_id("fig", document_id, start, end, f.measure),
        "document_id": document_id,
        "sentence_id": news.sentence(news.doc[f.first])["sentence_id"],
        "start_char": start,
        "end_char": end,
        "text": news.text[start:end],
        "value_low": f.quantity.low,
        "value_high": f.quantity.high,
        "comparator": f.quantity.comparator,
        "unit": "rank" if f.quantity.kind == "ordinal" else f.counted.unit.name,
        "currency": f.currency,
        "measure": f.measure,
        "counted": words,
        "subject_mention_id": subject_of(news, tree, f.first, f.end, top),
        "place_mention_id": place_of(news, tree, f.first, f.end, top),
        "as_of_time_id": when["time_id"] if when else None,
        "as_of_start": when["date_start"] if when else None,
        "as_of_end": when["date_end"] if when else None,
        "quote_id": quote_of(news, start, end),
        "part_of_figure_id": None,
        "rule_id": f.rule_id,
    }


def _whole(tree: Tree, figures: list[Figure], n: int, f: Figure) -> int | None:
    """Number of the figure that this one is a part of: 'out of', 'of them', 'including'."""
    number = part_of_number(tree, f.quantity)
    if number is not None and n + 1 < len(figures) and figures[n + 1].first <= number <= figures[n + 1].end:
        return n + 1
    if n == 0:
        return None
    last = figures[n - 1]
    same = tree.sentence[last.first] == tree.sentence[f.first]
    if f.counted.of_them:
        return n - 1
    before = tree.lower[max(last.end, f.first - 3) : f.first]
    if same and ("including" in before or ("among" in before and "them" in before)):
        return n - 1
    joined = tree.lower[last.end : f.first] in (["and"], [","], [",", "and"])
    if joined and same and _is_part(tree, figures, n - 1):
        return _whole(tree, figures, n - 1, last)
    return None


def _is_part(tree: Tree, figures: list[Figure], n: int) -> bool:
    return n > 0 and "including" in tree.lower[figures[n - 1].end : figures[n].first]
