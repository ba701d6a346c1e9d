"""Puts faults into a pipeline and counts which are caught: python -m benchmarks.soak corruptions [--seed N] [--only WORD]

A home is made from samples/; every fault of ``benchmarks.corruptions`` is put into a copy of it, or into the tables of
one of its stages, and the gate of that stage must name it. The same gates over the untouched home, and over 30 generated
documents, must be silent. Exit 3 if a fault gets through or something sound is called a fault.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corruptions import CORRUPTIONS, Corruption, Tables
from benchmarks.generate import write
from warehouse.lake import Home, file_sha256, read_manifests, read_stage
from warehouse.schema import CONTENT_STAGES, STAGES, Row

if TYPE_CHECKING:
    from expectations.runs import Measures

ROOT = Path(__file__).resolve().parents[1]
DROP = ROOT / "samples" / "drop"
RUN_ID = "run_soak"
N_BEFORE = 5
"""Runs that are made up as the history of drift: what the home measures, give or take its errors."""
MAX_REJECT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Base:
    """An untouched home, the tables of its first part of each stage, and what the gates of a stage see of the stages before."""

    home: Home
    tables: dict[str, Tables]
    context: dict[str, Tables]
    history: dict[str, list[Measures]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gates said of a fault: expectation and severity of each that did not hold, and what would still load."""

    told: list[tuple[str, str]]
    loads: str

    def catches(self, corruption: Corruption) -> bool:
        """Was it named as it must be, and does what must load still load?"""
        named = any(corruption.expectation in name and severity == corruption.severity for name, severity in self.told)
        return named and self.loads == corruption.loads


# --- an untouched home ----------------------------------------------------------------------------------------


def make_base(folder: Path, drop: Path = DROP, *, batch_size: int = 16, seed: int = 1) -> Base:
    """A home with the warehouse of the files in ``drop``, made in this process."""
    home = make_home(folder, drop, batch_size=batch_size)
    return read_base(home, seed=seed)


def make_home(folder: Path, drop: Path, *, batch_size: int) -> Home:
    """All stages over the files of a folder, without Prefect."""
    from flows.land import find_files, in_batches, store_arrivals
    from flows.link import link_all
    from flows.load import publish
    from flows.make import LandJob, PartJob, commit_landed, current_keys, make_part, read_arrivals
    from flows.settings import Settings
    from flows.versions import maker_version

    settings = Settings(home=folder, workers=1, batch_size=batch_size, sources=ROOT / "samples" / "sources.toml")
    home = settings.at_home()
    versions = {s: maker_version(s, settings) for s in CONTENT_STAGES}
    names = ("max_unit_bytes", "max_text_chars", "max_expansion")
    limits = {n: getattr(settings, n) for n in names} | {"max_line_bytes": settings.max_unit_bytes}
    known: set[str] = set()
    for arrivals in in_batches(store_arrivals(home, find_files([str(drop)]), settings, RUN_ID), batch_size):
        for staged in read_arrivals(LandJob(home.path, arrivals, versions["land"], batch_size, limits, MAX_REJECT_SHARE, RUN_ID)):
            commit_landed(home, staged, known)
    for before, stage in (("land", "clean"), ("clean", "extract")):
        for key in current_keys(home, before, versions):
            make_part(PartJob(home.path, stage, key, versions[stage], "", MAX_REJECT_SHARE, RUN_ID))
    link_all.fn(settings, RUN_ID)
    publish.fn(settings, RUN_ID)
    return home


def read_base(home: Home, *, seed: int) -> Base:
    """What faults are put into, and what the gates compare with."""
    made = {s: read_manifests(home, s) for s in STAGES}
    tables = {s: {t.name: read_stage(home, t.name, made[s]) for t in STAGES[s]} for s in STAGES}
    context = {
        "land": {},
        "clean": {},
        "extract": tables["clean"],
        "link": {n: {**tables["clean"], **tables["extract"]}[n] for n in ("documents", "quotes", "events", "figures")},
    }
    return Base(home, tables, context, {s: _history(home, s, random.Random(seed)) for s in CONTENT_STAGES})


def _history(home: Home, stage: str, rng: random.Random) -> list[Measures]:
    from expectations.runs import Measure

    now = _measured(home, stage)
    return [
        {
            name: {k: Measure(m.value + rng.gauss(0, m.error or 0.05), m.error, m.least) for k, m in group.items()}
            for name, group in now.items()
        }
        for _ in range(N_BEFORE)
    ]


def _measured(home: Home, stage: str) -> Measures:
    from expectations.runs import measure_stage, new_keys

    return measure_stage(home, stage, new_keys(home, RUN_ID, stage))


# --- the gates ------------------------------------------------------------------------------------------------


def try_corruption(base: Base, corruption: Corruption, folder: Path, *, seed: int) -> Outcome:
    """Puts a fault in and asks the gate of its stage."""
    rng = random.Random(f"{seed} {corruption.id}")
    if corruption.gate == "rows":
        return judge_rows(base, corruption.stage, corruption, rng)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base.home.path, folder)
    home = Home(folder)
    if corruption.home:
        corruption.home(home, rng)
    judge = {"files": judge_files, "whole": judge_whole, "load": judge_load}[corruption.gate]
    return judge(base, home, corruption.stage)


