"""How names and titles are compared when people look for them: O’Brien is O'Brien, and Siân is Sian."""

import unicodedata

OTHER_APOSTROPHES = "\u2018\u2019\u201b\u2032\u02b9\u02bc\u0060\u00b4\uff07"
# What a keyboard writes for apostrophes and dashes of Word's and the web's, for letters that don't come apart into one
# and its accent, and nothing for characters that can't be seen.
ALIKE: dict[str, str | None] = {
    **dict.fromkeys(OTHER_APOSTROPHES, "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "\u0131": "i",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
}
_TABLE = str.maketrans(ALIKE)
_STRAIGHT = str.maketrans(dict.fromkeys(OTHER_APOSTROPHES, "'"))


def straight(text: str) -> str:
    """The text with the plain apostrophe for all the others."""
    return text.translate(_STRAIGHT)


def folded(text: str) -> str:
    """A name as people type it to find it: in lower case, without accents, with plain apostrophes, hyphens and spaces.

    O’Brien and o'brien are the same, and so are Siân and Sian.
    """
    if text.isascii():
        return " ".join(text.casefold().replace("`", "'").split())
    # Before the apostrophes, since an acute accent by itself would come apart into a space and an accent.
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_TABLE))
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(bare.translate(_TABLE).split())
