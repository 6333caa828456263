"""Messages of the demonstration, by the gate itself."""
