"""Run the command line: what `tokstat` and `python -m tokstat` call."""

import os
import signal
from types import FrameType


def main() -> None:
    """Run the command line, and end in one way by Ctrl-C, whenever it comes.

    During imports there is nothing to tidy up, and a module that Ctrl-C stops may raise any error,
    or none. So the process ends at once, and likewise when the command is done.
    """
    heard = signal.getsignal(signal.SIGINT)
    is_heard = heard is signal.default_int_handler  # and not ignored, as in the background
    if is_heard:
        signal.signal(signal.SIGINT, _stop)
    from tokstat.cli.main import main as command

    try:
        if is_heard:
            signal.signal(signal.SIGINT, heard)
        command()
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
