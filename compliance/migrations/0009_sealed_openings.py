"""What people say about openings is sealed; old words stay readable and are sealed by the nightly sweep."""
import carloan.core.sealed
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0008_destruction_certificates'),
    ]

    operations = [
        migrations.AddField(
            model_name='opening',
            name='why',
            field=carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='opening',
            name='answer',
            field=carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='words of who decided'),
        ),
    ]
