"""The office's papers: what each one says (typed contexts), how it is rendered, which ones were issued."""
