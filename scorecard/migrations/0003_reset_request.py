from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0002_collection"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResetRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=40, unique=True)),
                ("requested_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
