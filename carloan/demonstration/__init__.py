"""The demonstration: invented people, vehicles, organisations and papers. Nothing else imports it."""
