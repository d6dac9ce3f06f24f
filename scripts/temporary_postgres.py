"""Runs a command with DATABASE_URL naming a throw-away PostgreSQL, which is removed however the command ends.

temporary_postgres.py COMMAND...   e.g. .venv/bin/python scripts/temporary_postgres.py .venv/bin/python -m pytest
temporary_postgres.py --find       prints the folder of PostgreSQL's programs
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

# Where Debian, Red Hat and Homebrew put the server's programs, which is not on the path.
PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")


def find_programs() -> Path:
    on_path = [Path(folder) for folder in os.get_exec_path()]
    known = [path for place in PLACES for path in sorted(Path("/").glob(place), reverse=True)]
    for folder in known + on_path:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise SystemExit("PostgreSQL is missing: run scripts/system_packages, or install PostgreSQL (Debian: postgresql).")


def run_with_postgres(programs: Path, command: list[str]) -> int:
    # PostgreSQL refuses to run as root, so that root runs it as the user its package made.
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    folder = Path(tempfile.mkdtemp(prefix="scorecard-pg-"))
    data = folder / "data"

    def postgres(name: str, *arguments: str) -> None:
        # A session of its own, so that Ctrl-C reaches the command only and the server is stopped in order, below.
        done = subprocess.run(
            [programs / name, "-D", data, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            start_new_session=True,
            **identity,
        )
        if done.returncode:
            log = folder / "log"
            raise SystemExit(f"PostgreSQL's {name} failed:\n{done.stdout}\n{log.read_text() if log.exists() else ''}")

    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        postgres("initdb", "--username=scorecard", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        # Only a socket, in a folder nobody else can enter; nothing has to survive a power cut.
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={folder}",
            "fsync=off",
            "synchronous_commit=off",
            # It would write while a test looks whether anybody does.
            "autovacuum=off",
        ]
        options = " ".join(f"-c {setting}" for setting in settings)
        postgres("pg_ctl", "start", "--wait", f"--log={folder / 'log'}", f"--options={options}")
        environment = {**os.environ, "DATABASE_URL": f"postgres://scorecard@/{folder}/postgres"}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        if (data / "postmaster.pid").exists():
            postgres("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments:
        raise SystemExit(__doc__)
    programs = find_programs()
    if arguments == ["--find"]:
        print(programs)
        return 0
    # A stop from outside ends like Ctrl-C: through `finally`.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        return run_with_postgres(programs, arguments)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
