"""Copies of one text: reprints of wire copy, the same article twice, a report cut short."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.linking.agencies import agency_name, is_agency
from transforms.linking.columns import CHUNK
from transforms.linking.corpus import BODY_KINDS, Corpus, Unit
from transforms.linking.groups import Groups
from transforms.rules import load_rules
from warehouse.schema import Row, make_id

Hashes = npt.NDArray[np.uint64]
_WORD = re.compile(r"\w+")
_PRIME = np.uint64(0x100000001B3)
CACHED_TEXTS = 1024
"""Texts whose shingles are kept while pairs are compared."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two units that share text: the share of all shingles, and of the smaller one's."""

    first: int
    second: int
    jaccard: float
    containment: float
    smaller_share: float


@dataclass(frozen=True, slots=True)
class Copies:
    """The rows of copy_groups, and for each unit the id of its group."""

    rows: list[Row]
    group_of: list[str]


def find_copies(corpus: Corpus) -> Copies:
    """One row per document, and one per entry that copies or is copied by another document.

    The original is what the credited agency published itself, else the earliest published of the longest version; a tie
    goes to the smaller document id.
    """
    rules = load_rules("linking")["copies"]
    order = sorted(corpus.units, key=lambda u: (u.rank, u.number))
    digests, samples = _read(corpus, order, rules)
    near = Groups(len(order))
    first_of: dict[bytes, int] = {}
    distinct = []
    for i, digest in enumerate(digests):
        first = first_of.setdefault(digest, i) if digest else i
        if first == i:
            distinct.append(i)
        elif _comparable(order[first], order[i]):
            near.join(first, i)
        else:
            distinct.append(i)
    matches = list(_matches(corpus, order, distinct, samples, rules))
    for m in matches:
        if m.jaccard >= rules["near_jaccard"]:
            near.join(m.first, m.second)
    part_of = _parts(near, matches, samples, rules)
    return _rows(corpus, order, near, part_of, digests)


def _comparable(a: Unit, b: Unit) -> bool:
    """Of different documents, and both read as one article: a page of many stories is compared with its like only."""
    return a.document != b.document and a.has_entries == b.has_entries


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def shingles(words: list[str], n: int) -> Hashes:
    """Hashes of all runs of ``n`` words, sorted, each once."""
    if len(words) < n:
        return np.empty(0, np.uint64)
    codes = np.fromiter((zlib.crc32(w.encode("utf-8", "surrogatepass")) for w in words), np.uint64, len(words))
    out = np.zeros(len(words) - n + 1, np.uint64)
    with np.errstate(over="ignore"):
        for k in range(n):
            out = out * _PRIME + codes[k : len(words) - n + 1 + k]
            out ^= out >> np.uint64(29)
        out *= np.uint64(0xBF58476D1CE4E5B9)
        out ^= out >> np.uint64(32)
    return np.unique(out)


def _read(corpus: Corpus, order: list[Unit], rules: dict[str, Any]) -> tuple[list[bytes], list[Hashes]]:
    """Digest of each body (empty where it is too short to compare) and the sample of its shingles that is indexed."""
    digests, samples = [], []
    every = np.uint64(rules["sample_every"])
    for unit in order:
        words = _words(corpus.text(unit, BODY_KINDS))
        if len(words) < rules["min_words"]:
            digests.append(b"")
            samples.append(np.empty(0, np.uint64))
            continue
        digests.append(hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest())
        found = shingles(words, rules["shingle_words"])
        samples.append(found[found % every == 0])
    return digests, samples


def _matches(corpus: Corpus, order: list[Unit], distinct: list[int], samples: list[Hashes], rules: dict[str, Any]) -> Iterator[Match]:
    """Pairs that share at least half of the smaller one's shingles, checked on all shingles."""

    @lru_cache(maxsize=CACHED_TEXTS)
    def all_shingles(i: int) -> Hashes:
        return _shingles_of(corpus, order[i])

    for a, b, shared in _candidates(distinct, samples, rules["star_size"]):
        smaller = min(len(samples[a]), len(samples[b]))
        if shared < 0.3 * smaller or not _comparable(order[a], order[b]):
            continue
        x, y = all_shingles(a), all_shingles(b)
        common = len(np.intersect1d(x, y, assume_unique=True))
        low, high = sorted((len(x), len(y)))
        if common >= 0.5 * low:
            yield Match(a, b, common / (low + high - common), common / low, low / high)


