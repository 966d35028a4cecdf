"""From laid-out documents to files: a wing for each family of formats."""
