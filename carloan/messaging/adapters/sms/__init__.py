"""Text messages over an SMS gateway: its client, and a sandbox that behaves and misbehaves like one."""
