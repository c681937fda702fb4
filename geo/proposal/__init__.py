"""Joint proposals: which schemes to draft within which budget, and the draft of one."""
