"""Runs one of the benchmarks on a throw-away database and prints ratios.

python -m bench report    signals, the report and its page, on a SQLite database of its own
python -m bench serving   a published report against a static file of the same bytes, on a SQLite database of its own or
                          on the PostgreSQL that DATABASE_URL names, which is emptied
python -m bench workbooks both workbooks in LibreOffice, and its PDF against ours, on a SQLite database of its own
python -m bench importing an import of 100,000 values against plain executemany, on a SQLite database of its own or on
                          the PostgreSQL that DATABASE_URL names, which is emptied
python -m bench onboarding a council's own sheet read and made a scorecard of, against openpyxl that only reads it, on a
                          SQLite database of its own or on the PostgreSQL that DATABASE_URL names, which is emptied
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
        case ["workbooks"]:
            with tempfile.TemporaryDirectory() as folder:
                os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
                run_workbooks(Path(folder))
        case ["serving"]:
            with tempfile.TemporaryDirectory() as folder:
                if not is_on_postgres():
                    os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
                run_serving(Path(folder) / "static")
        case ["importing"]:
            with tempfile.TemporaryDirectory() as folder:
                if not is_on_postgres():
                    os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
                run_importing(Path(folder) / "static")
        case ["onboarding"]:
            with tempfile.TemporaryDirectory() as folder:
                if not is_on_postgres():
                    os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
                run_onboarding()
        case ["saving"] if is_on_postgres():
            run_saving()
        case _:
            raise SystemExit(__doc__)


def is_on_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def run_report() -> None:
    import django

    django.setup()
    from . import report, spc

    spc.run()
    report.run()


def run_workbooks(folder: Path) -> None:
    import django

    django.setup()
    from . import workbooks

    workbooks.run(folder)


# What the web server reads when it starts; it is asked over plain http.
PLAIN_SERVER = {"ALLOWED_HOSTS": "127.0.0.1", "SECURE_SSL_REDIRECT": "0", "LOG_LEVEL": "ERROR"}


def run_serving(static: Path) -> None:
    static.mkdir()
    os.environ |= PLAIN_SERVER
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH_STATIC_ROOT": str(static)}
    import django

    django.setup()
    from . import serving

    serving.run()


def run_importing(static: Path) -> None:
    static.mkdir()
    os.environ |= {"ALLOWED_HOSTS": "testserver", "LOG_LEVEL": "ERROR"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH_STATIC_ROOT": str(static)}
    import django

    django.setup()
    from . import importing

    importing.run()


def run_onboarding() -> None:
    os.environ |= {"LOG_LEVEL": "ERROR"}
    import django

    django.setup()
    from . import onboarding

    onboarding.run()


def run_saving() -> None:
    os.environ |= PLAIN_SERVER
    import django

    django.setup()
    from . import saving

    saving.run()


if __name__ == "__main__":
    main()
