"""Runs the commands of project.yml in their order: python -m models.training.make --package FOLDER

spaCy's own `project run` would run them in the folder of the project; ours belong to the root of the repository, where `python -m` finds them.
"""

from __future__ import annotations

import argparse
import hashlib
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Check the package, then run every command; one that fails ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--from", dest="first", help="command to go on from after one that was stopped")
    parser.add_argument("--dry-run", action="store_true", help="only print the commands")
    args = parser.parse_args()
    project = yaml.safe_load(Path(__file__).with_name("project.yml").read_text(encoding="utf-8"))
    variables = project["vars"] | {"package": str(args.package.resolve())}
    check_package(args.package, project["assets"])
    names = project["workflows"]["all"]
    scripts = {c["name"]: [filled(line, variables) for line in c["script"]] for c in project["commands"]}
    for name in names[names.index(args.first) if args.first else 0 :]:
        for line in scripts[name]:
            print(f"{name}: {line}", flush=True)
            if not args.dry_run:
                words = shlex.split(line)
                subprocess.run([sys.executable, *words[1:]] if words[0] == "python" else words, cwd=ROOT, check=True)


def filled(line: str, variables: dict[str, str]) -> str:
    """The line with ``${vars.name}`` replaced.

    >>> filled("cp ${vars.a} b", {"a": "x"})
    'cp x b'
    """
    for name, value in variables.items():
        line = line.replace("${vars." + name + "}", str(value))
    return line


def check_package(folder: Path, assets: list[dict[str, str]]) -> None:
    """Raise ValueError for the first file of the package that is missing or is another one."""
    for asset in assets:
        path = folder / Path(asset["dest"]).name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != asset["checksum"]:
            raise ValueError(f"{path} is missing or is not the one that this pipeline was trained on")


if __name__ == "__main__":
    main()
