"""Texts that tell the same happening, by the words, entities and events that they have in common."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components

from transforms.linking.columns import Floats, Ints
from transforms.linking.words import REMEMBERED, WORD_OR_END, background, content_word, plain
from transforms.rules import load_rules

Term = tuple[str, float]
"""Something beyond words that a unit tells of (an entity, an event), and its weight."""

Codes = npt.NDArray[np.uint64]
Singles = npt.NDArray[np.float32]
Edges = tuple[Ints, Ints, Floats]
"""Two places and their similarity, for each pair."""

NO_DAY = -1
FUNCTION, END, WORD, NAME, NUMBER = range(5)
"""Kinds of tokens: function word, sentence end, other word, word with a capital, number."""

PAIR_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that a pair of words and the same two words swapped get two codes."""

BUCKET_BITS = 25
"""Terms are first counted in this many bits' worth of buckets: one that is alone in its bucket stands in one text and is let go."""

LONGEST_WORD = 20
"""Characters of text read for each word that counts: enough for any language's words and the function words between them."""

CELLS = 500_000
"""Cells of the similarity matrix that are held at a time."""

PAIRS = 2000
"""Pairs of rows that are multiplied at a time."""

HUB_COLUMNS = 2000
"""In large collections a term in more units than this finds no pairs, though it counts in those found."""

CANDIDATE = 0.6
"""Pairs are looked at more closely from this share of the threshold on."""


@dataclass(frozen=True, slots=True)
class Bags:
    """Units as rows of weighted terms of length 1, and the day of each (``NO_DAY`` where none is known)."""

    matrix: sparse.csr_array
    days: Ints


def cluster_texts(texts: Iterable[str], terms: Iterable[Sequence[Term]], days: Sequence[date | None]) -> list[list[int]]:
    """Places of the texts that tell one happening together; every text is in exactly one group.

    ``terms`` gives what is known of each text beyond its words. Two groups become one while the mean similarity between
    their members is above the threshold (average linkage), so one article that is like two happenings does not chain them.
    """
    if not days:
        return []
    rules = load_rules("linking")["stories"]
    bags = _bags(texts, terms, days, rules)
    groups: list[list[int]] = []
    for block in _blocks(len(days), _edges(bags, rules), threshold=float(rules["threshold"]), largest=int(rules["max_block"])):
        groups += _cluster(bags, block, rules) if len(block) > 1 else [block]
    return sorted(groups)


def _hash(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=REMEMBERED)
def _token(token: str) -> tuple[int, int]:
    """Code and kind of a word or sentence end; the last bit of a word's code is 1, that of any other term 0."""
    if not token[0].isalnum():
        return 0, END
    word = content_word(token)
    if word is None:
        return 0, FUNCTION
    return _hash(word) | 1, NAME if token[0].isupper() else NUMBER if token[0].isdigit() else WORD


def _bag(text: str, terms: Sequence[Term], rules: dict[str, Any]) -> tuple[Codes, Floats]:
    """Codes of terms, rising, and their weights: names, numbers, the lead and pairs of words weigh more."""
    tokens = [_token(token) for token in WORD_OR_END.findall(plain(text[: rules["max_words"] * LONGEST_WORD]))]
    codes = np.array([code for code, _ in tokens], np.uint64)
    kinds = np.array([kind for _, kind in tokens], np.int64)
    keep = np.cumsum(codes != 0) <= rules["max_words"]
    codes, kinds = codes[keep], kinds[keep]
    place = np.where(np.cumsum(kinds == END) < rules["lead_sentences"], rules["lead_weight"], 1.0)
    weights = np.array([0.0, 0.0, 1.0, rules["name_weight"], rules["number_weight"]])[kinds] * place
    both = (codes[:-1] != 0) & (codes[1:] != 0)
    with np.errstate(over="ignore"):
        pairs = ((codes[:-1] * PAIR_FACTOR) ^ codes[1:])[both] & ~np.uint64(1)
    own = np.array([_hash(term) & ~1 for term, _ in terms], np.uint64)
    every = np.concatenate((codes[codes != 0], pairs, own))
    weight = np.concatenate((weights[codes != 0], place[1:][both] * rules["pair_weight"], np.array([w for _, w in terms], np.float64)))
    found, at = np.unique(every, return_inverse=True)
    summed: Floats = np.bincount(at, weights=weight, minlength=len(found)).astype(np.float64)
    return found, summed


