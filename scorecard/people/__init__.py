"""Officers look after people: who they are, what they do, inviting them, and handing over what they did."""
