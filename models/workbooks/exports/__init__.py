"""What leaves as workbooks and open data."""