def _bags(texts: Iterable[str], terms: Iterable[Sequence[Term]], days: Sequence[date | None], rules: dict[str, Any]) -> Bags:
    codes: list[Codes] = []
    weights: list[Singles] = []
    seen = np.zeros(1 << BUCKET_BITS, np.uint8)
    for text, known_of in zip(texts, terms, strict=True):
        found, weight = _bag(text, known_of, rules)
        codes.append(found)
        weights.append(np.log1p(weight).astype(np.float32))
        buckets = np.unique(found >> np.uint64(64 - BUCKET_BITS))
        seen[buckets] = np.minimum(seen[buckets] + 1, 2)
    for i, found in enumerate(codes):
        again = seen[found >> np.uint64(64 - BUCKET_BITS)] > 1
        codes[i], weights[i] = found[again], weights[i][again]
    known = np.unique(np.concatenate(codes))
    df = np.zeros(len(known), np.int64)
    for found in codes:
        df[np.searchsorted(known, found)] += 1
    shared = df > 1
    idf = np.zeros(len(known))
    idf[shared] = _idf(known[shared], df[shared], len(days), rules)
    return Bags(_matrix(codes, weights, known, idf), np.array([day.toordinal() if day else NO_DAY for day in days], np.int64))


def _matrix(codes: list[Codes], weights: list[Singles], known: Codes, idf: Floats) -> sparse.csr_array:
    """Rows of length 1 over the terms that tell anything; the two lists are emptied on the way, for they are large."""
    telling = idf > 0
    column_of = np.cumsum(telling, dtype=np.int32) - np.int32(1)
    columns, values, ends = [], [], [0]
    for i in range(len(codes)):
        place = np.searchsorted(known, codes[i])
        own = weights[i] * idf[place]
        codes[i], weights[i] = codes[i][:0], weights[i][:0]
        keep = telling[place]
        columns.append(column_of[place[keep]])
        values.append(own[keep] / max(math.sqrt(float(own @ own)), 1e-12))
        ends.append(ends[-1] + len(columns[-1]))
    shape = (len(codes), int(telling.sum()))
    return sparse.csr_array((np.concatenate(values), np.concatenate(columns), np.array(ends)), shape=shape)


def _idf(codes: Codes, df: Ints, n_units: int, rules: dict[str, Any]) -> Floats:
    """How much a term tells, from its units here and, for words, from its share of news in general."""
    shares, rare = background()
    share = np.where(codes & np.uint64(1), rare, 0.0)
    listed = np.array([_hash(word) | 1 for word in shares], np.uint64)
    at = np.searchsorted(codes, listed)
    hit = np.flatnonzero(at < len(codes))
    hit = hit[codes[at[hit]] == listed[hit]]
    share[at[hit]] = np.array(list(shares.values()))[hit]
    k = float(rules["background_documents"])
    idf: Floats = np.log((n_units + k + 1) / (df + k * share + 1)) ** rules["idf_power"]
    return idf


def _decay(a: Ints, b: Ints, rules: dict[str, Any]) -> Floats:
    """1 for articles of about the same days or of unknown days, less the further apart they are, 0 beyond the limit."""
    apart = np.abs(a - b)
    factor = np.exp(-np.maximum(apart - rules["near_days"], 0) / rules["days_scale"])
    factor = np.where(apart > rules["max_days"], 0.0, factor)
    return np.where((a == NO_DAY) | (b == NO_DAY), 1.0, factor)


