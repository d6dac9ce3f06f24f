"""What the council says of itself, how its site looks, and what it calls those whom reports are made for and by."""
