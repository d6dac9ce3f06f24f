"""The groups of others whose figures stand beside the council's own: they are data, and the council's to name."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.functions import Lower

from indicators.calculations.row import PeerGroup
from indicators.calculations.vocabulary import GroupKind

from .audited import Audited

LONGEST_CODE = 30


class ComparatorGroup(Audited):
    """A group such as England or the council's family of authorities, which comparators are of.

    Which groups a report shows is said at its scorecard. What is published keeps what a group was called then.
    """

    # Files, targets and comparators go by the code, so it stays as it is when a group gets another name.
    KEPT_AS_TYPED = ("code",)

    code = models.CharField(
        max_length=LONGEST_CODE,
        unique=True,
        validators=[RegexValidator(r"\A[a-z0-9]+([_-][a-z0-9]+)*\Z", "Small letters and digits, as core_cities.")],
        help_text="What files call it, for example core_cities. It stays when the group gets another name.",
    )
    name = models.CharField(max_length=100, help_text="The heading of its figures, for example Core cities.")
    short_name = models.CharField(
        max_length=30,
        help_text="Where there is little room: at a chart’s lines, and as the heading in CSV files.",
    )
    in_sentence = models.CharField(
        "in a sentence",
        max_length=100,
        blank=True,
        help_text="As in “above the core cities”: the core cities. Empty for the name as it is.",
    )
    explanation = models.TextField(
        max_length=600, blank=True, help_text="Who belongs to it: shown in the key of each report that has the group."
    )
    kind = models.CharField(
        "in open data",
        max_length=24,
        choices=GroupKind.choices(),
        default=GroupKind.OTHER,
        help_text="What national statistics have of it. Figures of another group are typed or imported from a file.",
    )
    position = models.PositiveSmallIntegerField("order", default=0, help_text="In lists of groups.")

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="comparator_group_name_once",
                violation_error_message="Another group has this name.",
            ),
            models.UniqueConstraint(
                Lower("short_name"),
                name="comparator_group_short_name_once",
                violation_error_message="Another group has this short name.",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=~Q(kind=GroupKind.OTHER),
                name="comparator_group_kind_once",
                violation_error_message="Another group is this in open data already.",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(short_name="") & Q(kind__in=list(GroupKind)),
                name="comparator_group_words_given",
                violation_error_message="Give the code, the name and the short name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def said(self) -> str:
        """What sentences call it."""
        return self.in_sentence or self.name

    def as_group(self) -> PeerGroup:
        """The group as reports take it."""
        return PeerGroup(self.code, self.name, self.short_name, self.said, GroupKind(self.kind), self.explanation)


class _TakesCode(ForwardManyToOneDescriptor):
    # An empty word is no group.

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, str):
            setattr(instance, self.field.attname, value or None)
        else:
            super().__set__(instance, value)


class GroupKey(models.ForeignKey):
    """Points at a comparator group by its code, which is what is stored, and which may be given in place of the group.

    A group that something points at can't be deleted.
    """

    forward_related_accessor_class = _TakesCode

    def __init__(self, to: Any = "indicators.ComparatorGroup", on_delete: Any = models.PROTECT, **options: Any) -> None:
        super().__init__(to, on_delete, **{"to_field": "code", **options})

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, options
