"""How a file becomes rows: gate, readers, recognition, mapping, staging, applying."""
