"""Persons, teams, job roles and seats: who works how, and who answers for what."""
