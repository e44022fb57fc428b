"""Marks on pictures that leave the house: whose look it was, to be read by anybody, and the id of that look, hidden."""
