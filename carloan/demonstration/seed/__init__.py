"""Puts the demonstration into the database, through the doors that everybody uses.

Each step looks at what is there and does the rest, so that a run that was killed is finished by the next one.
"""
