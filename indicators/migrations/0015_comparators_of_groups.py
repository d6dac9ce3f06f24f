"""Comparators and targets point at their groups; what is stored of them stays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0014_comparator_groups"),
    ]

    operations = [
        migrations.AlterField(
            model_name="comparator",
            name="group",
            field=models.ForeignKey(
                db_column="group",
                help_text="Whose figure it is.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comparators",
                to="indicators.comparatorgroup",
                to_field="code",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcomparator",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_column="group",
                db_constraint=False,
                help_text="Whose figure it is.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
            ),
        ),
        migrations.AlterField(
            model_name="historicalnationalcomparator",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_column="group",
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
            ),
        ),
        migrations.AlterField(
            model_name="historicaltarget",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_column="group",
                db_constraint=False,
                help_text="For example England.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="comparator",
            ),
        ),
        migrations.AlterField(
            model_name="nationalcomparator",
            name="group",
            field=models.ForeignKey(
                db_column="group",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="national_comparators",
                to="indicators.comparatorgroup",
                to_field="code",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_column="group",
                help_text="For example England.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="comparator",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("on_basis__in", ["yes", "no", "unknown"]),
                    ("blank__in", ["", "not_due", "awaited", "not_applicable", "not_available", "suppressed"]),
                ),
                name="comparator_words_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="nationalcomparator",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_basis__in", ["yes", "no", "unknown"])), name="national_comparator_words_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group__isnull", False), ("rests_on", "comparator")),
                    models.Q(models.Q(("rests_on", "comparator"), _negated=True), ("group__isnull", True)),
                    _connector="OR",
                ),
                name="target_comparator_named",
                violation_error_message="Choose the comparator that the target rests on; no other target has one.",
            ),
        ),
    ]
