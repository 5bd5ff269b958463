// Reactor: under construction.
