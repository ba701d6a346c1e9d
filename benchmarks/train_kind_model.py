"""Fits the weights of the cleaner's kind model and says what it is worth on the pages of writers that were left out.

    python -m benchmarks.train_kind_model --pages FOLDER [--labelled LINES.jsonl.gz] [--weak LINES.jsonl.gz] [--cross] [--write]

Every folder in ``--pages`` is one writer's: one file per page, a line of it per line with its kind before a tab. ``--labelled`` and ``--weak`` are
the files that ``train_line_model`` reads; of the weak one only the texts that were labelled by reading since. ``--cross`` leaves out one writer, or
one eighth of the publishers, after the other, and tells what rules and line model alone make of the pages beside; ``--write`` puts the weights
fitted on everything into ``transforms/rules/kind_model.json``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.measure_lines import SAME_KIND, labelled_texts
from benchmarks.train_line_model import fold_of, labelled_by_reading, outlet, read_records
from transforms.cleaning.kind_model import KINDS, Chain, kind_features, write_chain
from transforms.cleaning.label import label_page, revise_kinds
from transforms.cleaning.page import Page
from transforms.rules import FOLDER
from warehouse.schema import KEPT_KINDS

MIN_PAGES = 3
"""A feature counts if the lines of so many pages have it."""

RIDGE = 2.0
N_STEPS = 150
LEAST = 0.03
"""Weights closer to nothing than this are not kept."""

N_KINDS = len(KINDS)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page as rules and line model leave it, its features and the kind of each line (-1: no label)."""

    writer: str
    page: Page
    features: list[list[str]]
    kinds: list[int]


def labelled_page(writer: str, text: str, labels: dict[int, str]) -> Labelled:
    """``labels``: line number from 1 -> kind."""
    page = label_page(text, by_chain=False)
    kinds = []
    for line in page.lines:
        label = labels.get(text.count("\n", 0, line.first) + 1, "").replace("-", "_")
        label = SAME_KIND.get(label, label)
        kinds.append(KINDS.index(label) if label in KINDS else -1)
    return Labelled(writer, page, kind_features(page), kinds)


def read_pages(folder: Path) -> Iterator[Labelled]:
    """The pages of all writers."""
    for writer in sorted(p for p in folder.iterdir() if p.is_dir()):
        for _, text, labels in labelled_texts(writer):
            yield labelled_page(writer.name, text, dict(enumerate(labels, 1)))


def read_devsets(labelled: Path | None, weak: Path | None) -> Iterator[Labelled]:
    """Real pages whose lines are labelled."""
    records = [] if labelled is None else list(read_records(labelled))
    records += [] if weak is None else labelled_by_reading(list(read_records(weak)))
    for record in records:
        labels = record["labels"]
        yield labelled_page(
            f"publishers {fold_of(outlet(record['publisher']))}",
            record["text"],
            dict(json.loads(labels) if isinstance(labels, str) else labels),
        )


# --- fitting --------------------------------------------------------------------------------------------------------


class Batch:
    """Pages sorted by length, the longest first, so that the pages that have a t-th line are the first ``n_active[t]``."""

    def __init__(self, pages: Sequence[Labelled]) -> None:
        """Takes the pages in any order."""
        self.pages = sorted(pages, key=lambda p: -len(p.kinds))
        lengths = [len(p.kinds) for p in self.pages]
        self.n_active = [sum(n > t for n in lengths) for t in range(lengths[0])]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        self.rows = [starts[:m] + t for t, m in enumerate(self.n_active)]
        self.last = starts[1:] - 1
        self.allowed = np.ones((starts[-1], N_KINDS))
        for row, kind in enumerate(k for p in self.pages for k in p.kinds):
            if kind >= 0:
                self.allowed[row] = np.eye(N_KINDS)[kind]


def expectations(batch: Batch, local: NDArray, step: NDArray, start: NDArray, stop: NDArray) -> tuple[float, NDArray, NDArray]:
    """Log of the summed weight of all labellings, chance of each kind per line, expected count of each pair of kinds; all arguments positive."""
    ahead, back = np.empty_like(local), np.empty_like(local)
    log_sum, pairs = 0.0, np.zeros((N_KINDS, N_KINDS))
    for t, rows in enumerate(batch.rows):
        ahead[rows] = local[rows] * (start if t == 0 else ahead[batch.rows[t - 1][: len(rows)]] @ step)
        size = ahead[rows].sum(axis=1, keepdims=True)
        ahead[rows] /= size
        log_sum += float(np.log(size).sum())
    log_sum += float(np.log(ahead[batch.last] @ stop).sum())
    back[batch.last] = stop
    for t in range(len(batch.rows) - 2, -1, -1):
        rows, following = batch.rows[t][: batch.n_active[t + 1]], batch.rows[t + 1]
        after = local[following] * back[following]
        together = np.einsum("na,ab,nb->n", ahead[rows], step, after)[:, None]
        pairs += (ahead[rows] / together).T @ after * step
        back[rows] = after @ step.T / after.sum(axis=1, keepdims=True)
    both = ahead * back
    return log_sum, both / both.sum(axis=1, keepdims=True), pairs


