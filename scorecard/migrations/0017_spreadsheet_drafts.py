"""Spreadsheets on their way to becoming a scorecard."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import scorecard.models.spreadsheet_draft


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0016_council_and_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalSpreadsheetDraft",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("file_name", models.CharField(max_length=255)),
                ("checksum", models.CharField(editable=False, max_length=64)),
                ("layout", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=scorecard.models.spreadsheet_draft.DraftState.choices,
                        default=scorecard.models.spreadsheet_draft.DraftState["OPEN"],
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("decisions", models.JSONField(default=dict, editable=False)),
                ("receipt", models.JSONField(editable=False, null=True)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.scorecard",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical spreadsheet draft",
                "verbose_name_plural": "historical spreadsheet drafts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SpreadsheetDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("file_name", models.CharField(max_length=255)),
                ("content", models.BinaryField(editable=False)),
                ("checksum", models.CharField(editable=False, max_length=64)),
                ("layout", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=scorecard.models.spreadsheet_draft.DraftState.choices,
                        default=scorecard.models.spreadsheet_draft.DraftState["OPEN"],
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("decisions", models.JSONField(default=dict, editable=False)),
                ("receipt", models.JSONField(editable=False, null=True)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "scorecard",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="spreadsheets",
                        to="scorecard.scorecard",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    scorecard.models.spreadsheet_draft.DraftState["OPEN"],
                                    scorecard.models.spreadsheet_draft.DraftState["CREATED"],
                                    scorecard.models.spreadsheet_draft.DraftState["UNDONE"],
                                ],
                            )
                        ),
                        name="draft_state_known",
                        violation_error_message="A spreadsheet is being prepared, brought over or undone.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("receipt__isnull", True),
                                ("state", scorecard.models.spreadsheet_draft.DraftState["OPEN"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", scorecard.models.spreadsheet_draft.DraftState["OPEN"]), _negated=True
                                ),
                                ("receipt__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="draft_receipt_from_when_created",
                        violation_error_message="A spreadsheet has a receipt from when it was brought over, and not before.",
                    ),
                ],
            },
        ),
    ]
