## Commitments against their targets.

kept-title = { $met } of { $total ->
    [one] 1 commitment
   *[other] { $total } commitments
 } met { $total ->
    [one] its target
   *[other] their targets
 }
kept-title-none = No commitment can be held against a target
kept-subtitle = Share of cases in which the commitment was kept, { $place }, { $months }
kept-axis = Cases kept
kept-head-name = Commitment
kept-head-kept = Kept
kept-head-target = Target
kept-head-n = Cases
kept-head-verdict = Fact
kept-met = met
kept-missed = missed
kept-no-target = no target
kept-no-figure = not known
kept-note = Upright stroke: target. Disc: met; diamond: missed, by the unrounded share of all cases. Lines: 95 % Wilson intervals of the process behind them.
kept-alt = Dot plot of the kept share of { $count ->
    [one] 1 commitment
   *[other] { $count } commitments
 } with intervals and targets. { $title }. { $subtitle }.

## The report: commitments.

report-commitments = Commitments
report-commitments-caption = What was promised and what was kept, all departments, { $month }
report-commitments-unkept = What became of breaches, and cases outside n, all departments, { $month }
report-commitments-times = How long it took and when it was last broken, all departments, { $month }
report-commitments-trial = on trial, not rated
report-commitments-withdrawn = withdrawn, not rated
report-commitments-note = A case belongs to the month in which it was due. Cases not yet due and cancelled ones are outside n. Met or missed is a fact about all cases of the month; the interval is about the process behind them. Durations are those of the cases closed, by the wall clock, nights and days off included. Due time off: cases whose own due time contradicts limit and calendar.
report-commitments-departments = By department
report-commitments-of = { $name } ({ $count ->
    [one] 1 department
   *[other] { $count } departments
 })
report-head-breaches = Broken
report-head-remedied = Broken, remedied
report-head-unremedied = Broken, not remedied
report-head-median = Median duration
report-head-p90 = 90th percentile
report-head-closed = Cases timed
report-head-excused = Excused
report-head-open = Not yet due
report-head-void = Cancelled or without a due time
report-head-due-differs = Due time off
report-head-last-breach = Last broken
report-head-longest = Most cases since a breach
report-head-since = Cases since the last breach
report-never = never so far
