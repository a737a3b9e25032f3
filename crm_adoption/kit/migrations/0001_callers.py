from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Caller",
            fields=[
                ("who", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("window", models.BigIntegerField(help_text="Number of the minute, or of what else the rate is of.")),
                ("calls", models.IntegerField()),
                ("before", models.IntegerField(help_text="In the window before.")),
            ],
        ),
        # Counting must cost a request no flush to the disk.
        migrations.RunSQL("ALTER TABLE kit_caller SET UNLOGGED", "ALTER TABLE kit_caller SET LOGGED"),
    ]
