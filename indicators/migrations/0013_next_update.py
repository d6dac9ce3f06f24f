"""When the publisher of a comparator means to have newer figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0012_national_comparators"),
    ]

    operations = [
        migrations.AddField(
            model_name="comparator",
            name="next_update",
            field=models.DateField(
                blank=True,
                help_text="When the publisher means to have newer figures; empty if it doesn't say.",
                null=True,
                verbose_name="next figures due",
            ),
        ),
        migrations.AddField(
            model_name="historicalcomparator",
            name="next_update",
            field=models.DateField(
                blank=True,
                help_text="When the publisher means to have newer figures; empty if it doesn't say.",
                null=True,
                verbose_name="next figures due",
            ),
        ),
    ]
