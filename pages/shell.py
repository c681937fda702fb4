"""The frame around every page: reads the address, draws the rail and runs the chosen page."""

from __future__ import annotations

from ui import shell

shell.run()
