// Metadata: under construction.
