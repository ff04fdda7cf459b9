"""How good is it: labelled cases in, scores with intervals, faults and comparisons out. It calls the same triage as everybody."""
