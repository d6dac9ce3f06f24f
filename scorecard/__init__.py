"""A council's monthly performance scorecard."""

__version__ = "0.1.0"
