"""The month in which the council's financial years begin."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0013_what_the_public_reads"),
    ]

    operations = [
        migrations.AddField(
            model_name="councildetails",
            name="year_starts",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "January"),
                    (2, "February"),
                    (3, "March"),
                    (4, "April"),
                    (5, "May"),
                    (6, "June"),
                    (7, "July"),
                    (8, "August"),
                    (9, "September"),
                    (10, "October"),
                    (11, "November"),
                    (12, "December"),
                ],
                default=4,
                help_text="The headings of reports follow it, and new indicators begin with it. Those there are keep theirs.",
                verbose_name="financial year begins in",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="year_starts",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "January"),
                    (2, "February"),
                    (3, "March"),
                    (4, "April"),
                    (5, "May"),
                    (6, "June"),
                    (7, "July"),
                    (8, "August"),
                    (9, "September"),
                    (10, "October"),
                    (11, "November"),
                    (12, "December"),
                ],
                default=4,
                help_text="The headings of reports follow it, and new indicators begin with it. Those there are keep theirs.",
                verbose_name="financial year begins in",
            ),
        ),
        migrations.AddConstraint(
            model_name="councildetails",
            constraint=models.CheckConstraint(
                condition=models.Q(("year_starts__gte", 1), ("year_starts__lte", 12)),
                name="council_details_year_starts_in_a_month",
            ),
        ),
    ]
