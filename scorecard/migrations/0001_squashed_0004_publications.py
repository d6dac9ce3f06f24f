"""All tables as four migrations made them, at once; a database that has some of those goes on with them."""

import django.db.models.deletion
import django.db.models.lookups
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import indicators.models.fields
import scorecard.models.edition
import scorecard.models.publication
from indicators.new_tables import NewTables


class Migration(NewTables):
    replaces = [
        ("scorecard", "0001_initial"),
        ("scorecard", "0002_collection"),
        ("scorecard", "0003_reset_request"),
        ("scorecard", "0004_publications"),
    ]

    initial = True

    dependencies = [
        # What the migrations that this one replaces needed, so that it can follow them where they are in use.
        ("commentary", "0003_sign_offs"),
        ("indicators", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalScorecard",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("slug", models.SlugField(help_text="Its name in the address of its pages.")),
                ("title", models.CharField(max_length=200)),
                ("council", models.CharField(max_length=200)),
                ("panel", models.CharField(help_text="Who reads it.", max_length=200)),
                (
                    "region",
                    models.CharField(
                        default="Region",
                        help_text="The heading of the region's comparators.",
                        max_length=100,
                        verbose_name="name of the region",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise signed-in people only.",
                        verbose_name="readable without signing in",
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
                (
                    "commentary_from_change",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="A figure that changed by at least this much since the month before needs a commentary.",
                        verbose_name="commentary from a change of (%)",
                    ),
                ),
                (
                    "council_code",
                    models.CharField(
                        blank=True,
                        help_text="As in national statistics, for example E06000045.",
                        max_length=9,
                        verbose_name="council’s code",
                    ),
                ),
                (
                    "panel_reads_unsuppressed",
                    models.BooleanField(
                        default=True,
                        help_text="Signed-in panel members, and people with lines on the scorecard, read the report with small counts.",
                        verbose_name="the panel reads them",
                    ),
                ),
                (
                    "region_code",
                    models.CharField(
                        blank=True, help_text="For example E12000008.", max_length=9, verbose_name="region’s code"
                    ),
                ),
                (
                    "suppresses_small_counts",
                    models.BooleanField(
                        default=False,
                        help_text="Counts of 1 to 5, and all that would give them away, are published as [c].",
                        verbose_name="hide small counts from the public",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical scorecard",
                "verbose_name_plural": "historical scorecards",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("slug", models.SlugField(help_text="Its name in the address of its pages.", unique=True)),
                ("title", models.CharField(max_length=200)),
                ("council", models.CharField(max_length=200)),
                ("panel", models.CharField(help_text="Who reads it.", max_length=200)),
                (
                    "region",
                    models.CharField(
                        default="Region",
                        help_text="The heading of the region's comparators.",
                        max_length=100,
                        verbose_name="name of the region",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise signed-in people only.",
                        verbose_name="readable without signing in",
                    ),
                ),
                (
                    "areas_of_focus",
                    models.ManyToManyField(blank=True, related_name="scorecards", to="commentary.areaoffocus"),
                ),
                (
                    "commentary_from_change",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="A figure that changed by at least this much since the month before needs a commentary.",
                        verbose_name="commentary from a change of (%)",
                    ),
                ),
                (
                    "council_code",
                    models.CharField(
                        blank=True,
                        help_text="As in national statistics, for example E06000045.",
                        max_length=9,
                        verbose_name="council’s code",
                    ),
                ),
                (
                    "panel_reads_unsuppressed",
                    models.BooleanField(
                        default=True,
                        help_text="Signed-in panel members, and people with lines on the scorecard, read the report with small counts.",
                        verbose_name="the panel reads them",
                    ),
                ),
                (
                    "region_code",
                    models.CharField(
                        blank=True, help_text="For example E12000008.", max_length=9, verbose_name="region’s code"
                    ),
                ),
                (
                    "suppresses_small_counts",
                    models.BooleanField(
                        default=False,
                        help_text="Counts of 1 to 5, and all that would give them away, are published as [c].",
                        verbose_name="hide small counts from the public",
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSection",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
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
                (
                    "scorecard",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical section",
                "verbose_name_plural": "historical sections",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalScorecard_areas_of_focus",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "areaoffocus",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="commentary.areaoffocus",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="scorecard.historicalscorecard",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalScorecard_areas_of_focus",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEdition",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("month", indicators.models.fields.MonthField()),
                ("meeting_date", models.DateField(blank=True, null=True)),
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
                (
                    "overview",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="commentary.overview",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.scorecard",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True, help_text="Lines sent after this day are late.", null=True, verbose_name="due date"
                    ),
                ),
                (
                    "opens_on",
                    models.DateField(
                        blank=True,
                        help_text="Reporters can enter from this day.",
                        null=True,
                        verbose_name="opening date",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=scorecard.models.edition.EditionState.choices, default="collecting", max_length=10
                    ),
                ),
            ],
            options={
                "verbose_name": "historical edition",
                "verbose_name_plural": "historical editions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="scorecard.scorecard"
                    ),
                ),
            ],
            options={
                "ordering": ["scorecard", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scorecard", "title"),
                        name="section_title_once",
                        violation_error_message="The scorecard already has a section of this title.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="indicators.indicator"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="scorecard.section"
                    ),
                ),
            ],
            options={
                "ordering": ["section", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("section", "indicator"),
                        name="line_once_in_section",
                        violation_error_message="The section already has this indicator.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalLine",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
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
                (
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.indicator",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.section",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical line",
                "verbose_name_plural": "historical lines",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", indicators.models.fields.MonthField()),
                ("meeting_date", models.DateField(blank=True, null=True)),
                (
                    "overview",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edition",
                        to="commentary.overview",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="editions", to="scorecard.scorecard"
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True, help_text="Lines sent after this day are late.", null=True, verbose_name="due date"
                    ),
                ),
                (
                    "opens_on",
                    models.DateField(
                        blank=True,
                        help_text="Reporters can enter from this day.",
                        null=True,
                        verbose_name="opening date",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=scorecard.models.edition.EditionState.choices, default="collecting", max_length=10
                    ),
                ),
            ],
            options={
                "ordering": ["scorecard", "-month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scorecard", "month"),
                        name="edition_one_per_month",
                        violation_error_message="There is already an edition for this month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="edition_month_is_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["collecting", "in_review", "published"])),
                        name="edition_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "collecting"), _negated=True),
                            models.Q(("due_on__isnull", False), ("opens_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="edition_collected_between_dates",
                        violation_error_message="An edition that is collected needs an opening date and a due date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_on__isnull", True),
                            ("due_on__isnull", True),
                            ("due_on__gte", models.F("opens_on")),
                            _connector="OR",
                        ),
                        name="edition_due_after_opening",
                        violation_error_message="The due date can't be before the opening date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("meeting_date__isnull", True),
                            ("due_on__isnull", True),
                            ("meeting_date__gte", models.F("due_on")),
                            _connector="OR",
                        ),
                        name="edition_meets_after_due",
                        violation_error_message="The meeting can't be before the due date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalReminder",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("kind", models.CharField(choices=scorecard.models.edition.ReminderKind.choices, max_length=12)),
                ("occasion", models.CharField(max_length=60)),
                ("lines", models.PositiveIntegerField(verbose_name="number of lines")),
                ("address", models.EmailField(max_length=254, verbose_name="sent to")),
                ("sent_at", models.DateTimeField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.edition",
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
                    "lines_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose lines",
                    ),
                ),
                (
                    "person",
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
                "verbose_name": "historical reminder",
                "verbose_name_plural": "historical reminders",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(choices=scorecard.models.edition.ReminderKind.choices, max_length=12)),
                ("occasion", models.CharField(max_length=60)),
                ("lines", models.PositiveIntegerField(verbose_name="number of lines")),
                ("address", models.EmailField(max_length=254, verbose_name="sent to")),
                ("sent_at", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="scorecard.edition"
                    ),
                ),
                (
                    "lines_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose lines",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "person", "lines_of", "kind", "occasion"), name="reminder_once_per_occasion"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["opened", "due_soon", "overdue", "sent_back", "to_sign_off", "asked"])
                        ),
                        name="reminder_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("latest_at", models.DateTimeField()),
                ("before_at", models.DateTimeField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="scorecard.edition"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("edition", "person"), name="visit_one_per_person")],
            },
        ),
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
        migrations.CreateModel(
            name="HistoricalPublication",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="1 for the first publication, 2 for its first revision."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=scorecard.models.publication.PublicationKind.choices, default="original", max_length=10
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was revised, for readers.")),
                ("published_at", models.DateTimeField()),
                ("checksum", models.CharField(help_text="SHA-256 of the checksums of its documents.", max_length=64)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scorecard.edition",
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
                    "published_by",
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
                "verbose_name": "historical publication",
                "verbose_name_plural": "historical publications",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="1 for the first publication, 2 for its first revision."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=scorecard.models.publication.PublicationKind.choices, default="original", max_length=10
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was revised, for readers.")),
                ("published_at", models.DateTimeField()),
                ("checksum", models.CharField(help_text="SHA-256 of the checksums of its documents.", max_length=64)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="scorecard.edition"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["edition", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "number"), name="publication_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["original", "scheduled", "correction"]),
                            models.Q(("checksum", ""), _negated=True),
                        ),
                        name="publication_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "original"), ("number", 1)),
                            models.Q(
                                ("number__gt", 1),
                                models.Q(("kind", "original"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="publication_revised_for_a_reason",
                        violation_error_message="A first publication is number 1; a revision needs a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=scorecard.models.publication.Audience.choices, default="panel", max_length=6
                    ),
                ),
                ("body", models.TextField()),
                ("checksum", models.CharField(help_text="SHA-256 of the document in UTF-8.", max_length=64)),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="scorecard.publication",
                    ),
                ),
            ],
            options={
                "ordering": ["publication", "audience"],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "audience"), name="document_one_per_audience"),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["panel", "public"])), name="document_audience_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), _negated=True), models.Q(("checksum", ""), _negated=True)
                        ),
                        name="document_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("suffix", models.CharField(max_length=20)),
                ("content", models.BinaryField()),
                ("checksum", models.CharField(help_text="SHA-256 of the content.", max_length=64)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="scorecard.publisheddocument",
                    ),
                ),
            ],
            options={
                "ordering": ["document", "suffix"],
                "constraints": [models.UniqueConstraint(fields=("document", "suffix"), name="file_one_per_format")],
            },
        ),
    ]
