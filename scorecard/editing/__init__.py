"""How several people edit the same thing: taking turns, merging, forms, and the history in words."""
