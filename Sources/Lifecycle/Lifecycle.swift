// Lifecycle: under construction.
