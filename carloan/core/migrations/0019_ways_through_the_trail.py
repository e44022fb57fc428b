"""Ways through a trail of millions: by whose data, from where, which field, and what was refused or revealed."""

from django.db import migrations

# Partial where most events have nothing to find there: an act pays for an index only when it stands in it.
WAYS = {
    "core_auditevent_subject": "subject_id, id DESC) WHERE subject_kind = 'party'",
    "core_auditevent_address": "address_digest, id DESC) WHERE address_digest IS NOT NULL",
    "core_auditevent_field": "field, id DESC) WHERE field <> ''",
    "core_auditevent_outcome": "outcome, id DESC) WHERE outcome <> 'done'",
}


class Migration(migrations.Migration):
    dependencies = [("core", "0018_key_ceremonies")]

    operations = [
        migrations.RunSQL(
            [f"CREATE INDEX {name} ON core_auditevent (tenant_id, {rest}" for name, rest in WAYS.items()],
            [f"DROP INDEX {name}" for name in WAYS],
        )
    ]
