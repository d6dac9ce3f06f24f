"""Disclosure control of public editions: what of a report and its indicators' pages is suppressed, and why."""

from .mask import mask_page, mask_report
from .plan import DisclosurePlan, Document, Mask, PublicDocument, plan_disclosure
from .queries import relations_of

__all__ = [
    "DisclosurePlan",
    "Document",
    "Mask",
    "PublicDocument",
    "mask_page",
    "mask_report",
    "plan_disclosure",
    "relations_of",
]
