"""The interactive shell of dateline sql: a query may go over many lines and ends with a semicolon."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flows.call import Call, bad_query, opened, was_interrupted
from flows.commands_sql import Form, describe_table, execute, list_tables, print_result, read_names
from flows.errors import BadQuery, DatelineError

if TYPE_CHECKING:
    import duckdb

PROMPT, MORE = "dateline> ", "     ...> "
HISTORY = Path("~/.dateline_history")
HELP = """a query ends with ;   it may go over many lines
.tables           every table, view and macro
.describe TABLE   what its columns mean
.quit             leave (or Ctrl-D); Ctrl-C forgets what was typed"""


def open_shell(call: Call) -> None:
    """Reads queries and commands until the end of input; an error is told and the shell goes on."""
    with opened(call) as con:
        _set_up_lines([n.name for n in read_names(con)])
        print(f"{call.settings.at_home().warehouse}, read-only. .help tells the commands.")
        typed = ""
        while True:
            try:
                line = input(MORE if typed else PROMPT)
            except EOFError:
                print()
                return
            except KeyboardInterrupt:
                print()
                typed = ""
                continue
            typed = f"{typed}\n{line}" if typed else line.strip()
            if typed.startswith("."):
                if not _obey(call, typed.split()):
                    return
                typed = ""
            elif typed.rstrip().endswith(";"):
                _answer(call, con, typed)
                typed = ""


def run_lines(call: Call, con: duckdb.DuckDBPyConnection, lines: Sequence[str], form: Form) -> None:
    """What came through a pipe with commands of the shell in it; the first query that is refused ends it."""
    typed = ""
    for line in lines:
        if not typed.strip() and line.startswith("."):
            if not _obey(call, line.split()):
                return
            continue
        typed = f"{typed}\n{line}"
        if typed.rstrip().endswith(";"):
            print_result(execute(call, con, typed), form)
            typed = ""
    if typed.strip():
        print_result(execute(call, con, typed), form)


def _obey(call: Call, words: Sequence[str]) -> bool:
    """Carries out a dot command; False to leave."""
    commands: dict[str, Callable[[], None]] = {
        ".help": lambda: print(HELP),
        ".tables": lambda: list_tables(call, as_json=False),
    }
    if words[0] in (".quit", ".exit", ".q"):
        return False
    try:
        if words[0] == ".describe" and len(words) == 2:
            describe_table(call, words[1], as_json=False)
        else:
            commands.get(words[0], commands[".help"])()
    except DatelineError as exc:
        print(exc)
    return True


def _answer(call: Call, con: duckdb.DuckDBPyConnection, query: str) -> None:
    import duckdb

    try:
        print_result(execute(call, con, query), "table")
    except duckdb.Error as exc:
        print(bad_query(exc, call))
    except BadQuery as exc:
        print(exc)
    except (KeyboardInterrupt, RuntimeError) as exc:
        if not was_interrupted(exc):
            raise
        print("\nstopped")


def _set_up_lines(names: Sequence[str]) -> None:
    """Editing, history and completion of names, where the platform has readline."""
    try:
        import readline
    except ImportError:
        return

    words = sorted({*names, ".tables", ".describe", ".help", ".quit", "select", "from", "where", "group by", "order by", "limit"})

    def complete(text: str, state: int) -> str | None:
        found = [w for w in words if w.startswith(text.lower())]
        return found[state] if state < len(found) else None

    history = HISTORY.expanduser()
    with suppress(OSError):  # none yet, or another line editor's: the history is lost, never the session
        readline.read_history_file(history)
    readline.set_history_length(1000)
    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n,;()=")
    readline.parse_and_bind("tab: complete")
    atexit.register(_save_history, history)


def _save_history(history: Path) -> None:
    import readline

    with suppress(OSError):
        readline.write_history_file(history)
