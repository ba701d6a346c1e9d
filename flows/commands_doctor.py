"""dateline doctor and models: what is installed, which settings hold and where they come from, what is known not to work."""

from __future__ import annotations

import difflib
import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from flows.call import PREFIX, Call, dot_env, opened, origin_of
from flows.errors import EXIT_FAILED, EXIT_OK, DatelineError
from flows.show import on_terminal, print_json

PACKAGES = (
    "dateline", "prefect", "duckdb", "spacy", "pyarrow", "great-expectations", "pydantic", "fastapi", "sqlalchemy",
    "pandas", "trafilatura", "lxml", "rapidfuzz", "datasketch", "typer", "rich",
)  # fmt: skip
KNOWN_BAD = (
    ("fastapi", (0, 151), "prefect", (3, 8), "Prefect's server does not start; pip install 'fastapi<0.151'"),
    ("sqlalchemy", (2, 1), "prefect", (3, 8), "Prefect makes no scheduled runs; pip install 'sqlalchemy<2.1'"),
)
"""Package, the version from which on it fails, with which other package up to which version, what happens and what to type."""
OTHER_VARIABLES = ("DATELINE_ROOT",)
"""Variables with our prefix that are no settings: prefect.yaml reads this one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: ok, note or bad."""

    topic: str
    name: str
    value: str
    verdict: str = "ok"
    words: str = ""


def doctor(call: Call, *, as_json: bool) -> int:
    """Tells what it finds; 1 if something is known not to work, else 0."""
    findings = [*_python(), *_packages(), *_model(call), *_settings(call), *_home(call)]
    if as_json:
        print_json([{"topic": f.topic, "name": f.name, "value": f.value, "verdict": f.verdict, "words": f.words} for f in findings])
    else:
        _print(findings)
    return EXIT_FAILED if any(f.verdict == "bad" for f in findings) else EXIT_OK


def _print(findings: list[Finding]) -> None:
    for topic in dict.fromkeys(f.topic for f in findings):
        print(f"{topic}")
        own = [f for f in findings if f.topic == topic]
        width, wide = max(len(f.name) for f in own), max(len(f.value) for f in own)
        for f in own:
            mark = "" if f.verdict == "ok" else f"{f.verdict.upper()}: "
            print(f"  {f.name:<{width}}  {_coloured(f.value.ljust(min(wide, 60)), f.verdict)}  {mark}{f.words}".rstrip())
        print()
    bad = [f for f in findings if f.verdict == "bad"]
    print(f"{len(bad)} known not to work: {'; '.join(f.name for f in bad)}" if bad else "nothing is known not to work")


def _coloured(text: str, verdict: str) -> str:
    code = {"bad": "1;31", "note": "33"}.get(verdict)
    return f"\x1b[{code}m{text}\x1b[0m" if code and on_terminal() else text


def _python() -> list[Finding]:
    have = sys.version_info[:2]
    if not (3, 11) <= have <= (3, 13):
        return [Finding("python", "python", platform.python_version(), "bad", "Python 3.11 to 3.13 is needed")]
    if have == (3, 11):  # spaCy builds with Cython's profile directive below 3.12: each small function of its parsers takes the GIL
        return [Finding("python", "python", platform.python_version(), "note", "spaCy reads about twice as fast with 3.12 and 3.13")]
    return [Finding("python", "python", platform.python_version(), "ok", platform.platform())]


# --- packages -------------------------------------------------------------------------------------------------


def installed(package: str) -> str | None:
    """The version that is installed, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def known_bad(versions: dict[str, str | None]) -> dict[str, str]:
    """Packages that are known not to work in these versions -> what happens and what to type."""
    out = {}
    for package, broken_from, other, up_to, words in KNOWN_BAD:
        have, with_other = _numbers(versions.get(package)), _numbers(versions.get(other))
        if have and with_other and have >= broken_from and with_other[:2] <= up_to:
            out[package] = words
    return out


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(int(n) for n in (text or "").split(".")[:2] if n.isdigit())


def _packages() -> list[Finding]:
    found = {p: installed(p) for p in PACKAGES}
    bad = known_bad(found)
    unmet = _unmet()
    out = []
    for package, have in found.items():
        if have is None:
            out.append(Finding("packages", package, "not installed", "bad", f"pip install {package}"))
        elif package in bad or package in unmet:
            words = bad.get(package) or f"this project needs {unmet[package]}"
            out.append(Finding("packages", package, have, "bad", words))
        else:
            out.append(Finding("packages", package, have))
    return out


def _unmet() -> dict[str, str]:
    """Packages whose version is not one that this project asks for."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in requires("dateline") or ()]
    except PackageNotFoundError:
        return {}
    out = {}
    for need in wanted:
        have = installed(need.name)
        if (need.marker is None or need.marker.evaluate({"extra": ""})) and have and not need.specifier.contains(have, prereleases=True):
            out[need.name] = str(need)
    return out


