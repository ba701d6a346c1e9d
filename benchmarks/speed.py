"""End to end against bare spaCy, in one run: python -m benchmarks.speed [--documents 2000] [--workers 2]

The reference is ``nlp.pipe`` of the same model over the same texts in as many processes, nothing else. Prints seconds,
the ratio, the share of each stage, of the gates and of Prefect, peak memory, and what a second run takes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing import get_context
from pathlib import Path

from benchmarks.generate import documents, write
from flows.workers import one_thread_per_process


def bare(n: int, workers: int, number: int) -> tuple[float, int]:
    """Seconds and words of ``nlp.pipe`` over every ``workers``-th text, loading left out."""
    import spacy

    from transforms.language.pipeline import EMBEDDED

    one_thread_per_process()
    nlp = spacy.load(EMBEDDED)
    texts = [f"{title}\n\n{body}" for i, (title, body) in enumerate(documents(n)) if i % workers == number]
    clock = time.perf_counter()
    words = sum(len(doc) for doc in nlp.pipe(texts))
    return time.perf_counter() - clock, words


def run(folder: Path, home: Path, workers: int) -> dict[str, object]:
    """Runs the pipeline in a process of its own; gives its summary and the peak memory of its whole process tree in MB."""
    command = [sys.executable, "-m", "flows", "run", str(folder), "--home", str(home), "--workers", str(workers), "--json"]
    clock = time.perf_counter()
    peak = [0.0]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watch = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
        watch.start()
        out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}\n{out}")
    return {**json.loads(out), "seconds": time.perf_counter() - clock, "peak_mb": peak[0]}


def _watch(pid: int, peak: list[float]) -> None:
    while Path(f"/proc/{pid}").exists():
        peak[0] = max(peak[0], sum(_rss_mb(p) for p in _tree(pid)))
        time.sleep(0.5)


def _tree(pid: int) -> list[int]:
    out = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            out += _tree(int(child))
    return out


def _rss_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, IndexError):
        return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--floor", type=float, default=0.0, help="end with 3 if the whole is slower than this share of bare spaCy")
    given = parser.parse_args()
    one_thread_per_process()
    with tempfile.TemporaryDirectory() as tmp:
        folder, home = Path(tmp, "in"), Path(tmp, "home")
        write(given.documents, folder, per_file=200)
        with get_context("spawn").Pool(given.workers) as pool:
            spacy_s = pool.starmap(bare, [(given.documents, given.workers, i) for i in range(given.workers)])
        reference = max(s for s, _ in spacy_s)
        first, second = run(folder, home, given.workers), run(folder, home, given.workers)
    words = sum(w for _, w in spacy_s)
    stages = {s["stage"]: s for s in first["stages"]}  # type: ignore[index,union-attr]
    total = sum(s["duration_s"] for s in stages.values())
    print(f"{given.documents} documents, {words} tokens, {given.workers} processes")
    print(f"bare nlp.pipe            {reference:8.1f} s")
    print(f"whole pipeline           {first['seconds']:8.1f} s   ratio {reference / float(first['seconds']):.2f}")  # type: ignore[arg-type]
    for name, s in stages.items():
        print(
            f"  {name:22s} {s['duration_s']:8.1f} s   {s['duration_s'] / reference:6.1%} of the spaCy pass; gates {s['gate_s'] / given.workers:.1f} s"
        )
    print(f"  Prefect and start-up   {float(first['seconds']) - total:8.1f} s")  # type: ignore[arg-type]
    print(f"peak memory, all processes {first['peak_mb']:6.0f} MB")
    print(f"second run               {second['seconds']:8.1f} s")
    if reference / float(first["seconds"]) < given.floor:  # type: ignore[arg-type]
        raise SystemExit(3)


if __name__ == "__main__":
    main()
