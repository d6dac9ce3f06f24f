"""Whether nobody signs off what they entered: so it is for scorecards that are there already too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0004_publications"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalscorecard",
            name="four_eyes",
            field=models.BooleanField(
                default=True,
                help_text="Nobody signs off what they entered, but for performance officers, where it is marked. Without it owners can, and it is marked too.",
                verbose_name="four eyes",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="four_eyes",
            field=models.BooleanField(
                default=True,
                help_text="Nobody signs off what they entered, but for performance officers, where it is marked. Without it owners can, and it is marked too.",
                verbose_name="four eyes",
            ),
        ),
    ]
