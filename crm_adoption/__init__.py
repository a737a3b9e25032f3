"""Plan, measure and steer the adoption of a CRM."""
