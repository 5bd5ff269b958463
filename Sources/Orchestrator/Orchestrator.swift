// Orchestrator: under construction.
