"""All tables as four migrations made them, at once; a database that has some of those goes on with them."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import indicators.calculations.consistency
import indicators.calculations.vocabulary
import indicators.models.derivation
import indicators.models.fields
from indicators.new_tables import NewTables


class Migration(NewTables):
    replaces = [
        ("indicators", "0001_initial"),
        ("indicators", "0002_cross_checks"),
        ("indicators", "0003_peer_figures"),
        ("indicators", "0004_rebase"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="PopulationGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=100, unique=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name in reports")),
                ("job_title", models.CharField(blank=True, max_length=150)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "username"],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalDeputy",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("starts_on", models.DateField(verbose_name="from")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty: until further notice.", null=True, verbose_name="until"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "deputy",
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
                "verbose_name": "historical deputy",
                "verbose_name_plural": "historical deputies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPopulationGroup",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("name", models.CharField(db_index=True, max_length=100)),
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
                "verbose_name": "historical population group",
                "verbose_name_plural": "historical population groups",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUser",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        db_index=True,
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name in reports")),
                ("job_title", models.CharField(blank=True, max_length=150)),
                ("history_change_reason", models.TextField(null=True)),
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
                "verbose_name": "historical user",
                "verbose_name_plural": "historical users",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(help_text="Short and unique, for example CP3-QL.", max_length=30)),
                ("title", models.CharField(max_length=300)),
                ("definition", models.TextField(blank=True, help_text="What is counted, in plain words.")),
                ("outcome", models.TextField(blank=True, help_text="What good looks like for children.")),
                (
                    "unit",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Unit.choices, default="count", max_length=12
                    ),
                ),
                (
                    "decimal_places",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="For display only; figures are kept exactly."
                    ),
                ),
                (
                    "polarity",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Polarity.choices,
                        default="neutral",
                        max_length=8,
                        verbose_name="desired direction",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Kind.choices, default="figure", max_length=8
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Frequency.choices, default="monthly", max_length=10
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Scope.choices, default="local", max_length=8
                    ),
                ),
                (
                    "allows_over_100",
                    models.BooleanField(
                        default=False,
                        help_text="For example where a numerator can catch up with earlier months.",
                        verbose_name="percentage may exceed 100",
                    ),
                ),
                (
                    "active_from",
                    indicators.models.fields.MonthField(blank=True, help_text="First month reported.", null=True),
                ),
                (
                    "active_to",
                    indicators.models.fields.MonthField(blank=True, help_text="Final month reported.", null=True),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What a reader must know about these figures. Shown in the report."
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Signs the figures off.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_indicators",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        blank=True,
                        help_text="Enters figures and commentary.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_indicators",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "population",
                    models.ForeignKey(
                        blank=True,
                        help_text="For a derived rate: the people it is worked on.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="indicators.populationgroup",
                    ),
                ),
            ],
            options={
                "ordering": ["reference"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("reference"),
                        name="indicator_reference_unique",
                        violation_error_message="There is already an indicator with this reference.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference", ""), _negated=True), name="indicator_reference_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decimal_places__lte", 4)),
                        name="indicator_decimal_places_at_most_4",
                        violation_error_message="At most 4 decimal places can be displayed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("population__isnull", True), ("kind", "derived"), _connector="OR"),
                        name="indicator_population_only_if_derived",
                        violation_error_message="Only a derived indicator is worked on a population.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_from__isnull", True),
                            ("active_to__isnull", True),
                            ("active_to__gte", models.F("active_from")),
                            _connector="OR",
                        ),
                        name="indicator_active_to_after_from",
                        violation_error_message="The final month can't be before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("active_from__isnull", True),
                                django.db.models.lookups.Exact(
                                    indicators.models.fields.DayOfMonth(models.F("active_from")), 1
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("active_to__isnull", True),
                                django.db.models.lookups.Exact(
                                    indicators.models.fields.DayOfMonth(models.F("active_to")), 1
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="indicator_active_months_are_first_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__in", ["count", "percentage", "rate_10000", "rate_100000"]),
                            ("polarity__in", ["high", "low", "target", "neutral"]),
                            ("kind__in", ["figure", "ratio", "derived"]),
                            ("frequency__in", ["monthly", "quarterly"]),
                            ("scope__in", ["local", "national"]),
                        ),
                        name="indicator_words_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTarget",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="For example 2020-21.", verbose_name="financial year"
                    ),
                ),
                (
                    "value",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit: 94 for 94%.", null=True, verbose_name="target"
                    ),
                ),
                ("is_tbc", models.BooleanField(default=False, verbose_name="to be confirmed")),
                (
                    "tolerance",
                    indicators.models.fields.ExactNumberField(
                        blank=True,
                        default=0,
                        help_text="How far a figure may miss the target and still be amber, in the indicator's unit (percentage points for a percentage).",
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Shown with the target.")),
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
                "verbose_name": "historical target",
                "verbose_name_plural": "historical targets",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMonthlyValue",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("month", indicators.models.fields.MonthField()),
                (
                    "figure",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit: 19 for 19%.", null=True
                    ),
                ),
                ("numerator", indicators.models.fields.ExactNumberField(blank=True, null=True)),
                ("denominator", indicators.models.fields.ExactNumberField(blank=True, null=True)),
                (
                    "blank",
                    models.CharField(
                        blank=True,
                        choices=indicators.calculations.vocabulary.Blank.choices,
                        default="",
                        max_length=14,
                        verbose_name="no figure because",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Stage.choices, default="final", max_length=12
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Shown with the figure.")),
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
                "verbose_name": "historical monthly value",
                "verbose_name_plural": "historical monthly values",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDerivationTerm",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "role",
                    models.CharField(
                        choices=indicators.models.derivation.Role.choices, default="numerator", max_length=12
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
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.indicator",
                        verbose_name="worked out from",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical part it is worked out from",
                "verbose_name_plural": "historical parts it is worked out from",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalComparator",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("statistical_neighbours", "Statistical neighbours"),
                            ("england", "England"),
                            ("region", "Region"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        blank=True,
                        help_text="For example 2019-20; empty if not known.",
                        null=True,
                        verbose_name="financial year",
                    ),
                ),
                (
                    "value",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit.", null=True
                    ),
                ),
                (
                    "blank",
                    models.CharField(
                        blank=True,
                        choices=indicators.calculations.vocabulary.Blank.choices,
                        default="",
                        max_length=14,
                        verbose_name="no figure because",
                    ),
                ),
                ("source", models.CharField(blank=True, help_text="The publication.", max_length=300)),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        help_text="How it was put on the indicator's basis, for example “total / 152 authorities / 12”.",
                        max_length=300,
                    ),
                ),
                (
                    "on_basis",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.OnBasis.choices,
                        default="unknown",
                        max_length=8,
                        verbose_name="same basis as the indicator",
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Shown with the comparator.")),
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
                "verbose_name": "historical comparator",
                "verbose_name_plural": "historical comparators",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPopulation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="The year that contains the mid-year estimate, for example 2019-20.",
                        verbose_name="financial year",
                    ),
                ),
                ("people", models.PositiveIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Stage.choices, default="final", max_length=12
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300)),
                ("note", models.TextField(blank=True)),
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.populationgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical population",
                "verbose_name_plural": "historical populations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIndicator",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("reference", models.CharField(help_text="Short and unique, for example CP3-QL.", max_length=30)),
                ("title", models.CharField(max_length=300)),
                ("definition", models.TextField(blank=True, help_text="What is counted, in plain words.")),
                ("outcome", models.TextField(blank=True, help_text="What good looks like for children.")),
                (
                    "unit",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Unit.choices, default="count", max_length=12
                    ),
                ),
                (
                    "decimal_places",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="For display only; figures are kept exactly."
                    ),
                ),
                (
                    "polarity",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Polarity.choices,
                        default="neutral",
                        max_length=8,
                        verbose_name="desired direction",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Kind.choices, default="figure", max_length=8
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Frequency.choices, default="monthly", max_length=10
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Scope.choices, default="local", max_length=8
                    ),
                ),
                (
                    "allows_over_100",
                    models.BooleanField(
                        default=False,
                        help_text="For example where a numerator can catch up with earlier months.",
                        verbose_name="percentage may exceed 100",
                    ),
                ),
                (
                    "active_from",
                    indicators.models.fields.MonthField(blank=True, help_text="First month reported.", null=True),
                ),
                (
                    "active_to",
                    indicators.models.fields.MonthField(blank=True, help_text="Final month reported.", null=True),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What a reader must know about these figures. Shown in the report."
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Signs the figures off.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Enters figures and commentary.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "population",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="For a derived rate: the people it is worked on.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.populationgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical indicator",
                "verbose_name_plural": "historical indicators",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="For example 2020-21.", verbose_name="financial year"
                    ),
                ),
                (
                    "value",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit: 94 for 94%.", null=True, verbose_name="target"
                    ),
                ),
                ("is_tbc", models.BooleanField(default=False, verbose_name="to be confirmed")),
                (
                    "tolerance",
                    indicators.models.fields.ExactNumberField(
                        blank=True,
                        default=0,
                        help_text="How far a figure may miss the target and still be amber, in the indicator's unit (percentage points for a percentage).",
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Shown with the target.")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="indicators.indicator"
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "-year"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "year"),
                        name="target_one_per_year",
                        violation_error_message="There is already a target for this year.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_tbc", True), ("value__isnull", True)),
                            models.Q(("is_tbc", False), ("value__isnull", False)),
                            _connector="OR",
                        ),
                        name="target_value_or_tbc",
                        violation_error_message="Give a target, or tick “to be confirmed”: one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tolerance__gte", 0)),
                        name="target_tolerance_not_negative",
                        violation_error_message="A tolerance can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="target_not_negative",
                        violation_error_message="A target can't be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("starts_on", models.DateField(verbose_name="from")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty: until further notice.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stands_in_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deputies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deputies",
                "ordering": ["person", "starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("deputy")), _negated=True),
                        name="deputy_is_somebody_else",
                        violation_error_message="Nobody can be their own deputy.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="deputy_ends_after_start",
                        violation_error_message="The last day can't be before the first.",
                    ),
                    models.UniqueConstraint(fields=("person", "deputy", "starts_on"), name="deputy_once_from_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DerivationTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=indicators.models.derivation.Role.choices, default="numerator", max_length=12
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="indicators.indicator"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feeds",
                        to="indicators.indicator",
                        verbose_name="worked out from",
                    ),
                ),
            ],
            options={
                "verbose_name": "part it is worked out from",
                "verbose_name_plural": "parts it is worked out from",
                "ordering": ["indicator", "-role", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "source", "role"),
                        name="derivation_term_once",
                        violation_error_message="This part is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("indicator", models.F("source")), _negated=True),
                        name="derivation_not_from_itself",
                        violation_error_message="An indicator can't be worked out from itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["numerator", "denominator"])), name="derivation_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comparator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("statistical_neighbours", "Statistical neighbours"),
                            ("england", "England"),
                            ("region", "Region"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        blank=True,
                        help_text="For example 2019-20; empty if not known.",
                        null=True,
                        verbose_name="financial year",
                    ),
                ),
                (
                    "value",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit.", null=True
                    ),
                ),
                (
                    "blank",
                    models.CharField(
                        blank=True,
                        choices=indicators.calculations.vocabulary.Blank.choices,
                        default="",
                        max_length=14,
                        verbose_name="no figure because",
                    ),
                ),
                ("source", models.CharField(blank=True, help_text="The publication.", max_length=300)),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        help_text="How it was put on the indicator's basis, for example “total / 152 authorities / 12”.",
                        max_length=300,
                    ),
                ),
                (
                    "on_basis",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.OnBasis.choices,
                        default="unknown",
                        max_length=8,
                        verbose_name="same basis as the indicator",
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Shown with the comparator.")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparators",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "group", "-year"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("year__isnull", False)),
                        fields=("indicator", "group", "year"),
                        name="comparator_one_per_year",
                        violation_error_message="There is already a comparator for this group and year.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("year__isnull", True)),
                        fields=("indicator", "group"),
                        name="comparator_one_without_year",
                        violation_error_message="There is already a comparator of this group without a year.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("blank", ""), ("value__isnull", False)),
                            models.Q(models.Q(("blank", ""), _negated=True), ("value__isnull", True)),
                            _connector="OR",
                        ),
                        name="comparator_value_or_blank",
                        violation_error_message="Give a figure, or the reason why there is none: one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="comparator_not_negative",
                        violation_error_message="A comparator can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("group__in", ["statistical_neighbours", "england", "region"]),
                            ("on_basis__in", ["yes", "no", "unknown"]),
                            ("blank__in", ["", "not_due", "awaited", "not_applicable", "not_available", "suppressed"]),
                        ),
                        name="comparator_words_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", indicators.models.fields.MonthField()),
                (
                    "figure",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit: 19 for 19%.", null=True
                    ),
                ),
                ("numerator", indicators.models.fields.ExactNumberField(blank=True, null=True)),
                ("denominator", indicators.models.fields.ExactNumberField(blank=True, null=True)),
                (
                    "blank",
                    models.CharField(
                        blank=True,
                        choices=indicators.calculations.vocabulary.Blank.choices,
                        default="",
                        max_length=14,
                        verbose_name="no figure because",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Stage.choices, default="final", max_length=12
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Shown with the figure.")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="values", to="indicators.indicator"
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "-month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "month"),
                        name="value_one_per_month",
                        violation_error_message="There is already a value for this month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="value_month_is_first_day",
                        violation_error_message="A month is kept as the date of its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("blank", ""),
                                models.Q(
                                    models.Q(("denominator", None), ("figure__isnull", False), ("numerator", None)),
                                    models.Q(
                                        ("denominator__isnull", False), ("figure", None), ("numerator__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                models.Q(("blank", ""), _negated=True),
                                ("denominator", None),
                                ("figure", None),
                                ("numerator", None),
                            ),
                            _connector="OR",
                        ),
                        name="value_figure_or_parts_or_blank",
                        violation_error_message="Give a figure, or a numerator and a denominator, or the reason why there is none: exactly one of the three.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("figure", None), ("figure__gte", 0), _connector="OR"),
                        name="value_figure_not_negative",
                        violation_error_message="A figure can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("numerator", None), ("numerator__gte", 0), _connector="OR"),
                        name="value_numerator_not_negative",
                        violation_error_message="A numerator can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("denominator", None), ("denominator__gte", 0), _connector="OR"),
                        name="value_denominator_not_negative",
                        violation_error_message="A denominator can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("denominator", 0), _negated=True), ("numerator", 0), _connector="OR"
                        ),
                        name="value_numerator_0_of_0",
                        violation_error_message="With a denominator of 0 the numerator is 0 too.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blank__in", ["", "not_due", "awaited", "not_applicable", "not_available", "suppressed"]),
                            ("stage__in", ["final", "revised", "provisional", "estimated"]),
                        ),
                        name="value_words_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Population",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="The year that contains the mid-year estimate, for example 2019-20.",
                        verbose_name="financial year",
                    ),
                ),
                ("people", models.PositiveIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=indicators.calculations.vocabulary.Stage.choices, default="final", max_length=12
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300)),
                ("note", models.TextField(blank=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="populations",
                        to="indicators.populationgroup",
                    ),
                ),
            ],
            options={
                "ordering": ["group", "-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "year"), name="population_one_per_year"),
                    models.CheckConstraint(
                        condition=models.Q(("people__gt", 0)),
                        name="population_not_empty",
                        violation_error_message="A population is at least 1.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["final", "revised", "provisional", "estimated"])),
                        name="population_stage_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CrossCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(choices=indicators.calculations.consistency.CheckKind.choices, max_length=8)),
                (
                    "total",
                    indicators.models.fields.ExactNumberField(
                        blank=True,
                        help_text="Only for parts that have no whole of their own: 100 for shares.",
                        null=True,
                        verbose_name="fixed total",
                    ),
                ),
                (
                    "tolerance",
                    indicators.models.fields.ExactNumberField(
                        default=0, help_text="By how much the figures may differ, in the indicator's unit."
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What usually explains a difference; shown with the warning."
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "indicator",
                    models.ForeignKey(
                        help_text="Where the warning is shown and explained.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cross_checks",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "check between indicators",
                "verbose_name_plural": "checks between indicators",
                "ordering": ["indicator", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total__isnull", True), ("kind", "parts"), _connector="OR"),
                        name="cross_check_total_only_for_parts",
                        violation_error_message="Only parts can have a fixed total.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tolerance__gte", 0)),
                        name="cross_check_tolerance_not_negative",
                        violation_error_message="A tolerance can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["parts", "stock", "limit"])), name="cross_check_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CrossCheckTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("role", models.CharField(choices=indicators.calculations.consistency.CheckRole.choices, max_length=8)),
                (
                    "check_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="indicators.crosscheck",
                        verbose_name="check",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checked_with",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator it is checked with",
                "verbose_name_plural": "indicators it is checked with",
                "ordering": ["check_of", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("check_of", "indicator"),
                        name="cross_check_term_once",
                        violation_error_message="This indicator is part of the check already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["part", "inflow", "outflow", "limit"])),
                        name="cross_check_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCrossCheck",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("kind", models.CharField(choices=indicators.calculations.consistency.CheckKind.choices, max_length=8)),
                (
                    "total",
                    indicators.models.fields.ExactNumberField(
                        blank=True,
                        help_text="Only for parts that have no whole of their own: 100 for shares.",
                        null=True,
                        verbose_name="fixed total",
                    ),
                ),
                (
                    "tolerance",
                    indicators.models.fields.ExactNumberField(
                        default=0, help_text="By how much the figures may differ, in the indicator's unit."
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What usually explains a difference; shown with the warning."
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
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
                        help_text="Where the warning is shown and explained.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical check between indicators",
                "verbose_name_plural": "historical checks between indicators",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCrossCheckTerm",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("role", models.CharField(choices=indicators.calculations.consistency.CheckRole.choices, max_length=8)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "check_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="indicators.crosscheck",
                        verbose_name="check",
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
            ],
            options={
                "verbose_name": "historical indicator it is checked with",
                "verbose_name_plural": "historical indicators it is checked with",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPeerFigure",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="For example 2019-20.", verbose_name="financial year"
                    ),
                ),
                (
                    "authority",
                    models.CharField(help_text="The Department for Education's three-digit code.", max_length=3),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "value",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit.", null=True
                    ),
                ),
                (
                    "blank",
                    models.CharField(
                        blank=True,
                        choices=indicators.calculations.vocabulary.Blank.choices,
                        default="",
                        max_length=14,
                        verbose_name="no figure because",
                    ),
                ),
                ("is_own", models.BooleanField(default=False, verbose_name="the council itself")),
                ("is_neighbour", models.BooleanField(default=False, verbose_name="statistical neighbour")),
                ("is_in_region", models.BooleanField(default=False, verbose_name="in the region")),
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
                "verbose_name": "historical figure of another authority",
                "verbose_name_plural": "historical figures of other authorities",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PeerFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "year",
                    indicators.models.fields.FinancialYearField(
                        help_text="For example 2019-20.", verbose_name="financial year"
                    ),
                ),
                (
                    "authority",
                    models.CharField(help_text="The Department for Education's three-digit code.", max_length=3),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "value",
                    indicators.models.fields.ExactNumberField(
                        blank=True, help_text="In the indicator's unit.", null=True
                    ),
                ),
                (
                    "blank",
                    models.CharField(
                        blank=True,
                        choices=indicators.calculations.vocabulary.Blank.choices,
                        default="",
                        max_length=14,
                        verbose_name="no figure because",
                    ),
                ),
                ("is_own", models.BooleanField(default=False, verbose_name="the council itself")),
                ("is_neighbour", models.BooleanField(default=False, verbose_name="statistical neighbour")),
                ("is_in_region", models.BooleanField(default=False, verbose_name="in the region")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="peer_figures",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "figure of another authority",
                "verbose_name_plural": "figures of other authorities",
                "ordering": ["indicator", "-year", "authority"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "year", "authority"),
                        name="peer_figure_one_per_year",
                        violation_error_message="There is already a figure of this authority for this year.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_own", True)),
                        fields=("indicator", "year"),
                        name="peer_figure_one_own",
                        violation_error_message="Another authority is the council itself in this year.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_neighbour", True), ("is_own", True), _negated=True),
                        name="peer_figure_own_is_no_neighbour",
                        violation_error_message="The council is not its own neighbour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("blank", ""), ("value__isnull", False)),
                            models.Q(models.Q(("blank", ""), _negated=True), ("value__isnull", True)),
                            _connector="OR",
                        ),
                        name="peer_figure_value_or_blank",
                        violation_error_message="Give a figure, or the reason why there is none: one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="peer_figure_not_negative",
                        violation_error_message="A figure can't be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blank__in", ["", "not_due", "awaited", "not_applicable", "not_available", "suppressed"]),
                            models.Q(("authority", ""), _negated=True),
                        ),
                        name="peer_figure_words_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalRebase",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("month", indicators.models.fields.MonthField(help_text="The first month that is worked out afresh.")),
                ("reason", models.TextField(help_text="What changed, as readers of the chart will be told.")),
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
                "verbose_name": "historical rebase",
                "verbose_name_plural": "historical rebases",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Rebase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", indicators.models.fields.MonthField(help_text="The first month that is worked out afresh.")),
                ("reason", models.TextField(help_text="What changed, as readers of the chart will be told.")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rebases", to="indicators.indicator"
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "-month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "month"),
                        name="rebase_one_per_month",
                        violation_error_message="There is already a rebase in this month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(indicators.models.fields.DayOfMonth(models.F("month")), 1)
                        ),
                        name="rebase_month_is_first_day",
                        violation_error_message="A month is kept as the date of its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="rebase_reason_not_empty",
                        violation_error_message="Say what changed.",
                    ),
                ],
            },
        ),
    ]
