from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "carloan.demonstration"
    label = "demonstration"
