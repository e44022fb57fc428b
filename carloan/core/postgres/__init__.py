"""The database backend: the only package that knows the driver and how a tenant's table looks in PostgreSQL."""
