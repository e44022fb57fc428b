"""Terms say under which version of the lender's index key they stand; the log of ceremonies, when one came into use."""

from django.db import migrations, models

ACTS = [
    ("made", "First version made"),
    ("rotated", "New version made"),
    ("used", "New version taken into use"),
    ("retired", "Former versions retired"),
    ("rewrapped", "Put under another root key"),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0026_session_rules")]

    operations = [
        migrations.AddField(
            model_name="lookupterm",
            name="index_version",
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name="keyceremony",
            name="act",
            field=models.CharField(choices=ACTS, max_length=10),
        ),
        migrations.RemoveConstraint(model_name="keyceremony", name="core_keyceremony_act"),
        migrations.AddConstraint(
            model_name="keyceremony",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", [act for act, _label in ACTS])), name="core_keyceremony_act"
            ),
        ),
    ]
