"""Messages: queued with a verdict, sent with a fresh one, deferred, cancelled."""
