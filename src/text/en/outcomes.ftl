## Satisfaction by the worst outcome of the contact.

outcome-title-lower = Customers with a broken, unremedied promise answer { $points } points lower
outcome-title-higher = Customers with a broken, unremedied promise answer { $points } points higher
outcome-title-none = No evidence that broken, unremedied promises go with other answers
outcome-title-plain = Answers by the worst outcome of the contact
outcome-subtitle = { $measure } by the worst outcome among the contact’s commitments, { $place }, { $months }
outcome-axis = Points
outcome-head-name = Worst outcome
outcome-head-difference = Against kept
outcome-kept = Kept
outcome-breached-remedied = Broken, remedied
outcome-breached-unremedied = Broken, not remedied
outcome-no-case = No commitment
outcome-open = Not yet due
outcome-void = Cancelled
outcome-reference = the reference
outcome-lower = { $points } lower ({ $interval })
outcome-higher = { $points } higher ({ $interval })
outcome-no-evidence = no evidence of a difference
outcome-note = Lines and brackets: 95 % intervals, clustered by the person who served. Dashed: the mean after kept promises. A difference is an association, not yet an effect.
outcome-alt = Dot plot of mean satisfaction by outcome in { $count ->
    [one] 1 group
   *[other] { $count } groups
 }, with intervals. { $title }. { $subtitle }.

## The report: satisfaction by outcome and level.

report-outcomes = Satisfaction by outcome
report-outcomes-caption = { $y } by class: { $x }; differences are from “{ $reference }”
report-outcomes-note = What customers answer is associated with the outcome of their contact and with the level of the person who served them; neither is given to contacts by lot, so that a difference is not yet an effect. Intervals are clustered by the person who served. Holm: adjusted for all differences of this section.
report-head-level = Level
report-level = Level { $level }
report-head-servers = People who served
report-head-difference = Difference
report-head-p = p
report-head-holm = p (Holm)
report-head-bh = p (BH)
