"""The command line: ``python -m geo …``."""

from geo.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
