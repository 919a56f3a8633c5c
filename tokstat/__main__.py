"""Run the command line: what `tokstat` and `python -m tokstat` call."""

import os
import signal
from types import FrameType

CUT_OFF = (
    b"tokstat: Python cannot load a module, as its compiled file is cut off. Remove the __pycache__"
    b" folders of tokstat and of its libraries.\n"
)


def main() -> None:
    """Run the command line, and report a module whose compiled file is cut off.

    Nothing can be imported for the report: its module may be the next one that is cut off.
    """
    try:
        _run()
    except EOFError as error:
        if not _is_of_import(error):
            raise
        os.write(2, CUT_OFF)
        raise SystemExit(2) from None


def _is_of_import(error: EOFError) -> bool:
    """Whether the import system raised an error, and not what a user's input ended."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return at is not None and at.tb_frame.f_code.co_filename.startswith("<frozen importlib")


def _run() -> None:
    """Run the command line, and end in one way by Ctrl-C, whenever it comes.

    During imports there is nothing to tidy up, and a module that Ctrl-C stops may raise any error,
    or none. So the process ends at once, and likewise when the command is done.
    """
    heard = signal.getsignal(signal.SIGINT)
    is_heard = heard is signal.default_int_handler  # and not ignored, as in the background
    if is_heard:
        signal.signal(signal.SIGINT, _stop)
    from tokstat.cli.main import end_process
    from tokstat.cli.main import main as command

    try:
        if is_heard:
            signal.signal(signal.SIGINT, heard)
        try:
            command()
        except SystemExit as done:
            if isinstance(done.code, int):
                end_process(done.code)
            raise
        end_process(0)
    except KeyboardInterrupt:  # just before the command hears it
        _stop()
    finally:
        if is_heard:
            signal.signal(signal.SIGINT, _stop)


def _stop(_number: int = 0, _frame: FrameType | None = None) -> None:
    os.write(2, b"tokstat: stopped\n")
    os._exit(130)  # as a shell reports it


if __name__ == "__main__":
    main()
