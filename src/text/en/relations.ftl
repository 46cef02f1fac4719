## Relations asked in advance.

heatmap-title = { $held } of { $total ->
    [one] 1 relation
   *[other] { $total } relations
 } { $held ->
    [one] holds
   *[other] hold
 } within departments
heatmap-title-none = No relation can be told yet
heatmap-subtitle = Correlations of the relations asked in advance, { $place }, { $months }
heatmap-head-relation = Relation
heatmap-head-within = Within departments, period by period
heatmap-head-between = Between departments, averages
heatmap-relation = { $x } and { $y }
heatmap-legend = Correlation
heatmap-note = In each cell the correlation, its 95 % interval and the number of pairs. * differs from zero after Holm’s correction for all relations asked. Hatched: no figure, with the reason.
heatmap-alt = Table of { $count ->
    [one] 1 relation
   *[other] { $count } relations
 } with its correlations within and between departments. { $title }. { $subtitle }.

## The report: relations.

report-relations = Relations
report-relations-lead = These questions were asked in advance. Everything else is exploratory and stands in the feeds alone; correlations pooled over departments and months are not shown at all, since they mix two different things.
report-relations-sides = { $x } and { $y }; { $grain }, { $method }
report-relations-within = Within departments: do both move together from period to period?
report-relations-beside = What could have been seen, and the same question between departments
report-relations-note = Within: the level of each department and what all departments share in a period are removed. Reliability is the share of a measure’s variation within departments that is not sampling error; a low one hides a relation that is there. Smallest r: what would have been found with a probability of 80 %. Holm and BH (Benjamini and Hochberg): adjusted for all relations asked, those with a lag apart.
report-relations-grain = { $y }, { $grain }
report-grain-week = by week
report-grain-month = by month
report-grain-quarter = by quarter
report-grain-year = by year
report-grain-contact = by contact
report-lag-week = { $count ->
    [one] a week
   *[other] { $count } weeks
 }
report-lag-month = { $count ->
    [one] a month
   *[other] { $count } months
 }
report-lag-quarter = { $count ->
    [one] a quarter
   *[other] { $count } quarters
 }
report-lag-year = { $count ->
    [one] a year
   *[other] { $count } years
 }
report-lag-after = { $grain }, the second { $length } after the first
report-lag-before = { $grain }, the second { $length } before the first
report-method-pearson = Pearson
report-method-spearman = Spearman
report-no-interval = no interval: too few departments
report-head-question = Question
report-head-within = r within
report-head-between = r between
report-head-cells = Cells
report-head-departments = Departments
report-head-periods = Periods
report-head-reliability-x = Reliability, first
report-head-reliability-y = Reliability, second
report-head-smallest = Smallest r to be seen