def judge_rows(base: Base, stage: str, corruption: Corruption | None, rng: random.Random) -> Outcome:
    """The gate of a stage over its tables; without a corruption as they are."""
    from expectations.run import check_stage

    tables, counted = dict(base.tables[stage]), _account(base, stage, base.tables[stage])
    if corruption and corruption.rows:
        tables = corruption.rows(tables, rng)
    if corruption and corruption.skips:
        counted = (counted[0], counted[1] // 2, 0)
    verdict = check_stage(stage, tables, context=base.context[stage], account=counted)
    told = _failed(verdict.results)
    n_bad, n_documents = len(verdict.documents), counted[0]
    stops = verdict.stops or (stage == "link" and verdict.bad_rows) or (n_bad > 1 and n_bad / n_documents > MAX_REJECT_SHARE)
    return Outcome(told, "nothing" if stops else "others" if n_bad else "all")


def _account(base: Base, stage: str, tables: Tables) -> tuple[int, int, int]:
    name = {"land": "documents_landed", "clean": "documents"}.get(stage)
    n = tables[name].num_rows if name else base.context[stage]["documents"].num_rows
    return n, n, 0


def _failed(results: Sequence[Row]) -> list[tuple[str, str]]:
    return [(r["expectation"], r["severity"]) for r in results if not r["success"] and r["severity"] != "info"]


def judge_files(base: Base, home: Home, stage: str) -> Outcome:
    """The inspection of a home's files; only what is told of the stage itself counts."""
    from expectations.files import find_faults

    faults = find_faults(home)
    told = [(f.expectation, f.severity) for f in faults if f.stage == stage]
    critical = [f for f in faults if f.severity == "critical"]
    broken = {f.key for f in critical if f.stage == stage and f.key}
    return Outcome(told, "all" if not critical else "others" if len(broken) <= 1 else "nothing")


def judge_whole(base: Base, home: Home, stage: str) -> Outcome:
    """The chain of stages, and drift against the history of the untouched home."""
    from expectations.runs import chain_results, check_drift

    chain = _failed(list(chain_results(home, stage, frozenset(STAGES))))
    if stage == "link":
        return Outcome(chain, "nothing" if chain else "all")
    measures = _measured(home, stage)
    drift = check_drift(stage, measures, base.history[stage], n_new=_enough(home, stage))
    return Outcome(chain + _failed(drift), "nothing" if chain else "all")


def _enough(home: Home, stage: str) -> int:
    return max(20, sum(m.n_in for m in read_manifests(home, stage).values()))


def judge_load(base: Base, home: Home, stage: str) -> Outcome:
    """The building of a warehouse; what was published before must stay as it was."""
    from expectations.load import check_warehouse
    from warehouse.load import LoadFailed, build_warehouse

    before = file_sha256(home.warehouse)
    keys = {s: sorted(read_manifests(home, s)) for s in STAGES}
    results: list[Row] = []
    try:
        build_warehouse(home, keys, check=lambda con: results.extend(check_warehouse(con)))
    except LoadFailed as exc:
        stays = file_sha256(home.warehouse) == before
        return Outcome([(f"{exc.check}: {exc}", "critical")], "nothing" if stays else "a half")
    return Outcome(_failed(results), "all")


# --- false alarms ---------------------------------------------------------------------------------------------


def false_alarms(base: Base) -> Iterator[tuple[str, str]]:
    """Critical expectations and warnings that do not hold in an untouched home: stage and name."""
    for stage in STAGES:
        for name, _ in judge_rows(base, stage, None, random.Random(0)).told:
            yield stage, name
        for name, _ in judge_whole(base, base.home, stage).told:
            yield stage, name
    for stage in (*STAGES, "load"):
        for name, _ in judge_files(base, base.home, stage).told:
            yield stage, name


# --- the command ----------------------------------------------------------------------------------------------


def corruptions(seed: int, only: str) -> int:
    """Tries every fault and prints what got through; gives the exit code."""
    tried = [c for c in CORRUPTIONS if only in c.id]
    with tempfile.TemporaryDirectory(prefix="dateline-soak-") as folder:
        base = make_base(Path(folder) / "samples", seed=seed)
        missed = []
        for corruption in tried:
            outcome = try_corruption(base, corruption, Path(folder) / "copy", seed=seed)
            if not outcome.catches(corruption):
                missed.append(corruption)
                print(
                    f"missed: {corruption.id}: {corruption.expectation} ({corruption.severity}, loads {corruption.loads}); told: {outcome}"
                )
        alarms = [("samples", *alarm) for alarm in false_alarms(base)]
        write(30, Path(folder) / "drop", per_file=1)
        generated = make_base(Path(folder) / "generated", Path(folder) / "drop", seed=seed)
        alarms += [("30 generated documents", *alarm) for alarm in false_alarms(generated)]
    for alarm in alarms:
        print(f"false alarm: {': '.join(alarm)}")
    print(f"{len(tried) - len(missed)} of {len(tried)} faults caught in their stage; {len(alarms)} false alarms (seed {seed})")
    return 3 if missed or alarms else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["corruptions"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="faults whose id has this word in it")
    given = parser.parse_args(argv)
    return corruptions(given.seed, given.only)


if __name__ == "__main__":
    sys.exit(main())
