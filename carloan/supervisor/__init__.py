"""Starts, watches and ends everything one machine needs: databases, broker, web, workers, beat."""
