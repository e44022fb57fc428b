"""From the bytes of one untrusted file to typed fields with their proof. Knows no database."""
