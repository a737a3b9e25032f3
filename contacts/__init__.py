"""People of the customer: contacts, contact roles, leads."""
