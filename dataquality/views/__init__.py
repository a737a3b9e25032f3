"""The pages of imports, the scoreboard, records and reports."""
