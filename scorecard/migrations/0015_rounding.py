"""Rounding counts to the nearest 5 instead of hiding small ones."""

from django.db import migrations, models


def rounds():
    return models.BooleanField(
        default=False,
        db_default=False,
        help_text="The public reads every count to the nearest 5, and all else worked out from these.",
        verbose_name="round every count to the nearest 5 instead",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0014_first_month_of_the_year"),
    ]

    operations = [
        *(
            migrations.AddField(model_name=model, name="rounds_counts", field=rounds())
            for model in ("scorecard", "historicalscorecard")
        ),
        migrations.AddField(
            model_name="publisheddocument",
            name="rounds_counts",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("rounds_counts", False), ("suppresses_small_counts", True), _connector="OR"),
                name="scorecard_rounds_instead_of_hiding",
                violation_error_message="Counts are rounded instead of being hidden: choose one of the two.",
            ),
        ),
    ]
