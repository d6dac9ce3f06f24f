"""National comparators beside those that a report prints."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import indicators.calculations.vocabulary
import indicators.models.fields
from indicators.new_tables import NewTables


class Migration(NewTables):
    dependencies = [
        ("indicators", "0011_season_and_successors"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalNationalComparator",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("statistical_neighbours", "Statistical neighbours"),
                            ("england", "England"),
                            ("region", "Region"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="For example 2019-20.", verbose_name="financial year"
                    ),
                ),
                ("value", indicators.models.fields.ExactNumberField(help_text="In the indicator's unit.")),
                ("source", models.CharField(max_length=300)),
                ("basis", models.CharField(max_length=300)),
                (
                    "on_basis",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.OnBasis.choices,
                        max_length=8,
                        verbose_name="same basis as the indicator",
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("next_update", models.DateField(blank=True, null=True, verbose_name="next figures due")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
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
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical national comparator",
                "verbose_name_plural": "historical national comparators",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="NationalComparator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("statistical_neighbours", "Statistical neighbours"),
                            ("england", "England"),
                            ("region", "Region"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="For example 2019-20.", verbose_name="financial year"
                    ),
                ),
                ("value", indicators.models.fields.ExactNumberField(help_text="In the indicator's unit.")),
                ("source", models.CharField(max_length=300)),
                ("basis", models.CharField(max_length=300)),
                (
                    "on_basis",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.OnBasis.choices,
                        max_length=8,
                        verbose_name="same basis as the indicator",
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("next_update", models.DateField(blank=True, null=True, verbose_name="next figures due")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="national_comparators",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "group", "-year"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "group", "year"),
                        name="national_comparator_one_per_year",
                        violation_error_message="There is already a national comparator for this group and year.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on_basis__in", ["yes", "no", "unknown"]), models.Q(("group", ""), _negated=True)
                        ),
                        name="national_comparator_words_known",
                    ),
                ],
            },
        ),
    ]
