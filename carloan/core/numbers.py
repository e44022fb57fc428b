"""Numbers that people read: per tenant and name, without gaps (a rolled-back act gives its number back)."""

from django.db.models import F

from .models import Counter


def next_number(name: str) -> int:
    """The next number of a series, starting at 1. The row stays locked until the transaction ends: call it late."""
    Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(name=name)
    Counter.objects.filter(id=counter.id).update(value=F("value") + 1)
    return counter.value + 1
