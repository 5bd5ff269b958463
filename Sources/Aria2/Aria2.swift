// Aria2: under construction.
