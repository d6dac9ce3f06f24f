"""What gunicorn reads by itself when it is started in this folder; the rest stands in its command (docs/deploy.md)."""

import os
import shutil
import tempfile

if os.environ.get("METRICS_TOKEN") and not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    # Each process counts into files of its own there, and whichever is asked adds them up.
    counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="scorecard-metrics-")

    def on_exit(server):
        shutil.rmtree(counts, ignore_errors=True)


def child_exit(server, worker):
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
