"""Runs the benchmarks, on a throw-away SQLite database, and prints ratios."""

import os
import tempfile
import warnings
from pathlib import Path

# The benchmark serves no static files.
warnings.filterwarnings("ignore", message="No directory at")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")
os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        import django

        django.setup()
        from . import report, spc

        spc.run()
        report.run()


if __name__ == "__main__":
    main()
