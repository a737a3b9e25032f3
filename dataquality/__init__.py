"""Mirror, check, score and gate CRM tables; the apps say what clean means in their quality.py."""
