"""What every command begins with: settings from flags, environment and .env, the open warehouse, the next thing to type."""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.errors import BadQuery, BadSetting, NoWarehouse, UnknownName

if TYPE_CHECKING:
    import duckdb

    from flows.settings import Settings

PREFIX = "DATELINE_"


@dataclass(frozen=True, slots=True)
class Call:
    """The settings of one call and the flags that were given for them."""

    settings: Settings
    flags: Mapping[str, str]
    verbose: bool = False

    def typed(self, command: str) -> str:
        """The command as it must be typed to go on in the same home."""
        home = self.flags.get("home")
        return f"dateline {command}" + (f" --home {shlex.quote(home)}" if home else "")


def read_call(*, verbose: bool = False, **flags: str | None) -> Call:
    """Settings of this call: a flag wins over the environment, the environment over ``.env``, that over the default.

    Raises:
        BadSetting: a value cannot be used; the message says where it comes from.
    """
    from pydantic import ValidationError

    from flows.settings import Settings

    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic reads the text of a flag as it reads the environment
    except ValidationError as exc:
        raise _bad_setting(exc.errors()[0], given) from None
    except UnicodeDecodeError as exc:
        raise BadSetting(f".env is not UTF-8 text: {exc.reason} at byte {exc.start}", hint="save it as UTF-8") from None
    _check_paths(settings, given)
    return Call(settings, given, verbose)


def origin_of(name: str, flags: Mapping[str, str]) -> str:
    """Where the value of a setting comes from: flag, environment, .env or default."""
    if name in flags:
        return "flag"
    if any(key.upper() == f"{PREFIX}{name.upper()}" for key in os.environ):
        return "environment"
    return ".env" if f"{PREFIX}{name.upper()}" in dot_env() else "default"


def dot_env() -> dict[str, str | None]:
    """What ``.env`` in the working folder sets, names in capitals."""
    from dotenv import dotenv_values

    return {key.upper(): value for key, value in dotenv_values(".env").items()}


def spelled(name: str, flags: Mapping[str, str]) -> str:
    """The setting as the user wrote it: its flag or its variable."""
    variable = f"{PREFIX}{name.upper()}"
    origin = origin_of(name, flags)
    return f"--{name.replace('_', '-')}" if origin == "flag" else f"{variable} in .env" if origin == ".env" else variable


def _bad_setting(error: Mapping[str, Any], flags: Mapping[str, str]) -> BadSetting:
    from pydantic import SecretStr

    from flows.settings import Settings

    name = str(error["loc"][0]) if error["loc"] else ""
    if name not in Settings.model_fields:
        return BadSetting(str(error["msg"]), hint="see: dateline doctor")
    words = str(error["msg"]).split(", unable")[0].replace("Input should", "it should").removeprefix("Value error, ")
    meaning = Settings.model_fields[name].description or ""
    shown = "what it is" if Settings.model_fields[name].annotation is SecretStr else repr(error["input"])
    return BadSetting(f"{spelled(name, flags)} cannot be {shown}: {words}", hint=f"it means: {meaning.rstrip('.')}")


def _check_paths(settings: Settings, flags: Mapping[str, str]) -> None:
    home = settings.at_home().path
    if home.exists() and not home.is_dir():
        raise BadSetting(f"{spelled('home', flags)}: {home} is not a folder", hint="give a folder; it is made if it is not there")
    nearest = next(p for p in (home, *home.parents) if p.exists())
    if not os.access(nearest, os.W_OK):
        raise BadSetting(f"{spelled('home', flags)}: {nearest} cannot be written to", hint="give a folder that you may write to")
    if settings.sources is not None and not settings.sources.is_file():
        raise BadSetting(f"{spelled('sources', flags)}: there is no file {settings.sources}", hint="give the path of your sources.toml")
    if settings.corrections is not None and not settings.corrections.expanduser().is_file():
        raise BadSetting(
            f"{spelled('corrections', flags)}: there is no file {settings.corrections}", hint="give the path of your corrections.toml"
        )
    if settings.lines is not None and not settings.lines.is_file():
        raise BadSetting(f"{spelled('lines', flags)}: there is no file {settings.lines}", hint="make one: dateline learn-lines --out FILE")


@contextmanager
def opened(call: Call) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the warehouse; times are told in UTC, and what DuckDB refuses is one clear line.

    Raises:
        NoWarehouse: there is none, or none that can be opened.
        BadQuery: DuckDB refused a query inside of the block.
    """
    import duckdb

    from warehouse.load import open_warehouse

    home = call.settings.at_home()
    try:
        con = open_warehouse(home)
    except FileNotFoundError:
        raise NoWarehouse(f"there is no warehouse in {home.path}", hint=f"make one: {call.typed('run PATH')}") from None
    except duckdb.Error as exc:
        raise NoWarehouse(f"{home.warehouse} cannot be opened: {first_line(exc)}", hint=f"make it anew: {call.typed('load')}") from None
    try:
        con.execute("set timezone = 'UTC'")
        yield con
    except duckdb.Error as exc:
        raise bad_query(exc, call) from None
    except RuntimeError as exc:
        if was_interrupted(exc):
            raise KeyboardInterrupt from None
        raise
    finally:
        con.close()


def was_interrupted(exc: BaseException) -> bool:
    """Did the user stop the query? DuckDB tells Ctrl-C as a plain RuntimeError."""
    return isinstance(exc, KeyboardInterrupt) or (isinstance(exc, RuntimeError) and "interrupted" in str(exc))


def bad_query(exc: BaseException, call: Call) -> BadQuery:
    """DuckDB's complaint as one line, and what helps against it."""
    words = first_line(exc)
    hints = {
        "name corrections does not exist": f"this warehouse is older than the program, make it anew: {call.typed('run')}",
        "does not exist": f"see: {call.typed('tables')}",
        "not found in FROM": f"see: {call.typed('describe TABLE')}",
        "read-only": "tables of your own: create temp table NAME as select ...",
    }
    return BadQuery(words.rstrip("!"), hint=next((hint for key, hint in hints.items() if key in words), None))


def first_line(exc: BaseException) -> str:
    """What DuckDB says, without the excerpt of the query and the trace that follow it."""
    said = []
    for line in str(exc).splitlines():
        if line.startswith(("LINE ", "Stack Trace")):
            break
        if line.strip():
            said.append(line.strip())
    return " ".join(said)


def unknown(what: str, name: str, known: Iterable[str], *, hint: str) -> UnknownName:
    """Nothing has this name; the nearest names are told."""
    near = difflib.get_close_matches(name.lower(), sorted(known), n=3, cutoff=0.6)
    return UnknownName(f'there is no {what} "{name}"', hint=f"did you mean: {', '.join(near)}?" if near else hint)
