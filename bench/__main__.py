"""Runs one of the benchmarks on a throw-away database and prints ratios.

python -m bench report    signals, the report and its page, on a SQLite database of its own
python -m bench saving    saves by many reporters at once, on the PostgreSQL that DATABASE_URL names, which is emptied
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path

# The benchmark serves no static files.
warnings.filterwarnings("ignore", message="No directory at")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")
os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")


def main() -> None:
    match sys.argv[1:]:
        case ["report"]:
            with tempfile.TemporaryDirectory() as folder:
                os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
                run_report()
        case ["saving"] if os.environ.get("DATABASE_URL", "").startswith("postgres"):
            run_saving()
        case _:
            raise SystemExit(__doc__)


def run_report() -> None:
    import django

    django.setup()
    from . import report, spc

    spc.run()
    report.run()


def run_saving() -> None:
    # What the web server reads when it starts; it is asked over plain http.
    os.environ |= {"ALLOWED_HOSTS": "127.0.0.1", "SECURE_SSL_REDIRECT": "0", "LOG_LEVEL": "ERROR"}
    import django

    django.setup()
    from . import saving

    saving.run()


if __name__ == "__main__":
    main()
