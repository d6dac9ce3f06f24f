"""The migration that makes all tables of an app at once; tests/scorecard/test_migrations.py compares what it makes."""

import pytest
from django.db import migrations
from django.db.migrations.state import ProjectState

from indicators.new_tables import NewTables


def test_anything_but_a_new_table_is_refused():
    migration = NewTables("0001_squashed", "indicators")
    migration.operations = [migrations.RunSQL("")]
    with pytest.raises(TypeError, match="makes tables only"):
        migration.apply(ProjectState(), None)
