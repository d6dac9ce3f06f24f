"""What officers decided on texts that stand near hidden counts."""

import django.db.models.deletion
import django.db.models.lookups
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import indicators.models.fields
import scorecard.models.public_text
from indicators.new_tables import NewTables


class Migration(NewTables):
    dependencies = [
        ("scorecard", "0009_comparator_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPublicText",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "key",
                    models.CharField(
                        help_text="Of the text and of which figures near it are hidden.",
                        max_length=64,
                        verbose_name="checksum",
                    ),
                ),
                ("where", models.TextField(verbose_name="which text")),
                ("month", indicators.models.fields.MonthField(help_text="The edition in which it was decided.")),
                ("text", models.TextField(help_text="As the panel reads it.")),
                (
                    "decision",
                    models.CharField(choices=scorecard.models.public_text.TextDecision.choices, max_length=10),
                ),
                ("wording", models.TextField(blank=True, verbose_name="public version")),
                ("decided_at", models.DateTimeField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical public text",
                "verbose_name_plural": "historical public texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PublicText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "key",
                    models.CharField(
                        help_text="Of the text and of which figures near it are hidden.",
                        max_length=64,
                        verbose_name="checksum",
                    ),
                ),
                ("where", models.TextField(verbose_name="which text")),
                ("month", indicators.models.fields.MonthField(help_text="The edition in which it was decided.")),
                ("text", models.TextField(help_text="As the panel reads it.")),
                (
                    "decision",
                    models.CharField(choices=scorecard.models.public_text.TextDecision.choices, max_length=10),
                ),
                ("wording", models.TextField(blank=True, verbose_name="public version")),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_texts",
                        to="scorecard.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("scorecard", "key"), name="public_text_decided_once"),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["cleared", "withheld", "reworded"])),
                        name="public_text_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="public_text_month_is_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("key", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                        name="public_text_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "reworded"), models.Q(("wording", ""), _negated=True)),
                            models.Q(models.Q(("decision", "reworded"), _negated=True), ("wording", "")),
                            _connector="OR",
                        ),
                        name="public_text_reworded_in_words",
                        violation_error_message="A text that is reworded has a public version, and no other has.",
                    ),
                ],
            },
        ),
    ]