def fit(pages: Sequence[Labelled]) -> Chain:
    """The chain of the highest likelihood under a ridge."""
    batch, seen = Batch(pages), Counter[str]()
    for p in batch.pages:
        seen.update({f for line in p.features for f in line})
    rows = {f: k for k, f in enumerate(sorted(f for f, n in seen.items() if n >= MIN_PAGES))}
    indices: list[int] = []
    starts = [0]
    for line in (line for p in batch.pages for line in p.features):
        indices += sorted({rows[f] for f in line if f in rows})
        starts.append(len(indices))
    x = csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(starts) - 1, len(rows)))
    sizes = np.cumsum([len(rows) * N_KINDS, N_KINDS, N_KINDS * N_KINDS, N_KINDS])

    def split(beta: NDArray) -> tuple[NDArray, ...]:
        emission, bias, step, start, stop = np.split(beta, sizes)
        return emission.reshape(-1, N_KINDS), bias, step.reshape(N_KINDS, N_KINDS), start, stop

    def loss(beta: NDArray) -> tuple[float, NDArray]:
        emission, bias, *chained = split(beta)
        scores = x @ emission + bias
        local = np.exp(scores - scores.max(axis=1, keepdims=True))
        step, start, stop = (np.exp(w) for w in chained)
        free, chances, pairs = expectations(batch, local, step, start, stop)
        fixed, wanted, wanted_pairs = expectations(batch, local * batch.allowed, step, start, stop)
        error = chances - wanted
        first = error[batch.rows[0]].sum(axis=0)
        gradient = [x.T @ error, error.sum(axis=0), pairs - wanted_pairs, first, error[batch.last].sum(axis=0)]
        return free - fixed + 0.5 * RIDGE * float(beta @ beta), np.concatenate([g.ravel() for g in gradient]) + RIDGE * beta

    n = int(sizes[-1]) + N_KINDS
    beta = minimize(loss, np.zeros(n), jac=True, method="L-BFGS-B", options={"maxiter": N_STEPS}).x
    return Chain(rows, *split(beta))


# --- measuring ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """Lines and those of the right kind; characters of body and of boilerplate, lost and removed; pages and those that lose more than 2 %."""

    lines: int = 0
    right: int = 0
    body: int = 0
    lost: int = 0
    rest: int = 0
    removed: int = 0
    pages: int = 0
    damaged: int = 0

    def add(self, found: Labelled, kinds: Sequence[str | None]) -> None:
        """Counts a page whose lines were given these kinds."""
        body = lost = 0
        for line, wanted, kind in zip(found.page.lines, found.kinds, kinds, strict=True):
            if wanted < 0:
                continue
            size, is_left = len(line.text), kind in KEPT_KINDS
            self.lines, self.right = self.lines + 1, self.right + (kind == KINDS[wanted])
            if KINDS[wanted] in ("body", "subhead"):
                body, lost = body + size, lost + size * (not is_left)
            elif KINDS[wanted] not in KEPT_KINDS:
                self.rest, self.removed = self.rest + size, self.removed + size * (not is_left)
        self.body, self.lost = self.body + body, self.lost + lost
        self.pages, self.damaged = self.pages + 1, self.damaged + (lost > 0.02 * body)

    def take(self, other: Score) -> None:
        """Adds another's counts."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        """One line of shares."""
        return (
            f"kinds {self.right / max(self.lines, 1):.3f} of {self.lines}, body kept {1 - self.lost / max(self.body, 1):.4f}, "
            f"boilerplate removed {self.removed / max(self.rest, 1):.3f}, {self.damaged} of {self.pages} pages lose more than 2 %"
        )


def score_both(pages: Sequence[Labelled], model: Chain) -> tuple[Score, Score, Counter[tuple[str, str | None]]]:
    """Rules and line model alone, with the chain, and what the second confuses: (kind, given)."""
    alone, revised, confused = Score(), Score(), Counter[tuple[str, str | None]]()
    for p in pages:
        before = [p.page.kind(i) for i in range(len(p.kinds))]
        verdicts = list(p.page.verdicts)
        revise_kinds(p.page, model, p.features)
        after = [p.page.kind(i) for i in range(len(p.kinds))]
        p.page.verdicts[:] = verdicts
        alone.add(p, before)
        revised.add(p, after)
        confused.update((KINDS[k], a) for k, a in zip(p.kinds, after, strict=True) if k >= 0 and KINDS[k] != a)
    return alone, revised, confused


def main() -> None:
    """Reads, cross-validates, writes if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--weak", type=Path)
    parser.add_argument("--cross", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    pages = [*read_pages(args.pages), *read_devsets(args.labelled, args.weak)]
    if args.cross:
        confused: Counter[tuple[str, str | None]] = Counter()
        sums: dict[str, tuple[Score, Score]] = {}
        for writer in sorted({p.writer for p in pages}):
            model = fit([p for p in pages if p.writer != writer])
            alone, revised, missed = score_both([p for p in pages if p.writer == writer], model)
            confused += missed
            before, after = sums.setdefault(writer.split()[0], (Score(), Score()))
            before.take(alone)
            after.take(revised)
        for name, (before, after) in sums.items():
            print(f"{name}, left out\n  rules and line model {before}\n  with the kind model  {after}")
        print("most confused:", ", ".join(f"{a} as {b} {n}" for (a, b), n in confused.most_common(20)))
    if args.write:
        model = fit(pages)
        text = write_chain(model, LEAST)
        (FOLDER / "kind_model.json").write_text(text, "utf-8")
        print(f"{len(model.rows)} features, {len(text)} characters written")


if __name__ == "__main__":
    main()
