"""Run the command line with `python -m tokstat`."""

from tokstat.cli.main import main

if __name__ == "__main__":
    main()
