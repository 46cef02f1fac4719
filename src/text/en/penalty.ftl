## The report: what a low dimension costs and a high one gains.

report-penalty = What low costs, what high gains
report-penalty-caption = Overall satisfaction by how far a dimension lies below or above the middle of its scale, { $place }, { $months }
report-penalty-note = Points of the overall judgement (0 to 100) that go with 10 points of the dimension below the middle of its scale, and with 10 points above it, the other dimensions being equal; { $n } answers of { $departments } departments, intervals that allow for departments differing. A must-be costs more when low than it gains when high, an attractive one gains more than it costs; the two are told apart when p is below .05 after Holm over the dimensions. “Both” means that no difference is seen, not that there is none. What is associated need not be the cause.
report-penalty-must_be = must be there: low costs more
report-penalty-attractive = attractive: high gains more
report-penalty-both = both: no difference seen
report-penalty-none_seen = no effect seen
report-penalty-cannot_tell = cannot be told
report-head-dimension-name = Dimension
report-head-below = Answers below the middle
report-head-penalty = Low costs
report-head-reward = High gains
report-head-reward-less-penalty = Gain less cost
report-head-p-holm = p (Holm)
report-head-bend = Seen
