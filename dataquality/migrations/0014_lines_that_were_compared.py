"""Kept lines say whether the pairs of their records were found by them; of those there are, nobody knows."""

from django.db import migrations

ADD = """
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE tablename ~ '^dataquality_lines_[0-9]+$' LOOP
            EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS compared boolean NOT NULL DEFAULT false', name);
        END LOOP;
    END $$"""


class Migration(migrations.Migration):
    dependencies = [("dataquality", "0013_pairs_are_written_faster")]
    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
