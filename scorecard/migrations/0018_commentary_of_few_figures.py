"""Says of which indicators a change asks for commentary: those with too few figures for a signal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0017_spreadsheet_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalscorecard",
            name="commentary_from_change",
            field=models.PositiveSmallIntegerField(
                default=20,
                help_text="Where too few figures are there for a signal. All others need one for a signal, red or a new gap.",
                verbose_name="commentary from a change of (%)",
            ),
        ),
        migrations.AlterField(
            model_name="scorecard",
            name="commentary_from_change",
            field=models.PositiveSmallIntegerField(
                default=20,
                help_text="Where too few figures are there for a signal. All others need one for a signal, red or a new gap.",
                verbose_name="commentary from a change of (%)",
            ),
        ),
    ]
