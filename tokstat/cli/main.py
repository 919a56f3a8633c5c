"""The `tokstat` command."""

from __future__ import annotations

import os
import sys

import click

from tokstat import __version__
from tokstat.cli.corpus import corpus
from tokstat.cli.data import data
from tokstat.cli.distill import distill
from tokstat.cli.inspect import inspect
from tokstat.cli.link import link
from tokstat.cli.study import study
from tokstat.cli.tokens import tokens
from tokstat.cli.wordsim import wordsim

_KILLED_BY_SIGINT = 130
_KILLED_BY_SIGPIPE = 141
"""Exit statuses as a shell gives them; 1 would say that there are findings."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="tokstat")
def cli() -> None:
    """Tell what is in a tokenizer's vocabulary, what is wrong with it, and what that costs.

    SPEC is a tokenizer.json, a folder, org/name[@revision] on the Hugging Face Hub, or
    hf:org/name. Exit status: 0 clean, 1 findings at or above --fail-on, 2 usage or load error.
    """


cli.add_command(corpus)
cli.add_command(data)
cli.add_command(distill)
cli.add_command(inspect)
cli.add_command(link)
cli.add_command(study)
cli.add_command(tokens)
cli.add_command(wordsim)


def main() -> None:
    """Run the command line; every expected error is one line on stderr, and exit status 2."""
    import gc

    # Tens of thousands of small objects are made and none in cycles: collecting costs a tenth.
    gc.disable()
    # Its warnings while it tries again would hide the one line that says what failed.
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    from tokstat.cli.output import ReaderGoneError
    from tokstat.errors import TokstatError

    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except TokstatError as error:
        print(f"tokstat: {error}", file=sys.stderr)
        sys.exit(2)
    except ReaderGoneError:
        # Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_KILLED_BY_SIGPIPE)
    except (click.exceptions.Abort, KeyboardInterrupt):
        print("tokstat: stopped", file=sys.stderr)
        sys.exit(_KILLED_BY_SIGINT)
