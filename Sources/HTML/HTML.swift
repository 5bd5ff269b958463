// HTML: under construction.
