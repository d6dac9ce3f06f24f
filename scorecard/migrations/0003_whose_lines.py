import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# No reminder was ever sent before this, so that there is no row to say it for.
class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0002_collection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="reminder", name="reminder_once_per_occasion"),
        migrations.AddField(
            model_name="historicalreminder",
            name="lines_of",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whose lines",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="lines_of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whose lines",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("edition", "person", "lines_of", "kind", "occasion"), name="reminder_once_per_occasion"
            ),
        ),
    ]
