"""What numerators and denominators count, in words; and who enters returns in rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0018_security_log"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalindicator",
            name="denominator_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example “of all children in care”. Empty: “Out of how many?”",
                max_length=120,
                verbose_name="what the denominator counts",
            ),
        ),
        migrations.AddField(
            model_name="historicalindicator",
            name="numerator_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As its reporter is asked, for example “children visited in time”. Empty: “How many?”",
                max_length=120,
                verbose_name="what the numerator counts",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="denominator_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example “of all children in care”. Empty: “Out of how many?”",
                max_length=120,
                verbose_name="what the denominator counts",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="numerator_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As its reporter is asked, for example “children visited in time”. Empty: “How many?”",
                max_length=120,
                verbose_name="what the numerator counts",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="compact_returns",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="returns in rows"),
        ),
    ]
