"""Layers hold: who may import what, and what must not be in any file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
IMPURE = {"prefect", "duckdb", "great_expectations", "requests", "httpx", "urllib.request", "socket", "random", "secrets", "uuid"}


def _imports(path: Path) -> set[str]:
    out: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            out |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            out |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return out


@pytest.mark.parametrize("path", sorted((ROOT / "transforms").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_transforms_are_pure(path: Path) -> None:
    for name in _imports(path):
        top = name.split(".")[0]
        assert top not in IMPURE and name not in IMPURE, name
        assert top not in {"flows", "expectations"}, name
        assert top != "warehouse" or name.startswith("warehouse.schema"), name


@pytest.mark.parametrize("path", sorted((ROOT / "transforms").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_transforms_know_no_clock_and_no_environment(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|os\.environ|os\.getenv)\b", text)


def test_the_command_line_is_light() -> None:
    heavy = ("prefect", "spacy", "duckdb", "pandas", "great_expectations", "pyarrow")
    code = f"import sys, flows.cli; loaded = set({heavy}) & set(sys.modules); sys.exit(str(loaded) if loaded else 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_file_names_a_registry_host_or_a_private_path() -> None:
    words = ["pypi" + ".org", "python" + "hosted", "npmjs" + ".com", "/wo" + "rk/", "/ro" + "ot/"]
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode().split("\0")
    for name in filter(None, files):
        path = ROOT / name
        if path.suffix in {".gz", ".zip", ".bin", ".spacy"} or not path.is_file() or name.startswith("models/en_"):
            continue
        text = path.read_bytes().decode("utf-8", "replace").lower()
        for word in words:
            assert word not in text, f"{word} in {name}"


def test_locked_versions_are_complete_and_name_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    names = {m.lower().replace("_", "-") for m in re.findall(r"^([A-Za-z0-9_.-]+)", lock, re.M)}
    assert {"prefect", "duckdb", "spacy", "pyarrow", "great-expectations"} <= names
    assert all(re.match(r"[^=]+==\S+", line) for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line))
