"""The `tokstat` command."""

from __future__ import annotations

import os
import signal
import sys
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Timer, active_count, current_thread, main_thread
from types import FrameType

import click

from tokstat.cli.options import examples
from tokstat.io.limits import NAMES, VARIABLE, changed_limits, set_limits
from tokstat.version import __version__

_COMMANDS = (
    "compare",
    "corpus",
    "data",
    "diff",
    "distill",
    "encode",
    "explain",
    "inspect",
    "link",
    "lock",
    "morphology",
    "rank",
    "render",
    "repair",
    "study",
    "tokens",
    "whatif",
    "wordsim",
)
"""The only list of commands: each is the function of that name in the module of that name."""

_A_MOMENT = 0.01

_STDOUT = 1
_KILLED_BY_SIGINT = 130
_KILLED_BY_SIGPIPE = 141
"""Exit statuses as a shell reports them; status 1 means findings."""


_COMMANDS_MEANT = {
    "analyze": "inspect",
    "check": "inspect",
    "show": "encode",
    "tokenize": "encode",
    "split": "encode",
    "vocab": "tokens",
    "list": "tokens",
    "fix": "repair",
    "edit": "repair",
    "score": "wordsim",
    "evaluate": "wordsim",
    "report": "render",
    "convert": "render",
}
"""Commands of other tools, and the command of tokstat that does the same."""

_ARGUMENTS_MEANT = {
    "inspect": "To inspect several tokenizers side by side: tokstat compare SPEC SPEC",
    "tokens": "To split a text: tokstat encode SPEC TEXT; to find tokens by their text: tokstat"
    " tokens SPEC --contains TEXT",
    "render": "To write to a file: tokstat render FILE -o OUTPUT",
    "link": "To use a study's results: tokstat link --study FILE",
}
"""For commands that got too many arguments: the likely intention."""


class _Commands(click.Group):
    """Suggest the command that is meant by an unknown name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            meant = _COMMANDS_MEANT.get(name) or next(iter(near), None)
            hint = f". Did you mean tokstat {meant}?" if meant else ""
            ctx.fail(f"There is no command {name!r}{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples("inspect answerdotai/ModernBERT-base", "inspect --help"),
)
@click.version_option(__version__, "-V", "--version", prog_name="tokstat")
@click.option(
    "--limit",
    "changes",
    metavar="NAME=VALUE",
    multiple=True,
    help="Change a limit on what is read and shown, such as file-size=1GiB; repeatable:"
    f" {', '.join(NAMES)}. Also {VARIABLE}.",
)
def cli(changes: tuple[str, ...]) -> None:
    """Inspect tokenizers: the vocabulary, its faults, what they cost, and what to change.

    SPEC is a tokenizer file (tokenizer.json, .tiktoken, .model, tekken.json, .gguf), a folder,
    org/name[@revision] or hf:org/name on the Hugging Face Hub, tiktoken:FILE or
    tiktoken:ENCODING, or gguf:FILE.

    Exit status: 0 success, 1 the gate failed (--fail-on, --min, --max, --baseline, --lock) or
    something differs (diff), 2 usage or load error.
    """
    if changes:
        set_limits(changed_limits(changes))


for _name in _COMMANDS:
    cli.add_command(getattr(import_module(f"tokstat.cli.{_name}"), _name))


def _show(error: click.ClickException) -> None:
    """Write a usage error as one line with a hint; show the help of a group without command."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        error.show()
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "tokstat"
    message = " ".join(error.format_message().split()).rstrip(".")
    meant = _ARGUMENTS_MEANT.get(command.rpartition(" ")[2])
    hint = f" {meant}." if meant and message.startswith("Got unexpected extra") else ""
    if getattr(error, "option_name", "") == "--limit":
        message = message.partition(" (")[0]
        hint = " It stands before the command: tokstat --limit NAME=VALUE COMMAND."
    end = "" if message.endswith("?") else "."
    _say(f"{message}{end}{hint} See {command} --help.")


def main() -> None:
    """Run the command line, and end the process with its exit status."""
    _replace_closed_streams()
    _keep_stdout()
    status = _run()
    background = sys.modules.get("tokstat.io.background")
    if background is not None and background.is_anything_running():
        _end_at_once(status)
    if active_count() == 1 and sys.getprofile() is None and sys.gettrace() is None:
        _end_with_memory_as_it_is(status)
    if status:
        sys.exit(status)


