"""Reading a text: its tokens, and what its sentences mention."""
