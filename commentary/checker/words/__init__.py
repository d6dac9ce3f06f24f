"""The words that the checker knows, as tables; what is in none of them it does not understand."""
