"""From laid-out documents to files: one package for each family of formats."""
