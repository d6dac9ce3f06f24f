"""What was taken back of published reports."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import indicators.models.fields
import scorecard.models.withholding


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0010_public_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalWithholding",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("kind", models.CharField(choices=scorecard.models.withholding.WithheldKind.choices, max_length=11)),
                ("words", models.CharField(max_length=200, verbose_name="reason for readers")),
                ("note", models.TextField(blank=True)),
                ("everywhere", models.BooleanField(default=True)),
                ("places", models.PositiveIntegerField(editable=False)),
                ("withheld_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(help_text="When what readers see of it changed last.")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifting_reason", models.CharField(blank=True, max_length=200, verbose_name="why it is shown again")),
                ("erasure_asked_at", models.DateTimeField(blank=True, null=True)),
                ("legal_reason", models.CharField(blank=True, max_length=300)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("certificate", models.TextField(blank=True)),
                ("alone", models.BooleanField(default=False, verbose_name="decided without a second person")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erasure_asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
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
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withheld_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical withholding",
                "verbose_name_plural": "historical withholdings",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Withholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(choices=scorecard.models.withholding.WithheldKind.choices, max_length=11)),
                ("words", models.CharField(max_length=200, verbose_name="reason for readers")),
                ("note", models.TextField(blank=True)),
                ("everywhere", models.BooleanField(default=True)),
                ("places", models.PositiveIntegerField(editable=False)),
                ("withheld_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(help_text="When what readers see of it changed last.")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifting_reason", models.CharField(blank=True, max_length=200, verbose_name="why it is shown again")),
                ("erasure_asked_at", models.DateTimeField(blank=True, null=True)),
                ("legal_reason", models.CharField(blank=True, max_length=300)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("certificate", models.TextField(blank=True)),
                ("alone", models.BooleanField(default=False, verbose_name="decided without a second person")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erasure_asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withheld_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-withheld_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=scorecard.models.withholding.WithheldKind.choices, max_length=11)),
                ("text", models.CharField(blank=True, max_length=64)),
                ("indicator", models.PositiveBigIntegerField(blank=True, null=True)),
                ("month", indicators.models.fields.MonthField(blank=True, null=True)),
                ("figure", models.CharField(blank=True, max_length=200)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tombstones",
                        to="scorecard.publisheddocument",
                    ),
                ),
                (
                    "withholding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tombstones",
                        to="scorecard.withholding",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("original_checksum", models.CharField(max_length=64)),
                ("new_checksum", models.CharField(max_length=64)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="scorecard.publisheddocument",
                    ),
                ),
                (
                    "withholding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="erasures", to="scorecard.withholding"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            scorecard.models.withholding.WithheldKind["TEXT"],
                            scorecard.models.withholding.WithheldKind["FIGURE"],
                            scorecard.models.withholding.WithheldKind["LINE"],
                            scorecard.models.withholding.WithheldKind["PUBLICATION"],
                        ],
                    ),
                    models.Q(("words", ""), _negated=True),
                    ("places__gt", 0),
                ),
                name="withholding_says_why",
                violation_error_message="A withholding says why, and of what.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="withholding_confirmed_by_somebody",
                violation_error_message="A step has both the person and the time, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="withholding_lifted_by_somebody",
                violation_error_message="A step has both the person and the time, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erasure_asked_at__isnull", True), ("erasure_asked_by__isnull", True)),
                    models.Q(("erasure_asked_at__isnull", False), ("erasure_asked_by__isnull", False)),
                    _connector="OR",
                ),
                name="withholding_erasure_asked_by_somebody",
                violation_error_message="A step has both the person and the time, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_at__isnull", True), ("erased_by__isnull", True)),
                    models.Q(("erased_at__isnull", False), ("erased_by__isnull", False)),
                    _connector="OR",
                ),
                name="withholding_erased_by_somebody",
                violation_error_message="A step has both the person and the time, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alone", True),
                    models.Q(
                        models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("withheld_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("lifted_by__isnull", True),
                            models.Q(("lifted_by", models.F("withheld_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("erased_by__isnull", True),
                            models.Q(("erased_by", models.F("erasure_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="withholding_by_two",
                violation_error_message="A second person confirms, shows again or erases it, unless there is none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_at__isnull", True),
                    models.Q(("erased_at__isnull", True), models.Q(("lifting_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="withholding_lifted_for_a_reason",
                violation_error_message="What is shown again has a reason for it, and was not erased.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("erasure_asked_at__isnull", False),
                        models.Q(("legal_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="withholding_erased_after_steps",
                violation_error_message="What is erased was confirmed and asked for before, with the reason in law.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erasure_asked_at__isnull", True), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="withholding_confirmed_before_erasure",
                violation_error_message="Only what was confirmed can be erased.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("indicator__isnull", True),
                        (
                            "kind__in",
                            [
                                scorecard.models.withholding.WithheldKind["TEXT"],
                                scorecard.models.withholding.WithheldKind["REASON"],
                            ],
                        ),
                    ),
                    models.Q(
                        ("indicator__isnull", False),
                        ("kind", scorecard.models.withholding.WithheldKind["FIGURE"]),
                        ("month__isnull", False),
                    ),
                    models.Q(
                        ("indicator__isnull", False),
                        ("kind", scorecard.models.withholding.WithheldKind["LINE"]),
                        ("month__isnull", True),
                    ),
                    models.Q(
                        ("indicator__isnull", True), ("kind", scorecard.models.withholding.WithheldKind["PUBLICATION"])
                    ),
                    _connector="OR",
                ),
                name="tombstone_has_a_place",
                violation_error_message="A text has its words, a figure its indicator and month, a line its indicator.",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(fields=("document", "original_checksum"), name="erasure_once"),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("original_checksum", ""), _negated=True),
                    models.Q(("new_checksum", ""), _negated=True),
                    models.Q(("original_checksum", models.F("new_checksum")), _negated=True),
                ),
                name="erasure_changes_something",
                violation_error_message="What was erased has another checksum than before.",
            ),
        ),
    ]
