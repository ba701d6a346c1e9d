"""dateline models: the spaCy pipelines at hand, and two of them side by side."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.call import Call
from flows.commands_doctor import full_name, lacking, meta_of
from flows.errors import BadSetting
from flows.show import print_json, print_rows

if TYPE_CHECKING:
    from spacy.language import Language

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "models" / "labels" / "names_dev.jsonl"
NAMES = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART", "LANGUAGE")


def list_models(call: Call, *, as_json: bool) -> None:
    """The embedded and every installed spaCy pipeline: what they are, whether they can be used, and which one is.

    Raises:
        BadSetting: after the list, if the one that the settings name cannot be used.
    """
    import spacy

    names = ["", *sorted(spacy.util.get_installed_models())]
    if call.settings.model and call.settings.model not in names:
        names.append(call.settings.model)
    rows: list[tuple[Any, ...]] = []
    for name in names:
        used = "used" if name == call.settings.model else ""
        try:
            meta = meta_of(name)
        except (OSError, ImportError, ValueError, KeyError):
            rows.append((name, None, f"not installed: pip install {name}, or give the folder of a pipeline", used, None))
            continue
        lacks = lacking(meta)
        rows.append((name or "(embedded)", full_name(meta), f"no: lacks {', '.join(lacks)}" if lacks else "yes", used, meta["components"]))
    columns = ("name", "version", "can be used", "now", "components")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_rows(columns, rows)
        print("\nchoose another: --model NAME, or DATELINE_MODEL=NAME; a path to a folder will do")
    if any(row[3] and row[2] != "yes" for row in rows):
        raise BadSetting(
            f"the pipeline {call.settings.model} cannot be used", hint="leave --model and DATELINE_MODEL out for the embedded one"
        )


def compare_models(call: Call, words: Sequence[str], *, as_json: bool) -> None:
    """Scores two pipelines on the labelled sentences and prints the rows that differ over the paths (samples/ if none are given).

    Raises:
        BadSetting: the words are not ``compare A B [PATH...]``, or a pipeline cannot be used.
    """
    if words[0] != "compare" or len(words) < 3:
        raise BadSetting(
            f"not understood: {' '.join(words)}", hint='say: dateline models compare A B [PATH...]; "embedded" is the one of ours'
        )
    models = ["" if w == "embedded" else w for w in words[1:3]]
    scores = [score(name) for name in models]
    paths = list(words[3:]) or [str(ROOT / "samples" / "drop")]
    with tempfile.TemporaryDirectory(prefix="dateline-models-") as folder:
        homes = [Path(folder) / side for side in "ab"]
        for name, home in zip(models, homes, strict=True):
            _run(call, name, paths, home)
        if as_json:
            from flows.commands_diff import COMPARED, compare
            from warehouse.lake import Home

            counts = Counter((c.table, c.kind) for c in compare(Home(homes[0]), Home(homes[1])))
            rows = [{"table": t, **{k: counts[t, k] for k in ("lost", "gained", "changed")}} for t in COMPARED]
            print_json([{"pipelines": list(words[1:3]), "scores": scores, "rows": rows}])
            return
        print_rows(("measure", *words[1:3]), [(m, scores[0][m], scores[1][m]) for m in scores[0]])
        print()
        from flows.commands_diff import diff

        diff(*homes, limit=5, as_json=False)


def score(model: str) -> dict[str, float]:
    """F1 of names, exact span and type, over all and per label, with words per second of one process, on the sentences that nothing trains on.

    Raises:
        BadSetting: the pipeline cannot be used.
    """
    from transforms.language.pipeline import load_pipeline

    try:
        nlp = load_pipeline(model)
    except (OSError, ValueError) as exc:
        raise BadSetting(str(exc), hint="see: dateline models") from None
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    gold = [{(s, e, label) for s, e, label in row["names"]} for row in rows]
    told, words_per_second = _names(nlp, [row["text"] for row in rows])
    figures = {"names F1": _f1(gold, told)}
    for label in NAMES:
        figures[f"  {label}"] = _f1(*([{n for n in names if n[2] == label} for names in side] for side in (gold, told)))
    return {**{k: round(v, 3) for k, v in figures.items()}, "words per second": round(words_per_second, -2)}


def _names(nlp: Language, texts: Sequence[str]) -> tuple[list[set[tuple[int, int, str]]], float]:
    nlp(texts[0])
    started, n_words, told = time.process_time(), 0, []
    for doc in nlp.pipe(texts):
        n_words += len(doc)
        told.append({(e.start_char, e.end_char, e.label_) for e in doc.ents if e.label_ in NAMES})
    return told, n_words / max(1e-9, time.process_time() - started)


def _f1(gold: Sequence[set[Any]], told: Sequence[set[Any]]) -> float:
    both = sum(len(g & t) for g, t in zip(gold, told, strict=True))
    return 2 * both / max(1, sum(map(len, gold)) + sum(map(len, told)))


def _run(call: Call, model: str, paths: Sequence[str], home: Path) -> None:
    from flows.commands_run import prepare

    prepare(verbose=call.verbose)
    from flows.pipeline import run_stages
    from flows.record import new_run_id

    run_stages(list(paths), call.settings.model_copy(update={"home": home, "model": model}), new_run_id())
