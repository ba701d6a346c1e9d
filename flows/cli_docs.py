"""Writes docs/cli.md from the help texts and .env.example from the settings: ``python -m flows.cli_docs``."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "cli.md"
EXAMPLE = ROOT / ".env.example"
COMMAND = "python -m flows.cli_docs"
WIDTH = "80"

EXITS = """| exit | meaning |
|---|---|
| 0 | it went well |
| 1 | it failed |
| 2 | wrong use: an option, a value, a name or a query that is not understood |
| 3 | data below expectation: a critical expectation does not hold |
| 130 | stopped with Ctrl-C |"""


def render_page() -> str:
    """The page of commands; the same code gives the same page."""
    from flows.cli import NAME, app

    lines = [
        "# The command line",
        "",
        f"<!-- Written by `{COMMAND}` from the help texts. Do not edit. -->",
        "",
        "`python -m flows` is the same command. What a command tells goes to standard output; errors are one line on standard error,",
        "with a code and what to type next.",
        "",
        EXITS,
        "",
        "```",
        help_text([]),
        "```",
    ]
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        lines += ["", f"## {NAME} {name}", "", "```", help_text([name]), "```"]
    return "\n".join([*lines, *_settings()]).rstrip() + "\n"


def help_text(command: list[str]) -> str:
    """What ``dateline [command] --help`` prints, as wide as a page."""
    from flows.cli import main

    out, width = io.StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = WIDTH
    try:
        with redirect_stdout(out):
            main([*command, "--help"])
    finally:
        if width is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = width
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())


def _settings() -> Iterator[str]:
    from flows.settings import Settings

    yield from ("", "## Settings", "", "A flag wins over the environment, the environment over `.env` in the working folder,")
    yield "that over the default."
    yield from ("`dateline doctor` tells every value and where it comes from.", "", "| variable | default | meaning |", "|---|---|---|")
    for name, field in Settings.model_fields.items():
        yield f"| `{variable(name)}` | {default_words(name)} | {field.description} |"


def variable(name: str) -> str:
    """Name of the variable that sets a setting."""
    return f"DATELINE_{name.upper()}"


def default_words(name: str) -> str:
    """The default as people read it; the number of cores is not the same everywhere."""
    from flows.settings import Settings

    field = Settings.model_fields[name]
    if field.default_factory is not None:
        return "all usable cores"
    value = plain_default(name)
    return f"`{value}`" if value not in (None, "") else "none"


def plain_default(name: str) -> object:
    """The default without the wrapping that keeps a secret out of logs."""
    from pydantic import SecretStr

    from flows.settings import Settings

    value = Settings.model_fields[name].default
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def render_example() -> str:
    """Every setting in a line that sets its default once the mark in front of it is taken off."""
    from flows.settings import Settings

    lines = ["# Copy to .env and take the # off the settings that you want to change. A flag or an environment variable wins over it."]
    for name, field in Settings.model_fields.items():
        value, note = plain_default(name), ""
        if field.default_factory is not None:
            value, note = 2, " Default: all usable cores."
        elif value is None:
            value, note = f"{name}.toml", " Default: none."
        lines.append(f"#{variable(name)}={value if value != '' else chr(34) * 2}  # {field.description}{note}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes both files."""
    PAGE.write_text(render_page(), "utf-8")
    EXAMPLE.write_text(render_example(), "utf-8")


if __name__ == "__main__":
    main()
