"""The settings of a server that also hands out static files of the benchmark's own."""

import os
from pathlib import Path

from scorecard.settings import *  # noqa: F403
from scorecard.settings import STORAGES

STATIC_ROOT = Path(os.environ["BENCH_STATIC_ROOT"])
# The page's style sheets needn't be collected: nobody fetches them.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
