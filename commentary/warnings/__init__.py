"""What a line's figures give reason to ask, before they are sent: each with a code and a sentence.

A warning stops nobody: the reporter says why it is right all the same. Pure, like the calculations.
"""

from .caution import Caution
from .checks import LineCheck, Part
from .line import CheckedLine, cautions_for

__all__ = ["Caution", "CheckedLine", "LineCheck", "Part", "cautions_for"]
