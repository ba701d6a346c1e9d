"""The command ``dateline``: what can be typed. Each command imports what it needs when it is called, so that help answers at once."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from flows.errors import EXIT_FAILED, EXIT_OK, EXIT_STOPPED, EXIT_USAGE, STOPPED, DatelineError

NAME = "dateline"

app = typer.Typer(
    name=NAME,
    add_completion=False,
    rich_markup_mode=None,  # rich would make help three times as slow
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="News files in, a warehouse out: who did what to whom, who said so, how many, where and when. "
    "Every row can be proved against the characters of the file that it came from.",
    epilog=f"Begin with: {NAME} run FOLDER, then {NAME} tables.",
)

Home = Annotated[str | None, typer.Option(metavar="DIR", help="Folder of raw files, lake and warehouse. [default: data]")]
Workers = Annotated[str | None, typer.Option(metavar="N", help="Worker processes. [default: all usable cores]")]
BatchSize = Annotated[str | None, typer.Option(metavar="N", help="Documents per part of the lake. [default: 256]")]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="spaCy pipeline: a name or a folder. [default: the embedded one]")]
Sources = Annotated[str | None, typer.Option(metavar="FILE", help="sources.toml: publisher, zone, mapping and date by file name.")]
Lines = Annotated[
    str | None, typer.Option(metavar="FILE", help="lines.toml of learn-lines. [default: lines.toml in the home, if there is one]")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Prefect's log, and tracebacks.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH",
        help="Files, folders or globs in quotes. Without one: what arrived before, as far as it is not made.",
        show_default=False,
    ),
]


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"{NAME} {version('dateline')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Shows the help if nothing is asked for."""
    if context.invoked_subcommand is None:
        print(context.get_help())


# --- the pipeline ---------------------------------------------------------------------------------------------


