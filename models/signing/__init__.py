"""Digital signatures on the office's papers, and the signed originals (also scans of wet ink) kept beside them."""
