"""manage.py migrate, in a third of the time.

Django renders anew, after each operation, every model that hangs together with the one it altered. Here that is nearly
all of them, since each history names a user, hundreds of times over. Tables are made and altered from one model alone.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class State(ProjectState):
    """Renders one model where the others still fit it, and all of them once a migration's own code asks for any."""

    def _find_reload_model(self, app_label: str, model_name: str, delay: bool = False) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        known, key = self.apps.all_models[app_label].get(model_name), (app_label, model_name)
        had = {field.name for field in known._meta.local_fields + known._meta.local_many_to_many} if known else set()
        # Django says by `delay` that no other model is concerned; nor is any by a new model or field.
        is_alone = delay or had < self.models[key].fields.keys()
        if not is_alone or (known and known.__subclasses__()):
            return super()._find_reload_model(app_label, model_name, delay)  # type: ignore[misc]
        self.is_delayed = True
        return {key}

    def clone(self) -> ProjectState:
        return _light(super().clone())


def _light(state: ProjectState) -> ProjectState:
    state.__class__ = State
    return state


class Executor(MigrationExecutor):
    def _create_project_state(self, *args: Any, **named: Any) -> ProjectState:
        return _light(super()._create_project_state(*args, **named))  # type: ignore[misc]


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]
        super().handle(*args, **options)
