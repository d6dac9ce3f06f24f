"""By how much the indicators' numbers of another installation's reports were lower than they are here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0018_commentary_of_few_figures"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="numbers_from",
                field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
            )
            for model in ("scorecard", "historicalscorecard")
        ),
        migrations.AddField(
            model_name="publisheddocument",
            name="numbers_from",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
