"""The glossary, with what the key of every report had until now."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

ENTRIES = {
    "CiN": "child in need",
    "CSE": "child sexual exploitation",
    "EHA": "early help assessment",
    "EHP": "early help plan",
    "IFA": "independent fostering agency",
    "ICPC": "initial child protection conference",
    "RCPC": "review child protection conference",
    "MASH": "multi-agency safeguarding hub",
    "NEET": "not in education, employment or training",
    "S47": "enquiry under section 47 of the Children Act 1989",
    "SGO": "special guardianship order",
    "UASC": "unaccompanied asylum-seeking children",
}


def add_entries(apps, schema_editor):
    """Each with the beginning of its history."""
    entries, history = (apps.get_model("scorecard", name) for name in ("GlossaryEntry", "HistoricalGlossaryEntry"))
    using = schema_editor.connection.alias
    for short_form, meaning in ENTRIES.items():
        entry = entries.objects.using(using).create(short_form=short_form, meaning=meaning)
        history.objects.using(using).create(
            id=entry.pk,
            version=entry.version,
            short_form=short_form,
            meaning=meaning,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason="Was in the key of every report.",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0007_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GlossaryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "short_form",
                    models.CharField(
                        help_text="As reports write it, in the singular: for example UASC. “UASCs” is found, too.",
                        max_length=30,
                        validators=[django.core.validators.RegexValidator("\\A\\w", "Begin with a letter or a digit.")],
                    ),
                ),
                (
                    "meaning",
                    models.CharField(
                        help_text="For example “unaccompanied asylum-seeking children”.",
                        max_length=200,
                        verbose_name="what it stands for",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "glossary",
                "ordering": ["short_form"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("short_form"),
                        name="glossary_short_form_once",
                        violation_error_message="The glossary has this short form already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("short_form", ""), _negated=True), models.Q(("meaning", ""), _negated=True)
                        ),
                        name="glossary_words_given",
                        violation_error_message="Give the short form and what it stands for.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalGlossaryEntry",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "short_form",
                    models.CharField(
                        help_text="As reports write it, in the singular: for example UASC. “UASCs” is found, too.",
                        max_length=30,
                        validators=[django.core.validators.RegexValidator("\\A\\w", "Begin with a letter or a digit.")],
                    ),
                ),
                (
                    "meaning",
                    models.CharField(
                        help_text="For example “unaccompanied asylum-seeking children”.",
                        max_length=200,
                        verbose_name="what it stands for",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical glossary entry",
                "verbose_name_plural": "historical glossary",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(add_entries, migrations.RunPython.noop),
    ]
