import django.core.validators
from django.db import migrations, models

HELP = (
    "1 for the one that comes first: the site’s own address leads there. Those without a number come after the others, "
    "by title."
)


def put_the_only_one_first(apps, schema_editor):
    """What the site's address showed so far goes on being what it shows when a second scorecard is added.

    Its history says so as well: it has been the first since it was there.
    """
    scorecards, history = (apps.get_model("scorecard", name) for name in ("Scorecard", "HistoricalScorecard"))
    using = schema_editor.connection.alias
    keys = list(scorecards.objects.using(using).order_by().values_list("pk", flat=True)[:2])
    if len(keys) == 1:
        scorecards.objects.using(using).filter(pk=keys[0]).update(position=1)
        history.objects.using(using).filter(id=keys[0]).update(position=1)


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0006_former_slugs"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="scorecard",
            options={"ordering": [models.OrderBy(models.F("position"), nulls_last=True), "title", "pk"]},
        ),
        migrations.AddField(
            model_name="historicalscorecard",
            name="position",
            field=models.PositiveSmallIntegerField(
                blank=True,
                db_index=True,
                error_messages={"unique": "Another scorecard has this place."},
                help_text=HELP,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(999),
                ],
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="position",
            field=models.PositiveSmallIntegerField(
                blank=True,
                error_messages={"unique": "Another scorecard has this place."},
                help_text=HELP,
                null=True,
                unique=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(999),
                ],
                verbose_name="order",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__isnull", True),
                    models.Q(("position__gte", 1), ("position__lte", 999)),
                    _connector="OR",
                ),
                name="scorecard_order_from_1",
                violation_error_message="The order is a number from 1 to 999.",
            ),
        ),
        migrations.RunPython(put_the_only_one_first, migrations.RunPython.noop, elidable=True),
    ]
