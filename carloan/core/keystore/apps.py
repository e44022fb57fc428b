from django.apps import AppConfig


class KeystoreConfig(AppConfig):
    """The second database: keys of tenants, loans and parties, with a backup cycle of its own."""

    name = "carloan.core.keystore"
    label = "keystore"
