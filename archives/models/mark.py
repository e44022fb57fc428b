"""Ids of looks, as the pictures carry them that left for these looks."""

from django.db import models

from carloan.core.models import TenantModel


class PageMark(TenantModel):
    """Which look a picture left for: the id that stands on it and in it, and the event of the look. Append-only.

    Nothing here tells of a person, and the paper is an id only: a picture that was leaked is traced to its event also
    when the paper has been destroyed.
    """

    code = models.CharField(max_length=13)
    paper_id = models.UUIDField()
    page = models.SmallIntegerField()
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="archives_pagemark_code")]

    def __str__(self) -> str:
        return f"mark of page {self.page} of {self.paper_id}"
