"""Many new tables in one operation of a migration."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class CreateAtOnce(Operation):
    """Create models as they are after all of these operations: tables first, then triggers.

    operations: CreateModel, what adds to models created here (AddField, AddConstraint, AddIndex,
    AlterUniqueTogether), and AddTrigger. One by one, each makes Django render all models that are
    related to what it touches, and here nearly all are: two minutes of a first start.
    """

    reversible = False

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__name__, [self.operations], {}

    def describe(self) -> str:
        return "Create tables and triggers at once"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Each operation would render what is rendered again; now the next who asks does.
        state.__dict__.pop("apps", None)
        for each in self.operations:
            each.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for each in self.operations:
            if isinstance(each, CreateModel):
                model = to_state.apps.get_model(app_label, each.name)
                if self.allow_migrate_model(schema_editor.connection.alias, model):
                    schema_editor.create_model(model)
        # Foreign keys and indexes wait for all tables: now they are there.
        for statement in schema_editor.deferred_sql:
            schema_editor.execute(statement, None)
        schema_editor.deferred_sql.clear()
        for each in self.operations:
            if isinstance(each, AddTrigger):
                each.database_forwards(app_label, schema_editor, from_state, to_state)