def _candidates(distinct: list[int], samples: list[Hashes], star: int) -> Iterator[tuple[int, int, int]]:
    """Pairs that share indexed shingles, and how many; in a long list each is paired with its neighbours and the first."""
    if not distinct:
        return
    hashes = np.concatenate([samples[i] for i in distinct])
    owners = np.repeat(np.array(distinct, np.int64), [len(samples[i]) for i in distinct])
    by_hash = np.lexsort((owners, hashes))
    hashes, owners = hashes[by_hash], owners[by_hash]
    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1]))) if len(hashes) else np.empty(0, np.int64)
    run = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(hashes))))
    place = np.arange(len(run)) - starts[run] if len(run) else np.empty(0, np.int64)
    near = ((owners[:-k] << 32) + owners[k:] for k in range(1, star) if len(run) > k)
    same = (run[k:] == run[:-k] for k in range(1, star) if len(run) > k)
    counted = [np.unique(pairs[kept], return_counts=True) for pairs, kept in zip(near, same, strict=True)]
    far = place >= star
    counted.append(np.unique((owners[starts[run[far]]] << 32) + owners[far], return_counts=True))
    found, at = np.unique(np.concatenate([pairs for pairs, _ in counted]), return_inverse=True)
    counts = np.bincount(at, weights=np.concatenate([n for _, n in counted]), minlength=len(found)).astype(np.int64)
    del counted, at, hashes, owners, run, place, far
    for start in range(0, len(found), CHUNK):
        part = slice(start, start + CHUNK)
        for pair, n in zip(found[part].tolist(), counts[part].tolist(), strict=True):
            yield pair >> 32, pair & 0xFFFFFFFF, n


def _parts(near: Groups, matches: list[Match], samples: list[Hashes], rules: dict[str, Any]) -> dict[int, int]:
    """Group of a text that was cut -> the group of the longer one; each has one at most, the one that holds most of it."""
    best: dict[int, tuple[float, int, int]] = {}
    for m in matches:
        small, large = (m.first, m.second) if len(samples[m.first]) < len(samples[m.second]) else (m.second, m.first)
        a, b = near.find(small), near.find(large)
        if a == b or m.containment < rules["part_containment"] or m.smaller_share < rules["part_min_share"]:
            continue
        if len(samples[a]) >= len(samples[b]):
            continue
        candidate = (-m.containment, b, a)
        best[a] = min(best.get(a, candidate), candidate)
    return {a: b for a, (_, b, _) in best.items()}


def _rows(corpus: Corpus, order: list[Unit], near: Groups, part_of: dict[int, int], digests: list[bytes]) -> Copies:
    """Rows of the groups; what was cut joins the group of the longer text."""
    groups: dict[int, list[int]] = {}
    for i in range(len(order)):
        top = near.find(i)
        while top in part_of:
            top = part_of[top]
        groups.setdefault(top, []).append(i)
    rows: list[Row] = []
    group_of = [""] * len(order)
    for earliest, members in groups.items():
        group_id = make_id("cpy", *min((order[i].document_id, order[i].entry_id or "") for i in members))
        original = _original(corpus, [order[i] for i in members], members, earliest) if len(members) > 1 else earliest
        base = _shingles_of(corpus, order[original]) if len(members) > 1 else None
        for i in members:
            unit = order[i]
            group_of[unit.number] = group_id
            if unit.entry_id is not None and len(members) == 1:
                continue
            relation, similarity = "original", 1.0
            if i != original and base is not None:
                relation, similarity = "exact", 1.0
                if digests[i] != digests[original]:
                    relation, similarity = _relation(_shingles_of(corpus, unit), base, is_near=near.find(i) == near.find(original))
            row = {"document_id": unit.document_id, "entry_id": unit.entry_id, "copy_group_id": group_id}
            rows.append(row | {"relation": relation, "similarity": similarity})
    rows.sort(key=lambda r: (r["document_id"], r["entry_id"] or ""))
    return Copies(rows, group_of)


def _original(corpus: Corpus, units: list[Unit], members: list[int], earliest: int) -> int:
    """The first member whose publisher is the agency that the group credits; failing that, any agency; else the earliest."""
    publishers = [corpus.publishers[u.document] for u in units]
    credited = {agency_name(origin) for u in units if (origin := corpus.origins[u.document])}
    own = [i for i, publisher in zip(members, publishers, strict=True) if publisher and agency_name(publisher) in credited]
    listed = [i for i, publisher in zip(members, publishers, strict=True) if publisher and is_agency(publisher)]
    return min(own or listed or [earliest])


def _shingles_of(corpus: Corpus, unit: Unit) -> Hashes:
    return shingles(_words(corpus.text(unit, BODY_KINDS)), load_rules("linking")["copies"]["shingle_words"])


def _relation(own: Hashes, base: Hashes, *, is_near: bool) -> tuple[str, float]:
    """How a copy relates to the original: near by shingles of both, part by those of the smaller one."""
    common = len(np.intersect1d(own, base, assume_unique=True))
    whole = len(own) + len(base) - common if is_near else min(len(own), len(base))
    return "near" if is_near else "part", round(common / max(whole, 1), 4)
