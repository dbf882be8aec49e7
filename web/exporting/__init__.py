"""What leaves the desk as a table: complaints, payouts, events."""
