"""Figures may be negative where their indicator says so: a trigger asks it, in place of these constraints."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_any_measure")]

    operations = [
        migrations.RemoveConstraint("monthlyvalue", "value_figure_not_negative"),
        migrations.RemoveConstraint("monthlyvalue", "value_numerator_not_negative"),
        migrations.RemoveConstraint("target", "target_not_negative"),
        migrations.RemoveConstraint("comparator", "comparator_not_negative"),
        migrations.RemoveConstraint("peerfigure", "peer_figure_not_negative"),
    ]
