"""A term is known by its object and digest: without an id of its own and the index of it, the table is a third smaller."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_close_generic_grants")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "ALTER TABLE core_lookupterm DROP CONSTRAINT core_lookupterm_once",
                        "DROP INDEX core_lookupterm_object",
                        "ALTER TABLE core_lookupterm DROP CONSTRAINT core_lookupterm_pkey",
                        "ALTER TABLE core_lookupterm ADD PRIMARY KEY (tenant_id, object_id, digest)",
                        "ALTER TABLE core_lookupterm DROP COLUMN id",
                    ],
                    [
                        "ALTER TABLE core_lookupterm ADD COLUMN id uuid DEFAULT gen_random_uuid() NOT NULL",
                        "ALTER TABLE core_lookupterm ALTER COLUMN id DROP DEFAULT",
                        "ALTER TABLE core_lookupterm DROP CONSTRAINT core_lookupterm_pkey",
                        "ALTER TABLE core_lookupterm ADD PRIMARY KEY (tenant_id, id)",
                        "CREATE INDEX core_lookupterm_object ON core_lookupterm (tenant_id, object_id)",
                        "ALTER TABLE core_lookupterm ADD CONSTRAINT core_lookupterm_once"
                        " UNIQUE (tenant_id, digest, object_id, field)",
                    ],
                )
            ],
            state_operations=[
                migrations.RemoveConstraint("LookupTerm", "core_lookupterm_once"),
                migrations.RemoveIndex("LookupTerm", "core_lookupterm_object"),
                migrations.RemoveField("LookupTerm", "id"),
                migrations.AddField(
                    "LookupTerm",
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "object_id",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.AddIndex("LookupTerm", models.Index(fields=["tenant", "digest"], name="core_lookupterm_digest")),
    ]
