"""The `tokstat` command."""

from __future__ import annotations

import os
import sys

import click

from tokstat.cli.compare import compare
from tokstat.cli.corpus import corpus
from tokstat.cli.data import data
from tokstat.cli.distill import distill
from tokstat.cli.explain import explain
from tokstat.cli.inspect import inspect
from tokstat.cli.link import link
from tokstat.cli.render import render
from tokstat.cli.repair import repair
from tokstat.cli.study import study
from tokstat.cli.tokens import tokens
from tokstat.cli.whatif import whatif
from tokstat.cli.wordsim import wordsim
from tokstat.version import __version__

_KILLED_BY_SIGINT = 130
_KILLED_BY_SIGPIPE = 141
"""Exit statuses as a shell gives them; 1 would say that there are findings."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="tokstat")
@click.option(
    "--limit",
    "changes",
    metavar="NAME=VALUE",
    multiple=True,
    help="Change a limit on what is read and shown, such as file-size=1GiB; repeatable: file-size,"
    " tokens, depth, token-length, findings, rows, seconds. Also TOKSTAT_LIMITS.",
)
def cli(changes: tuple[str, ...]) -> None:
    """Tell what is in a tokenizer's vocabulary, what is wrong with it, and what that costs.

    SPEC is a tokenizer file (tokenizer.json, .tiktoken, .model, tekken.json, .gguf), a folder,
    org/name[@revision] or hf:org/name on the Hugging Face Hub, tiktoken:FILE or
    tiktoken:ENCODING, or gguf:FILE. Exit status: 0 clean, 1 findings at or above --fail-on or a
    limit not met, 2 usage or load error.
    """
    if changes:
        from tokstat.io.limits import changed_limits, set_limits

        set_limits(changed_limits(changes))


cli.add_command(compare)
cli.add_command(corpus)
cli.add_command(data)
cli.add_command(distill)
cli.add_command(explain)
cli.add_command(inspect)
cli.add_command(link)
cli.add_command(repair)
cli.add_command(render)
cli.add_command(study)
cli.add_command(tokens)
cli.add_command(whatif)
cli.add_command(wordsim)


def _show(error: click.ClickException) -> None:
    """Write a usage error as one line, and the help of a group called without a command."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        error.show()
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "tokstat"
    message = " ".join(error.format_message().split()).rstrip(".")
    _say(f"{message}. See {command} --help.")


def main() -> None:
    """Run the command line; every expected error is one line on stderr, and exit status 2."""
    import gc

    # Tens of thousands of small objects are made and none in cycles: collecting costs a tenth.
    gc.disable()
    # The workers of numpy's BLAS spin for 2^26 cycles before they sleep, from its import on.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "16")
    # Its warnings while it tries again would hide the one line that says what failed.
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    from tokstat.errors import OutputError, ReaderGoneError, TokstatError

    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        _show(error)
        sys.exit(2)
    except TokstatError as error:
        _say(str(error))
        if isinstance(error, OutputError):
            _forget_stdout()
        sys.exit(2)
    except ReaderGoneError:
        _forget_stdout()
        sys.exit(_KILLED_BY_SIGPIPE)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _say("stopped")
        sys.exit(_KILLED_BY_SIGINT)
    except BaseException as error:
        from tokstat.tokenizer.encoding import is_panic

        if not is_panic(error):
            raise
        _say(f"the tokenizers library gave up: {error}")
        sys.exit(2)
    finally:
        # All that is left goes with the process: its last collection need not look through it.
        gc.freeze()


def _say(message: str) -> None:
    """Write one line to stderr; what makes it safe is imported for it alone."""
    from tokstat.cli.output import say

    say(message)


def _forget_stdout() -> None:
    """Have what is left in stdout's buffer go nowhere: Python would complain when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
