"""Fact sentences: what a month's figures say by themselves, written from the data. Pure, like the calculations."""

from .line import ComparatorFact, LineFacts, Variation
from .sentences import fact_sentences

__all__ = ["ComparatorFact", "LineFacts", "Variation", "fact_sentences"]
