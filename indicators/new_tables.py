"""The migration that makes all tables of an app at once."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState


class NewTables(Migration):
    """Makes new tables, and does nothing else.

    For every table, Django's own migration renders anew all models that hang together with it; here that is nearly all
    of them, since each history names a user, and it took most of the time of making a database. New tables need only be
    rendered once, as they are after the last of them.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,  # noqa: FBT001, FBT002 - as Django calls it
    ) -> ProjectState:
        others = [operation for operation in self.operations if not isinstance(operation, CreateModel)]
        if others:
            raise TypeError(f"{self} makes tables only, and has {others}")
        after = project_state.clone()
        after.__dict__.pop("apps", None)  # what was rendered before, so that nothing is rendered in between
        after = self.mutate_state(after, preserve=False)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, project_state, after)
        return after
