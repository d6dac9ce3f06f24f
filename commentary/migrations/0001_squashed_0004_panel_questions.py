"""All tables as four migrations made them, at once; a database that has some of those goes on with them."""

import django.db.models.deletion
import django.db.models.lookups
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import commentary.focus
import commentary.sign_off
import indicators.models.fields
from indicators.new_tables import NewTables


class Migration(NewTables):
    replaces = [
        ("commentary", "0001_initial"),
        ("commentary", "0002_initial"),
        ("commentary", "0003_sign_offs"),
        ("commentary", "0004_panel_questions"),
    ]

    initial = True

    dependencies = [
        # What the migrations that this one replaces needed, so that it can follow them where they are in use.
        ("indicators", "0004_rebase"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaOfFocus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("response", models.TextField(blank=True, help_text="What the service does about it, or answers.")),
                (
                    "raised_by",
                    models.CharField(choices=commentary.focus.RaisedBy.choices, default="service", max_length=8),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "indicators",
                    models.ManyToManyField(blank=True, related_name="areas_of_focus", to="indicators.indicator"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Never shown to the public.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_in",
                    indicators.models.fields.MonthField(
                        blank=True,
                        help_text="The answer appears in later reports.",
                        null=True,
                        verbose_name="asked about the report on",
                    ),
                ),
                ("detail", models.TextField(blank=True, help_text="What more there is to say about a question.")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer due on")),
                ("kind", models.CharField(choices=commentary.focus.FocusKind.choices, default="area", max_length=14)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who answers.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas_of_focus",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "areas of focus",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                        ),
                        name="focus_closed_after_opened",
                        violation_error_message="It can't be closed before it was opened.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("raised_by__in", ["service", "panel"]),
                            ("kind__in", ["area", "question", "recommendation"]),
                        ),
                        name="focus_words_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_by__isnull", True), ("asked_in__isnull", True), ("kind", "area")),
                            models.Q(
                                models.Q(("kind", "area"), _negated=True),
                                ("asked_by__isnull", False),
                                ("asked_in__isnull", False),
                                ("raised_by", "panel"),
                            ),
                            _connector="OR",
                        ),
                        name="focus_question_asked_by_the_panel",
                        violation_error_message="A question or recommendation is raised by the panel: say who asked, and about the report on which month. An area of focus has neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_in__isnull", True),
                            django.db.models.lookups.Exact(
                                indicators.models.fields.DayOfMonth(models.F("asked_in")), 1
                            ),
                            _connector="OR",
                        ),
                        name="focus_asked_in_is_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__isnull", True),
                            models.Q(("due_on__gte", models.F("opened_on")), ("owner__isnull", False)),
                            _connector="OR",
                        ),
                        name="focus_due_from_somebody",
                        violation_error_message="An answer is due from somebody, and not before it was asked for.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commentary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", indicators.models.fields.MonthField()),
                ("text", models.TextField()),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commentaries",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "commentary",
                "ordering": ["indicator", "-month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "month"),
                        name="commentary_one_per_month",
                        violation_error_message="There is already a commentary for this month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="commentary_month_is_first_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FocusUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("date", models.DateField()),
                ("text", models.TextField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="updates", to="commentary.areaoffocus"
                    ),
                ),
            ],
            options={
                "verbose_name": "update",
                "ordering": ["area", "date", "pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAreaOfFocus",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("response", models.TextField(blank=True, help_text="What the service does about it, or answers.")),
                (
                    "raised_by",
                    models.CharField(choices=commentary.focus.RaisedBy.choices, default="service", max_length=8),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
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
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Never shown to the public.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_in",
                    indicators.models.fields.MonthField(
                        blank=True,
                        help_text="The answer appears in later reports.",
                        null=True,
                        verbose_name="asked about the report on",
                    ),
                ),
                ("detail", models.TextField(blank=True, help_text="What more there is to say about a question.")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer due on")),
                ("kind", models.CharField(choices=commentary.focus.FocusKind.choices, default="area", max_length=14)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Who answers.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical area of focus",
                "verbose_name_plural": "historical areas of focus",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAreaOfFocus_indicators",
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
                        to="commentary.historicalareaoffocus",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalAreaOfFocus_indicators",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCommentary",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("month", indicators.models.fields.MonthField()),
                ("text", models.TextField()),
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
            ],
            options={
                "verbose_name": "historical commentary",
                "verbose_name_plural": "historical commentary",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFocusUpdate",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("date", models.DateField()),
                ("text", models.TextField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="commentary.areaoffocus",
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
            ],
            options={
                "verbose_name": "historical update",
                "verbose_name_plural": "historical updates",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOverview",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("title", models.CharField(help_text="To find it by, for example “January 2021”.", max_length=200)),
                ("summary", models.TextField(help_text="A blank line begins a new paragraph.")),
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
                "verbose_name": "historical overview",
                "verbose_name_plural": "historical overviews",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Overview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(help_text="To find it by, for example “January 2021”.", max_length=200)),
                ("summary", models.TextField(help_text="A blank line begins a new paragraph.")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSignOff",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("month", indicators.models.fields.MonthField()),
                ("step", models.CharField(choices=commentary.sign_off.Step.choices, default="draft", max_length=10)),
                ("figure", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("note", models.TextField(blank=True, help_text="The owner's note on what was sent back.")),
                ("first_sent_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "decided_by",
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
                    "sent_by",
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
                "verbose_name": "historical sign-off",
                "verbose_name_plural": "historical sign-offs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalWarningReason",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("month", indicators.models.fields.MonthField()),
                ("warning", models.CharField(max_length=60)),
                ("about", models.TextField()),
                ("reason", models.TextField()),
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
            ],
            options={
                "verbose_name": "historical warning reason",
                "verbose_name_plural": "historical warning reasons",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", indicators.models.fields.MonthField()),
                ("step", models.CharField(choices=commentary.sign_off.Step.choices, default="draft", max_length=10)),
                ("figure", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("note", models.TextField(blank=True, help_text="The owner's note on what was sent back.")),
                ("first_sent_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sign_offs", to="indicators.indicator"
                    ),
                ),
                (
                    "sent_by",
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
                "verbose_name": "sign-off",
                "ordering": ["indicator", "-month"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "month"), name="sign_off_one_per_month"),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="sign_off_month_is_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["draft", "sent", "sent_back", "approved"])),
                        name="sign_off_step_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "sent"), _negated=True),
                            models.Q(
                                ("first_sent_at__isnull", False), ("sent_at__isnull", False), ("sent_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sign_off_sent_by_somebody",
                        violation_error_message="Say who sent it, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step__in", ["sent_back", "approved"]), _negated=True),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sign_off_decided_by_somebody",
                        violation_error_message="Say who signed it off or sent it back, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "sent_back"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sign_off_sent_back_with_a_note",
                        violation_error_message="Say what should be changed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WarningReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", indicators.models.fields.MonthField()),
                ("warning", models.CharField(max_length=60)),
                ("about", models.TextField()),
                ("reason", models.TextField()),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="warning_reasons",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "-month", "warning"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "month", "warning"), name="warning_reason_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="warning_reason_month_is_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="warning_reason_not_empty"
                    ),
                ],
            },
        ),
    ]
