"""The analysis: places, subjects, store, measures and linkages; no web code."""

__version__ = "0.1.0"