# --- model ----------------------------------------------------------------------------------------------------


def _model(call: Call) -> list[Finding]:
    name = call.settings.model
    try:
        meta = meta_of(name)
    except (OSError, ImportError, ValueError, KeyError) as exc:
        return [Finding("model", name or "embedded", "cannot be used", "bad", f"{exc}; see: dateline models")]
    lacks = lacking(meta)
    words = f"lacks {', '.join(lacks)}" if lacks else ", ".join(meta["components"])
    return [Finding("model", name or "embedded", full_name(meta), "bad" if lacks else "ok", words)]


def meta_of(model: str) -> dict[str, Any]:
    import spacy

    from transforms.language.pipeline import EMBEDDED

    folder = Path(model) if model and Path(model).is_dir() else spacy.util.get_package_path(model) if model else EMBEDDED
    return dict(spacy.util.load_meta(Path(folder) / "meta.json"))


def full_name(meta: dict[str, Any]) -> str:
    """Name and version of a pipeline."""
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


def lacking(meta: dict[str, Any]) -> list[str]:
    """What the extractors need and the pipeline does not have."""
    from transforms.language.pipeline import NEEDED

    found = meta.get("components") or meta.get("pipeline") or []
    return [*(["English"] if meta["lang"] != "en" else []), *(n for n in NEEDED if n not in found)]


# --- settings, home -------------------------------------------------------------------------------------------


def _settings(call: Call) -> list[Finding]:
    values = call.settings.model_dump()
    out = [Finding("settings", f"{PREFIX}{n.upper()}", _shown(value), words=origin_of(n, call.flags)) for n, value in values.items()]
    known = [f.name for f in out]
    given = {key.upper(): "environment" for key in os.environ} | dict.fromkeys(dot_env(), ".env")
    for key, origin in sorted(given.items()):
        if key.startswith(PREFIX) and key not in known and key not in OTHER_VARIABLES:
            near = difflib.get_close_matches(key, known, n=1)
            words = f"{origin}; no setting has this name" + (f", did you mean {near[0]}?" if near else "")
            out.append(Finding("settings", key, "", "note", words))
    return out


def _shown(value: Any) -> str:
    return "(none)" if value in (None, "") else str(value)


def _home(call: Call) -> list[Finding]:
    home = call.settings.at_home()
    if not home.path.exists():
        return [Finding("home", str(home.path), "", "note", f"not there yet; make it: {call.typed('run PATH')}")]
    out = []
    for name, path in (("raw", home.raw), ("lake", home.lake), ("runs", home.runs), ("reports", home.reports)):
        n, size = _size(path)
        out.append(Finding("home", name, f"{megabytes(size)} in {n:,} files", words=str(path)))
    if not os.access(home.path, os.W_OK):
        out.append(Finding("home", "home", "cannot be written", "bad", f"chmod u+w {home.path}"))
    return [*out, _warehouse(call)]


def _warehouse(call: Call) -> Finding:
    path = call.settings.at_home().warehouse
    try:
        with opened(call) as con:
            n = con.execute("select count(*) from documents").fetchall()[0][0]
    except DatelineError as exc:
        return Finding("home", "warehouse", "cannot be opened" if path.exists() else "none", "bad" if path.exists() else "note", str(exc))
    return Finding("home", "warehouse", f"{megabytes(path.stat().st_size)}, {n:,} documents", words=str(path))


def _size(folder: Path) -> tuple[int, int]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return len(files), sum(p.stat().st_size for p in files)


def megabytes(size: int) -> str:
    """A size as people read it.

    >>> megabytes(1_500_000)
    '1.5 MB'
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size / 1e3:,.0f} kB"
