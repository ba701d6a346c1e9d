"""Makes a corpus of any size from samples/: python -m benchmarks.generate N FOLDER [--per-file 1|K]

Paragraphs of the sample texts are mixed, their names and numbers changed, so that no two documents are alike but all
look like news. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

DROP = Path(__file__).resolve().parents[1] / "samples" / "drop"
SURNAMES = ("Arvensen", "Bokharev", "Castellane", "Dravic", "Eyvindur", "Farrokhi", "Gantulga", "Hollister", "Iwamatsu", "Jorquera")
TOWNS = ("Kaunas", "Braila", "Tacna", "Mwanza", "Osijek", "Surat", "Trondheim", "Vologda", "Wau", "Zadar")


def paragraphs() -> list[str]:
    """Paragraphs of at least 80 characters from the plain-text samples, in the order of file names."""
    out: list[str] = []
    for path in sorted(DROP.glob("*.txt")):
        if path.name.startswith("communique_fr"):
            continue
        out += [line.strip() for line in path.read_text("utf-8").splitlines() if len(line.strip()) >= 80]
    return out


def documents(n: int, *, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Title and body of ``n`` articles of about 400 words."""
    rng = random.Random(seed)
    pool = paragraphs()
    for i in range(n):
        picked = rng.sample(pool, min(len(pool), rng.randint(6, 12)))
        body = "\n\n".join(_vary(p, rng) for p in picked)
        lead = f"{rng.choice(TOWNS)}'s {rng.choice(SURNAMES)} answers critics in case {i}"
        yield lead, body


def _vary(text: str, rng: random.Random) -> str:
    text = re.sub(r"\b(\d{2,3})\b", lambda m: str(max(2, int(m[1]) + rng.randint(-9, 9))), text)
    old = re.findall(r"\b[A-Z][a-z]{6,}\b", text)
    if old:
        text = text.replace(rng.choice(old), rng.choice(SURNAMES))
    return text


def write(n: int, folder: Path, *, per_file: int = 1) -> None:
    """Writes ``n`` documents: one text file each, or JSON Lines with ``per_file`` records each."""
    folder.mkdir(parents=True, exist_ok=True)
    batch: list[str] = []
    for i, (title, body) in enumerate(documents(n)):
        if per_file == 1:
            (folder / f"doc{i:06d}.txt").write_text(f"{title}\n\n{body}", "utf-8")
            continue
        record = {
            "id": i,
            "title": title,
            "text": body,
            "publisher": f"Outlet {i % 7}",
            "published_at": f"2025-03-{1 + i % 28:02d}T08:00:00Z",
        }
        batch.append(json.dumps(record, ensure_ascii=False))
        if len(batch) == per_file or i == n - 1:
            (folder / f"batch{i // per_file:05d}.jsonl").write_text("\n".join(batch) + "\n", "utf-8")
            batch = []


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--per-file", type=int, default=1)
    given = parser.parse_args()
    write(given.n, given.folder, per_file=given.per_file)
