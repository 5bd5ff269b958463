// Releases: under construction.
