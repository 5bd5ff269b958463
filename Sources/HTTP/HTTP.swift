// HTTP: under construction.
