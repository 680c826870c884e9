"""How sound and rows are written: Parquet, CSV and JSON."""
