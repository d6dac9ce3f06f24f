"""What the public reads of a scorecard, and what was decided on it. What was readable until now stays so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import scorecard.models.scorecard

NAMED = "whom the public’s reports name"
NAMED_HELP = "Signed-in panel members, and people with lines on the scorecard, always read the names."
BECAUSE = "why small counts can be read"
AS_BEFORE = "The public could read them before anybody was asked."
SHOWN = {
    "shown_because": lambda: models.TextField(blank=True, editable=False, verbose_name=BECAUSE),
    "shown_counts": lambda: models.PositiveIntegerField(
        default=0, editable=False, verbose_name="of how many this was said"
    ),
    "shown_at": lambda: models.DateTimeField(blank=True, editable=False, null=True, verbose_name="when it was decided"),
}
PUBLISHED = {
    "shown_because": lambda: models.TextField(
        blank=True, help_text="Said by who published it, for the record.", verbose_name=BECAUSE
    ),
    "shown_counts": lambda: models.PositiveIntegerField(
        default=0,
        help_text="Those that the public could read nowhere before.",
        verbose_name="small counts that became readable",
    ),
}


def named(default):
    return models.CharField(
        choices=scorecard.models.scorecard.PeopleNamed.choices,
        default=default,
        help_text=NAMED_HELP,
        max_length=10,
        verbose_name=NAMED,
    )


def hides(default):
    return models.BooleanField(
        default=default,
        help_text="Small counts, and all that would give them away, are published as [c].",
        verbose_name="hide small counts from the public",
    )


def say_that_it_was_so(apps, schema_editor):
    """Nobody decided that the public reads small counts where it always did: the page for officers says that."""
    using = schema_editor.connection.alias
    for name in ("Scorecard", "HistoricalScorecard"):
        rows = apps.get_model("scorecard", name).objects.using(using)
        rows.filter(is_public=True, suppresses_small_counts=False).update(shown_because=AS_BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("scorecard", "0012_largest_small_count"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field())
            for model in ("scorecard", "historicalscorecard")
            for name, field in SHOWN.items()
        ),
        migrations.AddField(
            model_name="scorecard",
            name="shown_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who decided it",
            ),
        ),
        migrations.AddField(
            model_name="historicalscorecard",
            name="shown_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who decided it",
            ),
        ),
        *(
            migrations.AddField(model_name=model, name=name, field=field())
            for model in ("publication", "historicalpublication")
            for name, field in PUBLISHED.items()
        ),
        migrations.AddField(
            model_name="publisheddocument",
            name="hides_up_to",
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name="publisheddocument",
            name="people_named",
            field=models.CharField(
                choices=scorecard.models.scorecard.PeopleNamed.choices, default="everybody", max_length=10
            ),
        ),
        # Those that are there name everybody, as they did; new ones nobody.
        *(
            step(model_name=model, name="people_named", field=named(default))
            for step, default in ((migrations.AddField, "everybody"), (migrations.AlterField, "nobody"))
            for model in ("scorecard", "historicalscorecard")
        ),
        *(
            migrations.AlterField(model_name=model, name="suppresses_small_counts", field=hides(default=True))
            for model in ("scorecard", "historicalscorecard")
        ),
        migrations.RunPython(say_that_it_was_so, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shown_counts", 0), models.Q(("shown_because", ""), _negated=True), _connector="OR"
                ),
                name="publication_shows_for_a_reason",
                violation_error_message="A publication with small counts that people may read says why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publisheddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("people_named__in", ["nobody", "owners", "everybody"]),
                    models.Q(
                        ("hides_up_to", 0), ("hides_up_to", 5), ("hides_up_to", 7), ("hides_up_to", 10), _connector="OR"
                    ),
                ),
                name="document_leaves_out_what_is_known",
                violation_error_message="It leaves out counts up to 5, 7 or 10, and names, or none of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_public", False),
                    ("suppresses_small_counts", True),
                    models.Q(("shown_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="scorecard_shows_for_a_reason",
                violation_error_message="A scorecard that the public reads hides small counts, or says why it doesn’t.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("people_named__in", ["nobody", "owners", "everybody"])),
                name="scorecard_people_named_known",
            ),
        ),
    ]
