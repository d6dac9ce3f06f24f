"""Sign-offs by who entered what they sign off are marked."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commentary", "0004_panel_questions"),
        ("indicators", "0004_rebase"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalsignoff",
            name="entered_by_signer",
            field=models.BooleanField(
                default=False,
                help_text="Nobody else has looked at figure and commentary.",
                verbose_name="signed off by who entered it",
            ),
        ),
        migrations.AddField(
            model_name="signoff",
            name="entered_by_signer",
            field=models.BooleanField(
                default=False,
                help_text="Nobody else has looked at figure and commentary.",
                verbose_name="signed off by who entered it",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("entered_by_signer", False), ("step", "approved"), _connector="OR"),
                name="sign_off_own_if_signed_off",
                violation_error_message="Only a sign-off is marked as by who entered it.",
            ),
        ),
    ]
