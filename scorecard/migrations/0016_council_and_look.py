"""How the site looks, what it calls those it is made for and by, and what new scorecards begin with."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import scorecard.models.council_details


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0015_rounding"),
    ]

    operations = [
        migrations.AddField(
            model_name="councildetails",
            name="colour",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A#[0-9a-f]{6}\\Z", "Write it as # and six digits or letters, as #0b4a5a."
                    )
                ],
                verbose_name="main colour",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="council_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As in national statistics, for example E06000045. It is written into open data.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-Z]\\d{8}\\Z", "A letter and eight digits, as E06000045."
                    )
                ],
                verbose_name="council’s code",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="largest_small_count",
            field=models.PositiveSmallIntegerField(
                choices=[(5, "1 to 5"), (7, "1 to 7"), (10, "1 to 10")],
                db_default=5,
                default=5,
                verbose_name="which counts are small",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="logo_says",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For people who don’t see it. Blank if it says only the council’s name, which stands beside it.",
                max_length=200,
                verbose_name="what the logo says",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="panel_word",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example panel, committee or board.",
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\W\\d_]+([ ’'-][^\\W\\d_]+)*\\Z", "Only the word or words, in the singular, as “panel”."
                    )
                ],
                verbose_name="who reads the reports",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="region",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As in national statistics: South East.",
                max_length=100,
                verbose_name="name of the region",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="region_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As in national statistics, for example E12000008. It is written into open data.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-Z]\\d{8}\\Z", "A letter and eight digits, as E12000008."
                    )
                ],
                verbose_name="region’s code",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="saved_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="second_colour",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A#[0-9a-f]{6}\\Z", "Write it as # and six digits or letters, as #0b4a5a."
                    )
                ],
                verbose_name="second colour",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="service_word",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example service, directorate or department.",
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\W\\d_]+([ ’'-][^\\W\\d_]+)*\\Z",
                        "Only the word or words, in the singular, as “service”.",
                    )
                ],
                verbose_name="who makes the reports",
            ),
        ),
        migrations.AddField(
            model_name="councildetails",
            name="small_counts",
            field=models.CharField(
                choices=[
                    ("hide", "Hide them as [c], with whatever would give them away"),
                    ("round", "Round every count to the nearest 5, and work all other figures out from these"),
                ],
                db_default="hide",
                default=scorecard.models.council_details.SmallCounts["HIDE"],
                help_text="New scorecards begin with it. Each can be changed by itself.",
                max_length=5,
                verbose_name="what the public’s reports do with small counts",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="colour",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A#[0-9a-f]{6}\\Z", "Write it as # and six digits or letters, as #0b4a5a."
                    )
                ],
                verbose_name="main colour",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="council_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As in national statistics, for example E06000045. It is written into open data.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-Z]\\d{8}\\Z", "A letter and eight digits, as E06000045."
                    )
                ],
                verbose_name="council’s code",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="largest_small_count",
            field=models.PositiveSmallIntegerField(
                choices=[(5, "1 to 5"), (7, "1 to 7"), (10, "1 to 10")],
                db_default=5,
                default=5,
                verbose_name="which counts are small",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="logo_says",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For people who don’t see it. Blank if it says only the council’s name, which stands beside it.",
                max_length=200,
                verbose_name="what the logo says",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="panel_word",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example panel, committee or board.",
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\W\\d_]+([ ’'-][^\\W\\d_]+)*\\Z", "Only the word or words, in the singular, as “panel”."
                    )
                ],
                verbose_name="who reads the reports",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="region",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As in national statistics: South East.",
                max_length=100,
                verbose_name="name of the region",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="region_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As in national statistics, for example E12000008. It is written into open data.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-Z]\\d{8}\\Z", "A letter and eight digits, as E12000008."
                    )
                ],
                verbose_name="region’s code",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="saved_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="second_colour",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A#[0-9a-f]{6}\\Z", "Write it as # and six digits or letters, as #0b4a5a."
                    )
                ],
                verbose_name="second colour",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="service_word",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example service, directorate or department.",
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\W\\d_]+([ ’'-][^\\W\\d_]+)*\\Z",
                        "Only the word or words, in the singular, as “service”.",
                    )
                ],
                verbose_name="who makes the reports",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="small_counts",
            field=models.CharField(
                choices=[
                    ("hide", "Hide them as [c], with whatever would give them away"),
                    ("round", "Round every count to the nearest 5, and work all other figures out from these"),
                ],
                db_default="hide",
                default=scorecard.models.council_details.SmallCounts["HIDE"],
                help_text="New scorecards begin with it. Each can be changed by itself.",
                max_length=5,
                verbose_name="what the public’s reports do with small counts",
            ),
        ),
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checksum",
                    models.CharField(help_text="SHA-256 of the content, in hexadecimal.", max_length=64, unique=True),
                ),
                ("content", models.BinaryField(help_text="A PNG.")),
                ("width", models.PositiveSmallIntegerField(help_text="In pixels.")),
                ("height", models.PositiveSmallIntegerField(help_text="In pixels.")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checksum", ""), _negated=True), ("width__gte", 1), ("height__gte", 1)
                        ),
                        name="logo_is_a_picture",
                        violation_error_message="A logo has a checksum, and is at least a pixel wide and high.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="councildetails",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scorecard.logo",
            ),
        ),
        migrations.AddField(
            model_name="historicalcouncildetails",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scorecard.logo",
            ),
        ),
        migrations.AddConstraint(
            model_name="councildetails",
            constraint=models.CheckConstraint(
                condition=models.Q(("second_colour", ""), models.Q(("colour", ""), _negated=True), _connector="OR"),
                name="council_details_main_colour_first",
                violation_error_message="A second colour needs a main one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="councildetails",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "small_counts__in",
                        [
                            scorecard.models.council_details.SmallCounts["HIDE"],
                            scorecard.models.council_details.SmallCounts["ROUND"],
                        ],
                    )
                ),
                name="council_details_small_counts_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="councildetails",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("largest_small_count", 5), ("largest_small_count", 7), ("largest_small_count", 10), _connector="OR"
                ),
                name="council_details_largest_small_known",
            ),
        ),
    ]
