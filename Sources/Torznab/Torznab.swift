// Torznab: under construction.
