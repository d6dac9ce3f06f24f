"""The pages: fetch, call once, render."""
