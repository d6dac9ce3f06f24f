"""Comparator groups as data, with the three that there were."""

import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import migrations, models
from django.utils import timezone

GROUPS = [
    {
        "code": "statistical_neighbours",
        "name": "Statistical neighbours",
        "short_name": "SN",
        "in_sentence": "statistical neighbours",
        "explanation": "The ten councils most like this one, as the Department for Education lists them.",
    },
    {"code": "england", "name": "England", "short_name": "England", "in_sentence": "", "explanation": ""},
    {"code": "region", "name": "Region", "short_name": "Region", "in_sentence": "the region", "explanation": ""},
]


def add_groups(apps, schema_editor):
    """Each with the beginning of its history. A target that rests on no group has none from now on, not an empty word."""
    groups, history = (apps.get_model("indicators", name) for name in ("ComparatorGroup", "HistoricalComparatorGroup"))
    using = schema_editor.connection.alias
    for position, words in enumerate(GROUPS, 1):
        fields = {**words, "kind": words["code"], "position": position}
        group = groups.objects.using(using).create(**fields)
        history.objects.using(using).create(
            id=group.pk,
            version=group.version,
            **fields,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason="Stood in every report.",
        )
    for name in ("Target", "HistoricalTarget"):
        apps.get_model("indicators", name).objects.using(using).filter(group="").update(group=None)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0013_next_update"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ComparatorGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "code",
                    models.CharField(
                        help_text="What files call it, for example core_cities. It stays when the group gets another name.",
                        max_length=30,
                        unique=True,
                        validators=[
                            RegexValidator(
                                "\\A[a-z0-9]+([_-][a-z0-9]+)*\\Z", "Small letters and digits, as core_cities."
                            )
                        ],
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="The heading of its figures, for example Core cities.", max_length=100),
                ),
                (
                    "short_name",
                    models.CharField(
                        help_text="Where there is little room: at a chart’s lines, and as the heading in CSV files.",
                        max_length=30,
                    ),
                ),
                (
                    "in_sentence",
                    models.CharField(
                        blank=True,
                        help_text="As in “above the core cities”: the core cities. Empty for the name as it is.",
                        max_length=100,
                        verbose_name="in a sentence",
                    ),
                ),
                (
                    "explanation",
                    models.TextField(
                        blank=True,
                        help_text="Who belongs to it: shown in the key of each report that has the group.",
                        max_length=600,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statistical_neighbours", "Statistical neighbours"),
                            ("england", "England"),
                            ("region", "Region"),
                            ("other", "Nothing"),
                        ],
                        default="other",
                        help_text="What national statistics have of it. Figures of another group are typed or imported from a file.",
                        max_length=24,
                        verbose_name="in open data",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="In lists of groups.", verbose_name="order"),
                ),
            ],
            options={
                "ordering": ["position", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="comparator_group_name_once",
                        violation_error_message="Another group has this name.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("short_name"),
                        name="comparator_group_short_name_once",
                        violation_error_message="Another group has this short name.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "other"), _negated=True),
                        fields=("kind",),
                        name="comparator_group_kind_once",
                        violation_error_message="Another group is this in open data already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("short_name", ""), _negated=True),
                            ("kind__in", ["statistical_neighbours", "england", "region", "other"]),
                        ),
                        name="comparator_group_words_given",
                        violation_error_message="Give the code, the name and the short name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalComparatorGroup",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "code",
                    models.CharField(
                        db_index=True,
                        help_text="What files call it, for example core_cities. It stays when the group gets another name.",
                        max_length=30,
                        validators=[
                            RegexValidator(
                                "\\A[a-z0-9]+([_-][a-z0-9]+)*\\Z", "Small letters and digits, as core_cities."
                            )
                        ],
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="The heading of its figures, for example Core cities.", max_length=100),
                ),
                (
                    "short_name",
                    models.CharField(
                        help_text="Where there is little room: at a chart’s lines, and as the heading in CSV files.",
                        max_length=30,
                    ),
                ),
                (
                    "in_sentence",
                    models.CharField(
                        blank=True,
                        help_text="As in “above the core cities”: the core cities. Empty for the name as it is.",
                        max_length=100,
                        verbose_name="in a sentence",
                    ),
                ),
                (
                    "explanation",
                    models.TextField(
                        blank=True,
                        help_text="Who belongs to it: shown in the key of each report that has the group.",
                        max_length=600,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statistical_neighbours", "Statistical neighbours"),
                            ("england", "England"),
                            ("region", "Region"),
                            ("other", "Nothing"),
                        ],
                        default="other",
                        help_text="What national statistics have of it. Figures of another group are typed or imported from a file.",
                        max_length=24,
                        verbose_name="in open data",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="In lists of groups.", verbose_name="order"),
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
                "verbose_name": "historical comparator group",
                "verbose_name_plural": "historical comparator groups",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name="comparator",
            name="comparator_words_known",
        ),
        migrations.RemoveConstraint(
            model_name="nationalcomparator",
            name="national_comparator_words_known",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="target_comparator_named",
        ),
        migrations.AlterField(
            model_name="target",
            name="group",
            field=models.CharField(blank=True, max_length=30, null=True),
        ),
        migrations.AlterField(
            model_name="historicaltarget",
            name="group",
            field=models.CharField(blank=True, max_length=30, null=True),
        ),
        migrations.RunPython(add_groups, migrations.RunPython.noop),
    ]
