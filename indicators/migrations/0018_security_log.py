"""The security log."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0017_relations_known_to_readers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("kept_until", models.DateField()),
                ("kind", models.CharField(max_length=30)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("fingerprint", models.CharField(blank=True, max_length=40)),
                ("about", models.CharField(blank=True, max_length=300)),
                ("detail", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["at"], name="security_event_at"),
                    models.Index(fields=["kept_until"], name="security_event_kept_until"),
                    models.Index(fields=["kind", "at"], name="security_event_kind"),
                    models.Index(fields=["person", "at"], name="security_event_person"),
                    models.Index(fields=["by", "at"], name="security_event_by"),
                    models.Index(fields=["address", "at"], name="security_event_address"),
                    models.Index(fields=["fingerprint", "at"], name="security_event_fingerprint"),
                ],
            },
        ),
    ]
