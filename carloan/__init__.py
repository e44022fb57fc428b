"""Carloan (车贷管家): the wiring of the site and its shared kernel."""
