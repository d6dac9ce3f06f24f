"""Quarterly indicators whose figures stand in other months than the ends of quarters say so."""

from collections import Counter

from django.db import migrations

QUARTERS = {0: "", 1: "4,7,10,1", 2: "5,8,11,2"}


def name_due_months(apps, schema_editor):
    """Until now a quarterly line was compared with its own figure three months before, wherever that stood.

    Now the months in which figures are due count. Those of figures decide, among equals the ends of quarters.
    """
    values = apps.get_model("indicators", "MonthlyValue").objects.filter(indicator__frequency="quarterly", blank="")
    found = {}
    for indicator, month in values.values_list("indicator_id", "month"):
        found.setdefault(indicator, Counter())[month.month % 3] += 1
    for indicator, places in found.items():
        due_months = QUARTERS[max(QUARTERS, key=lambda place: (places[place], -place))]
        if due_months:
            apps.get_model("indicators", "Indicator").objects.filter(pk=indicator).update(due_months=due_months)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_negative_figures")]

    operations = [migrations.RunPython(name_due_months, migrations.RunPython.noop)]