def _keep_stdout() -> None:
    """Keep stdout for the payload alone: other code that writes to its number reaches nobody.

    tokenizers 0.22 warns there of a vocabulary with gaps, in the middle of JSON.
    """
    stream = sys.stdout
    if stream is None or sys.__stdout__ is None or stream is not sys.__stdout__:
        return
    try:
        if stream.fileno() != _STDOUT:
            return
        kept = os.dup(_STDOUT)
    except (OSError, ValueError):  # it is closed, or a stream without a number
        return
    sys.stdout = os.fdopen(kept, "w", encoding=stream.encoding, errors=stream.errors)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)


def _run() -> int:
    """Run the command line; every expected error is one line on stderr, and exit status 2."""
    import gc

    # Reports are many small objects without cycles: collecting costs a tenth of the time.
    gc.disable()
    # The workers of numpy's BLAS spin for 2^26 cycles before they sleep, from its import on.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "16")
    # The Hub client's warnings while it retries would hide the one line about the failure.
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    from tokstat.errors import OutputError, ReaderGoneError, TokstatError

    try:
        with _ctrl_c_as_itself():
            cli.main(prog_name="tokstat", standalone_mode=False)
    except SystemExit as error:
        return int(error.code or 0)
    except click.ClickException as error:
        _show(error)
        return 2
    except TokstatError as error:
        _say(str(error))
        if isinstance(error, OutputError):
            _forget_stdout()
        return 2
    except ReaderGoneError:
        _forget_stdout()
        return _KILLED_BY_SIGPIPE
    except (click.exceptions.Abort, KeyboardInterrupt) as stop:
        if isinstance(stop.__cause__, EOFError):  # click takes it for the end of what is typed
            raise stop.__cause__ from None
        _say("stopped")
        return _KILLED_BY_SIGINT
    except BaseException as error:
        from tokstat.errors import is_panic

        if not is_panic(error):
            raise
        _say(f'the tokenizers library failed: "{error}". Inspect the tokenizer\'s file.')
        return 2
    finally:
        # The process ends: its last collection need not look through what is left.
        gc.freeze()
    return 0


@contextmanager
def _ctrl_c_as_itself() -> Iterator[None]:
    """Raise KeyboardInterrupt after Ctrl-C, whatever error a library made of it.

    A compiled module whose import it stops may raise ImportError or SystemError. In a callback
    of the interpreter it is lost, so it is raised again a moment later.
    """
    pressed = False

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    def press_again(lost: sys.UnraisableHookArgs) -> None:
        if lost.exc_type is KeyboardInterrupt:
            Timer(_A_MOMENT, _interrupt).start()
        else:
            show(lost)

    heard, show = signal.getsignal(signal.SIGINT), sys.unraisablehook
    is_heard = heard is signal.default_int_handler and current_thread() is main_thread()
    if is_heard:
        signal.signal(signal.SIGINT, press)
        sys.unraisablehook = press_again
    try:
        yield
    except BaseException:
        if pressed:
            raise KeyboardInterrupt from None
        raise
    finally:
        if is_heard:
            signal.signal(signal.SIGINT, heard)
            sys.unraisablehook = show


def _interrupt() -> None:
    """Send Ctrl-C to the main thread; only a real signal ends what waits in the system."""
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        interrupt_main()


def _end_at_once(status: int) -> None:
    """End the process without Python's own end.

    A thread that returns from the tokenizers library meanwhile would abort it.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # stdout may be closed from the start
            stream.flush()
    os._exit(status)


def _end_with_memory_as_it_is(status: int) -> None:
    """End the process as Python does, but without freeing each object: that takes longer.

    Return where a stream cannot be flushed: Python then reports it at its own end.
    """
    import atexit

    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError):
        return
    os._exit(status)


def _say(message: str) -> None:
    """Write one line to stderr; the import of what makes it safe waits until here."""
    from tokstat.cli.output import say

    say(message)


def _forget_stdout() -> None:
    """Discard stdout's buffer: Python would report an error when it closes stdout."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace_closed_streams() -> None:
    """Put empty ones for stdin and stderr if they are closed (`2>&-`); print fails without.

    Their numbers are taken: a file that is opened would else get one, and what a library prints.
    """
    with suppress(OSError):
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(number)
    sys.stdin = sys.stdin or os.fdopen(os.open(os.devnull, os.O_RDONLY))
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
