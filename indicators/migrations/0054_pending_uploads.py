"""Spreadsheets between their preview and their confirmation."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators.new_tables import NewTables


class Migration(NewTables):
    dependencies = [
        # By the name of the old one, so that either way of making the tables can be in use.
        ("indicators", "0004_rebase"),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=60, unique=True)),
                ("model", models.CharField(max_length=100)),
                ("file_name", models.CharField(max_length=255)),
                ("content", models.BinaryField()),
                ("checksum", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "model"),
                        name="upload_one_per_person_and_kind",
                        violation_error_message="There is already an upload of this kind by this person.",
                    )
                ],
            },
        ),
    ]
