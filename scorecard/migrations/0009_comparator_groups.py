"""The comparator groups that each scorecard shows: so far all showed the same three."""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models

FIELDS = {"group_1": "statistical_neighbours", "group_2": "england", "group_3": "region"}


def show_the_three(apps, schema_editor):
    """Each scorecard goes on with the three, and its history says so as well. The region gets the name that most of the
    scorecards have for it, the first of them where these are as many.
    """
    using = schema_editor.connection.alias
    scorecards = apps.get_model("scorecard", "Scorecard").objects.using(using)
    for model in ("Scorecard", "HistoricalScorecard"):
        apps.get_model("scorecard", model).objects.using(using).update(
            **{f"{field}_id": code for field, code in FIELDS.items()}
        )
    named = Counter(scorecards.order_by("position", "title", "pk").values_list("region", flat=True))
    region = next((name for name, _ in named.most_common() if name not in ("", "Region")), "")
    if region and region.lower() not in ("england", "statistical neighbours"):
        for model in ("ComparatorGroup", "HistoricalComparatorGroup"):
            apps.get_model("indicators", model).objects.using(using).filter(code="region", name="Region").update(
                name=region, in_sentence=f"the {region} region"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0015_comparators_of_groups"),
        ("scorecard", "0008_glossary"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalscorecard",
            name="group_1",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="first comparator group",
            ),
        ),
        migrations.AddField(
            model_name="historicalscorecard",
            name="group_2",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="second comparator group",
            ),
        ),
        migrations.AddField(
            model_name="historicalscorecard",
            name="group_3",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="third comparator group",
            ),
        ),
        migrations.AddField(
            model_name="historicalscorecard",
            name="group_4",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="fourth comparator group",
            ),
        ),
        migrations.AddField(
            model_name="historicalscorecard",
            name="group_5",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="fifth comparator group",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="group_1",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="first comparator group",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="group_2",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="second comparator group",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="group_3",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="third comparator group",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="group_4",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="fourth comparator group",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="group_5",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.comparatorgroup",
                to_field="code",
                verbose_name="fifth comparator group",
            ),
        ),
        migrations.AlterField(
            model_name="historicalscorecard",
            name="region",
            field=models.CharField(
                default="Region",
                help_text="As in national statistics: South East.",
                max_length=100,
                verbose_name="name of the region",
            ),
        ),
        migrations.AlterField(
            model_name="scorecard",
            name="region",
            field=models.CharField(
                default="Region",
                help_text="As in national statistics: South East.",
                max_length=100,
                verbose_name="name of the region",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("group_1__isnull", True),
                        models.Q(("group_1", models.F("group_2")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_1__isnull", True),
                        models.Q(("group_1", models.F("group_3")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_1__isnull", True),
                        models.Q(("group_1", models.F("group_4")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_1__isnull", True),
                        models.Q(("group_1", models.F("group_5")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_2__isnull", True),
                        models.Q(("group_2", models.F("group_3")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_2__isnull", True),
                        models.Q(("group_2", models.F("group_4")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_2__isnull", True),
                        models.Q(("group_2", models.F("group_5")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_3__isnull", True),
                        models.Q(("group_3", models.F("group_4")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_3__isnull", True),
                        models.Q(("group_3", models.F("group_5")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_4__isnull", True),
                        models.Q(("group_4", models.F("group_5")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="scorecard_groups_once",
                violation_error_message="The scorecard shows a comparator group twice.",
            ),
        ),
        migrations.RunPython(show_the_three, migrations.RunPython.noop),
    ]
