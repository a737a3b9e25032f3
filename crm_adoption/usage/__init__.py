"""What the CRM is used for, and what that is worth."""