@app.command()
def run(  # typer passes every parameter by name
    paths: Paths = None, home: Home = None, workers: Workers = None, batch_size: BatchSize = None, model: Model = None, sources: Sources = None,
    lines: Lines = None,
    answers: Annotated[bool, typer.Option("--answers", "--demo", help="Then ask the warehouse three questions.")] = False,
    json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Run all stages, from files to the warehouse.

    The stages are land, clean, extract, link and load; each ends in its expectations.

    What is made already is not made again: a second run over the same files changes no file of the lake, and a run that was stopped goes on where
    it was.
    """
    from flows.call import read_call
    from flows.commands_run import STAGES
    from flows.commands_run import run as run_stages

    call = read_call(home=home, workers=workers, batch_size=batch_size, model=model, sources=sources, lines=lines, verbose=verbose)
    run_stages(call, paths or [], STAGES, as_json=json, answers=answers)


@app.command()
def land(
    paths: Paths = None, home: Home = None, workers: Workers = None, batch_size: BatchSize = None, sources: Sources = None,
    json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Store files untouched and read what they hold."""
    _one_stage("land", paths or [], json=json, home=home, workers=workers, batch_size=batch_size, sources=sources, verbose=verbose)


@app.command()
def clean(home: Home = None, workers: Workers = None, lines: Lines = None, json: Json = False, verbose: Verbose = False) -> None:
    """Tell body from boilerplate; split live blogs."""
    _one_stage("clean", [], json=json, home=home, workers=workers, lines=lines, verbose=verbose)


@app.command()
def extract(
    home: Home = None, workers: Workers = None, model: Model = None, lines: Lines = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Find mentions, times, quotes, events and figures."""
    _one_stage("extract", [], json=json, home=home, workers=workers, model=model, lines=lines, verbose=verbose)


@app.command()
def link(home: Home = None, model: Model = None, lines: Lines = None, json: Json = False, verbose: Verbose = False) -> None:
    """Join entities, copies and stories over all documents."""
    _one_stage("link", [], json=json, home=home, model=model, lines=lines, verbose=verbose)


@app.command()
def load(home: Home = None, model: Model = None, lines: Lines = None, json: Json = False, verbose: Verbose = False) -> None:
    """Publish the warehouse in place of the old one.

    A new DuckDB file is built and checked; readers of the old one are not disturbed.
    """
    _one_stage("load", [], json=json, home=home, model=model, lines=lines, verbose=verbose)


def _one_stage(stage: str, paths: Sequence[str], *, json: bool, verbose: bool, **flags: str | None) -> None:
    from flows.call import read_call
    from flows.commands_run import run as run_stages

    run_stages(read_call(verbose=verbose, **flags), paths, (stage,), as_json=json)


@app.command()
def sources(home: Home = None, sources: Sources = None, json: Json = False, verbose: Verbose = False) -> None:
    """List the sources with what each last brought."""
    from flows.call import read_call
    from flows.commands_sources import list_sources

    list_sources(read_call(home=home, sources=sources, verbose=verbose), as_json=json)


@app.command()
def serve(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Folders or globs in quotes. Without one: the sources of sources.toml.", show_default=False)
    ] = None,
    every: Annotated[str | None, typer.Option(metavar="TIME", help="How often to look: 90s, 15m, 2h, 1d. [default: 5m]")] = None,
    cron: Annotated[str | None, typer.Option(metavar="CRON", help="When to look, instead of --every.")] = None,
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone of --cron.")] = "UTC",
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="Of a server of its own, on this machine only.")] = 4200,
    home: Home = None, workers: Workers = None, batch_size: BatchSize = None, model: Model = None, sources: Sources = None,
    verbose: Verbose = False,
) -> None:  # fmt: skip
    """Watch folders, and run whenever something is new.

    Runs until Ctrl-C. The Prefect server of PREFECT_API_URL keeps schedules and runs; if none is named, one is started on this machine, and ends
    with the command.
    """
    from flows.call import read_call
    from flows.commands_serve import serve as serve_sources

    call = read_call(home=home, workers=workers, batch_size=batch_size, model=model, sources=sources, verbose=verbose)
    serve_sources(call, paths or [], every=every, cron=cron, timezone=timezone, port=port)


# --- the warehouse --------------------------------------------------------------------------------------------


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="Without one: a shell, or what comes through a pipe.")] = None,
    home: Home = None, json: Json = False, csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Ask the warehouse in SQL, read-only."""
    from flows.call import read_call
    from flows.commands_sql import ask

    ask(read_call(home=home, verbose=verbose), query, "json" if json else "csv" if csv else "table")


@app.command()
def tables(home: Home = None, json: Json = False, verbose: Verbose = False) -> None:
    """List tables, views and macros and what a row is."""
    from flows.call import read_call
    from flows.commands_sql import list_tables

    list_tables(read_call(home=home, verbose=verbose), as_json=json)


@app.command()
def describe(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A table, view or macro.")],
    home: Home = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Tell what a table is and what its columns mean."""
    from flows.call import read_call
    from flows.commands_sql import describe_table

    describe_table(read_call(home=home, verbose=verbose), table, as_json=json)


@app.command()
def why(
    id: Annotated[str, typer.Argument(metavar="ID", help="Any id (evt_..., quo_..., ent_...), or the name of a file.")],
    home: Home = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Prove a row against the file that it came from.

    Tells its sentence, its parts, its rule and its file, reads the stored file again and compares the characters.

    For a file or document: what was taken out of its text, and by which rule.
    """
    from flows.call import read_call
    from flows.commands_why import why as explain

    explain(read_call(home=home, verbose=verbose), id, as_json=json)


@app.command()
def export(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A table or view.")],
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="csv, json, jsonl or parquet; polecat for events.")] = "csv",
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to. [default: standard output]")] = None,
    home: Home = None, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Write a table or view as CSV, JSON or Parquet.

    jsonl is JSON with an object per line. polecat writes the events that are asserted tab-separated in the columns of that data set, with
    the characters that tell each of them (docs/polecat.md).
    """
    from flows.call import read_call
    from flows.commands_sql import export as export_table

    export_table(read_call(home=home, verbose=verbose), table, format, out)


# --- looking after it -----------------------------------------------------------------------------------------


@app.command()
def validate(
    report: Annotated[bool, typer.Option("--report", help="Print only the path of the last run's page.")] = False,
    home: Home = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Check again all that is made, and change nothing.

    Exit 3 if a critical expectation does not hold.
    """
    from flows.call import read_call
    from flows.commands_check import validate as check

    check(read_call(home=home, verbose=verbose), as_json=json, only_path=report)


@app.command()
def verify(home: Home = None, json: Json = False, verbose: Verbose = False) -> None:
    """Check every file against what was made.

    Hashes of lake files and stored bytes, references, spans against texts, what a killed run left behind. Names each bad
    file with what to type next, and changes nothing. Exit 3 if a file is not as it was made.
    """
    from flows.call import read_call
    from flows.commands_repair import verify as check

    check(read_call(home=home, verbose=verbose), as_json=json)


@app.command()
def repair(home: Home = None, json: Json = False, verbose: Verbose = False) -> None:
    """Take away bad files, so that a run makes them anew.

    Parts of the lake that are not as they were made are removed with all that was made from them; stored bytes and run
    tables go to quarantine. What a killed run left behind is finished or removed.
    """
    from flows.call import read_call
    from flows.commands_repair import repair as mend

    mend(read_call(home=home, verbose=verbose), as_json=json)


@app.command()
def forget(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="A document's id (doc_...), or the path, URI or name of a file.")],
    allow: Annotated[bool, typer.Option("--allow", help="Let it come back instead: take it off the forgotten list.")] = False,
    home: Home = None, workers: Workers = None, model: Model = None, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Take a document or file down, for good.

    Removes it from raw, lake and warehouse and links and loads what is left. A list of hashes keeps it from coming back.
    """
    from flows.call import read_call
    from flows.commands_forget import allow as let_back
    from flows.commands_forget import forget as take_down

    call = read_call(home=home, workers=workers, model=model, verbose=verbose)
    if allow:
        let_back(call, what)
    else:
        take_down(call, what)


@app.command()
def compact(home: Home = None, batch_size: BatchSize = None, verbose: Verbose = False) -> None:
    """Merge small parts of the lake into larger ones.

    The rows stay the same, and no stage does its work again.
    """
    from flows.call import read_call
    from flows.commands_compact import compact as merge

    merge(read_call(home=home, batch_size=batch_size, verbose=verbose))


@app.command()
def rejects(
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="Of this stage only: land, clean or extract.")] = None,
    home: Home = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """List what was set aside, and why."""
    from flows.call import read_call
    from flows.commands_check import list_rejects

    list_rejects(read_call(home=home, verbose=verbose), stage=stage, as_json=json)


@app.command()
def diff(
    one: Annotated[Path, typer.Argument(metavar="HOME", help="Home folder before.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Home folder after.")],
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Rows shown per table.")] = 10,
    json: Json = False,
) -> None:
    """List the rows that two homes do not share.

    Two versions, rule sets or models over the same files: what is lost, gained and changed, with the sentences. Documents that only one holds
    are left out.
    """
    from flows.commands_diff import diff as compare

    compare(one, other, limit=limit, as_json=json)


@app.command()
def models(
    compare: Annotated[list[str] | None, typer.Argument(metavar="[compare A B [PATH...]]", help="Score two pipelines and show whose rows differ.")] = None,
    model: Model = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """List spaCy pipelines, and which one is used; or compare two.

    compare A B: names, tags and speed of both on the labelled sentences, and the rows that would differ over samples/ or the paths given. The
    embedded one is called "embedded".
    """
    from flows.call import read_call
    from flows.commands_models import compare_models, list_models

    call = read_call(model=model, verbose=verbose)
    if compare:
        compare_models(call, compare, as_json=json)
    else:
        list_models(call, as_json=json)


@app.command("learn-lines")
def learn_lines(
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to. [default: the file in use, else lines.toml in the home]")] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Learn this publisher alone; the others stay as they are.")] = None,
    home: Home = None, json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Learn the lines that publishers repeat.

    From all documents that are landed: lines at the head or tail of at least three articles of a publisher, and of one in twenty, that stand
    between the paragraphs of none. Digits are masked, versions of one article count once.

    They are written into a file for you to review; set keep = true where a line is text. What is set stays when lines are learnt again. clean
    uses lines.toml in the home, or the file that --lines names, and cleans anew if it has changed.
    """
    from flows.call import read_call
    from flows.commands_learn import learn

    learn(read_call(home=home, verbose=verbose), out=out, publisher=publisher, as_json=json)


@app.command()
def doctor(
    home: Home = None, workers: Workers = None, batch_size: BatchSize = None, model: Model = None, sources: Sources = None,
    json: Json = False, verbose: Verbose = False,
) -> None:  # fmt: skip
    """Tell versions, settings, and what cannot work.

    Every setting is told with its value and where it comes from. Exit 1 if something is known not to work.
    """
    from flows.call import read_call
    from flows.commands_doctor import doctor as examine

    call = read_call(home=home, workers=workers, batch_size=batch_size, model=model, sources=sources, verbose=verbose)
    raise typer.Exit(examine(call, as_json=json))


# --- how it ends ----------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; gives 0 if it went well, 1 if it failed, 2 for wrong use, 3 for data below expectation, 130 if stopped."""
    # a query that begins with a comment is no option
    arguments = [f"\n{a}" if a.startswith("--") and a[2:3].isspace() else a for a in (sys.argv[1:] if argv is None else argv)]
    try:
        code = typer.main.get_command(app).main(arguments, prog_name=NAME, standalone_mode=False)
        sys.stdout.flush()
    except DatelineError as exc:
        return _fail(str(exc), exc.exit_code, arguments)
    except TyperException as exc:
        return _fail(_usage(exc), EXIT_USAGE, arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except KeyboardInterrupt:
        code = EXIT_STOPPED
    except Exception as exc:  # noqa: BLE001  # the last resort: one line instead of a traceback
        words = f"{type(exc).__name__}: {str(exc).strip().splitlines()[0] if str(exc).strip() else 'no message'}"
        return _fail(f"{words}; run it again with -v for the traceback", EXIT_FAILED, arguments)
    if code == EXIT_STOPPED:
        print(STOPPED, file=sys.stderr)
    return code if isinstance(code, int) else EXIT_OK


def _fail(words: str, code: int, arguments: Sequence[str]) -> int:
    """Says what went wrong in one line, after the traceback if it was asked for."""
    if {"-v", "--verbose"}.intersection(arguments):
        traceback.print_exc()
    print(words, file=sys.stderr)
    return code


def _usage(exc: TyperException) -> str:
    """What was typed wrongly, and what to type to see how it is typed."""
    context = getattr(exc, "ctx", None)
    command = context.command_path if context is not None else NAME
    if command == NAME and "No such option" in exc.format_message():
        words = exc.format_message().split(" (")[0].rstrip(".")
        return f"{NAME}: {words} here; options stand after the command, as in: {NAME} run PATH --home DIR"
    return f"{command}: {exc.format_message().rstrip('.')}; see: {command} --help"
