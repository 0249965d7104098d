"""What GDPR asks to be written down: article 30 and article 35."""