def _edges(bags: Bags, rules: dict[str, Any]) -> Edges:
    """Pairs of units whose similarity reaches the threshold, found in windows of days."""
    threshold = float(rules["threshold"])
    order = np.argsort(bags.days, kind="stable")
    days, full = bags.days[order], bags.matrix[order]
    coarse = full
    if full.shape[0] > 2 * HUB_COLUMNS:
        coarse = full[:, np.flatnonzero(np.bincount(full.indices, minlength=full.shape[1]) <= HUB_COLUMNS)]
    rows, columns, values = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    start = 0
    while start < len(days):
        stop = min(start + max(1, CELLS // (_window(days, start, start, rules) - start)), len(days))
        end = _window(days, start, stop - 1, rules)
        found = sparse.coo_array(coarse[start:stop] @ coarse[start:end].T)
        keep = (found.data >= CANDIDATE * threshold) & (found.row < found.col)
        a, b = found.row[keep].astype(np.int64) + start, found.col[keep].astype(np.int64) + start
        exact = _dots(full, a, b) * _decay(days[a], days[b], rules)
        keep = exact >= threshold
        rows.append(order[a[keep]])
        columns.append(order[b[keep]])
        values.append(exact[keep])
        start = stop
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


def _window(days: Ints, first: int, last: int, rules: dict[str, Any]) -> int:
    """Up to where the units lie that the units ``first`` to ``last`` are compared with; those without a day meet all."""
    return len(days) if days[first] == NO_DAY else int(np.searchsorted(days, days[last] + rules["max_days"], side="right"))


def _dots(matrix: sparse.csr_array, a: Ints, b: Ints) -> Floats:
    """Row by row products of the rows ``a`` with the rows ``b``."""
    out = [np.empty(0)]
    for start in range(0, len(a), PAIRS):
        part = slice(start, start + PAIRS)
        out.append(np.asarray(matrix[a[part]].multiply(matrix[b[part]]).sum(axis=1)).ravel())
    return np.concatenate(out)


def _blocks(n: int, edges: Edges, *, threshold: float, largest: int) -> Iterator[list[int]]:
    """Groups outside of which no story can reach: connected at the threshold, or above it where that gives too large a group."""
    rows, columns, values = edges
    graph = sparse.coo_array((values, (rows, columns)), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    by_label = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[by_label])) + 1
    for members in np.split(by_label, cuts):
        if len(members) <= largest or threshold >= 1.0:
            yield [int(i) for i in np.sort(members)]
            continue
        inside = np.isin(rows, members) & (values >= threshold * 1.1)
        place = {int(m): i for i, m in enumerate(np.sort(members))}
        back = np.sort(members)
        a = np.array([place[int(i)] for i in rows[inside]], np.int64)
        b = np.array([place[int(i)] for i in columns[inside]], np.int64)
        for block in _blocks(len(members), (a, b, values[inside]), threshold=threshold * 1.1, largest=largest):
            yield [int(back[i]) for i in block]


def _cluster(bags: Bags, block: list[int], rules: dict[str, Any]) -> list[list[int]]:
    """The block cut into stories by average linkage."""
    if len(block) > rules["max_block"]:
        return [block]
    tree = linkage(_distances(bags.matrix[block], bags.days[block], rules), "average")
    labels = fcluster(tree, 1.0 - rules["threshold"], "distance")
    out: dict[int, list[int]] = defaultdict(list)
    for place, label in zip(block, labels.tolist(), strict=True):
        out[label].append(place)
    return list(out.values())


def _distances(part: sparse.csr_array, days: Ints, rules: dict[str, Any]) -> Floats:
    """Distance of each pair of rows, as the upper triangle read row by row; few rows are held at a time."""
    n = part.shape[0]
    out = np.empty(n * (n - 1) // 2)
    at, start = 0, 0
    while start < n:
        stop = min(start + max(1, CELLS // n), n)
        similarity = (part[start:stop] @ part.T).toarray() * _decay(days[start:stop, None], days[None, :], rules)
        distance = np.clip(1.0 - np.round(similarity, 9), 0.0, 1.0)
        for row in range(start, stop):
            out[at : at + n - row - 1] = distance[row - start, row + 1 :]
            at += n - row - 1
        start = stop
    return out
