"""The figure of a comparator as it was published, the time it is of, and the rule for its basis."""

from django.db import migrations, models

import indicators.calculations.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0015_comparators_of_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="comparator",
            name="period",
            field=models.CharField(
                blank=True,
                choices=indicators.calculations.vocabulary.ComparatorPeriod.choices,
                help_text="How long a time the published figure covers.",
                max_length=10,
                verbose_name="time it is of",
            ),
        ),
        migrations.AddField(
            model_name="comparator",
            name="published",
            field=models.CharField(
                blank=True,
                help_text="As the source has it, 417 or 16.2, or the parts of a sum, 120 + 80 + 95. Then leave the figure in the indicator's unit empty: it is worked out.",
                max_length=200,
                verbose_name="figure as published",
            ),
        ),
        migrations.AddField(
            model_name="comparator",
            name="rule",
            field=models.CharField(
                blank=True,
                help_text="What is done with it, from left to right: “/ 12”, “/ 152 authorities / 12 months”, “100 minus”, “x 4”, “mean of parts”; “as is” if nothing has to be. Empty if not known.",
                max_length=200,
                verbose_name="rule that puts it on the indicator’s basis",
            ),
        ),
        migrations.AddField(
            model_name="historicalcomparator",
            name="period",
            field=models.CharField(
                blank=True,
                choices=indicators.calculations.vocabulary.ComparatorPeriod.choices,
                help_text="How long a time the published figure covers.",
                max_length=10,
                verbose_name="time it is of",
            ),
        ),
        migrations.AddField(
            model_name="historicalcomparator",
            name="published",
            field=models.CharField(
                blank=True,
                help_text="As the source has it, 417 or 16.2, or the parts of a sum, 120 + 80 + 95. Then leave the figure in the indicator's unit empty: it is worked out.",
                max_length=200,
                verbose_name="figure as published",
            ),
        ),
        migrations.AddField(
            model_name="historicalcomparator",
            name="rule",
            field=models.CharField(
                blank=True,
                help_text="What is done with it, from left to right: “/ 12”, “/ 152 authorities / 12 months”, “100 minus”, “x 4”, “mean of parts”; “as is” if nothing has to be. Empty if not known.",
                max_length=200,
                verbose_name="rule that puts it on the indicator’s basis",
            ),
        ),
        migrations.AlterField(
            model_name="comparator",
            name="basis",
            field=models.CharField(
                blank=True, help_text="In words, where no rule above says it: “five authorities only”.", max_length=300
            ),
        ),
        migrations.AlterField(
            model_name="historicalcomparator",
            name="basis",
            field=models.CharField(
                blank=True, help_text="In words, where no rule above says it: “five authorities only”.", max_length=300
            ),
        ),
        migrations.AddConstraint(
            model_name="comparator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published", ""), ("rule", "")),
                    models.Q(
                        models.Q(("published", ""), _negated=True),
                        models.Q(("period", ""), _negated=True),
                        ("value__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="comparator_rule_of_published",
                violation_error_message="A rule needs the published figure, and that needs the time it is of.",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("period__in", ["", "year", "average", "half_year", "term", "quarter", "month", "day"])
                ),
                name="comparator_period_known",
            ),
        ),
    ]
