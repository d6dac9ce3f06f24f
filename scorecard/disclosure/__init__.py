"""Disclosure control of public editions: what of a report and its indicators' pages is suppressed, and why."""

from .mask import mask_page, mask_report
from .plan import (
    DisclosurePlan,
    Document,
    Mask,
    PublicDocument,
    exposed_places,
    plan_disclosure,
    plan_rounded,
    round_document,
)
from .queries import figures_then, relations_of, sizes_taken_for_small, stored_figures
from .undeclared import Undeclared, decide, undeclared_relations

__all__ = [
    "DisclosurePlan",
    "Document",
    "Mask",
    "PublicDocument",
    "Undeclared",
    "decide",
    "exposed_places",
    "figures_then",
    "mask_page",
    "mask_report",
    "plan_disclosure",
    "plan_rounded",
    "relations_of",
    "round_document",
    "sizes_taken_for_small",
    "stored_figures",
    "undeclared_relations",
]
