"""The command line. This module alone catches errors: a class is an exit code, an instance three lines on stderr."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from drupalsync.cli import demo, diff, doctor, export, history, import_, init, rollback, schema, show, status, verify
from drupalsync.errors import DrupalsyncError
from drupalsync.interrupts import SIGNALS

USAGE = 64
INTERRUPTED = 130

app = typer.Typer(
    name="drupalsync",
    help="Keep a Drupal 7 site's configuration as code: export it to YAML, review it in git, import it idempotently.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(init.init)
app.command("export")(export.export)
app.command("status")(status.status)
app.command("diff")(diff.diff)
app.command("import")(import_.import_)
app.command("verify")(verify.verify)
app.command("history")(history.history)
app.command("show")(show.show)
app.command("rollback")(rollback.rollback)
app.command("doctor")(doctor.doctor)
app.command("schema")(schema.schema)
app.command("demo")(demo.demo)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.", is_eager=True)] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback where something fails.")] = False,
) -> None:
    del debug  # main() takes it from any place in the arguments: an error in parsing them must know it, too
    if version:
        from drupalsync import __version__

        typer.echo(f"drupalsync {__version__}")
        raise typer.Exit


def main(argv: list[str] | None = None) -> int:
    """Runs a command line (without the program's name) and returns its exit code."""
    _take_any_letter()
    arguments = sys.argv[1:] if argv is None else argv
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    if not arguments:
        app(["--help"], standalone_mode=False, prog_name="drupalsync")
        return USAGE
    try:
        code = app(arguments, standalone_mode=False, prog_name="drupalsync")
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "drupalsync"
        print(f"drupalsync: {error.format_message()}\n  mend:  {command} --help", file=sys.stderr)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except DrupalsyncError as error:
        if debug:
            raise
        from drupalsync.report.visible import visible_lines

        print(f"drupalsync: {visible_lines(str(error))}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us went away: nothing is left to say
        return 1
    except Exception as error:
        if debug:
            raise
        print(
            f"drupalsync: an error of drupalsync itself ({type(error).__name__}); what it had not finished writing was taken back\n"
            "  mend:  run it again with --debug, and report what that shows",
            file=sys.stderr,
        )
        return 1
    if code == INTERRUPTED:  # typer itself makes this number of a Ctrl-C inside a command, without a word
        print("drupalsync: interrupted; nothing was changed", file=sys.stderr)
    return code if isinstance(code, int) else 0


def _take_any_letter() -> None:
    """What the terminal's encoding lacks is shown by its number: it is no reason to end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def entry() -> None:
    """What the console script runs. SIGTERM, which CI sends to a job that it cancels, is told and undone as Ctrl-C is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = main()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # nothing is left to stop, and what was said must stay true
    sys.exit(code)
