## Causes of breaches.

pareto-title = { $count ->
    [one] One cause makes
   *[other] { $count } causes make
 } up { $share } of the breaches with a known cause
pareto-title-none = No breach was put down to a cause
pareto-subtitle = Broken commitments by cause, { $place }, { $months }
pareto-axis = Share of all breaches
pareto-head-name = Cause
pareto-head-n = Broken
pareto-head-share = Share
pareto-head-sum = Together
pareto-uncoded = No cause coded
pareto-unknown = A code that the register does not know
pareto-vital = The vital few, full bars: { $share } of { $n } breaches with a cause ({ $interval }).
pareto-note = Lines: 95 % Wilson intervals. Together: running share of the breaches with a cause. Those without one may have any cause.
pareto-alt = Bar chart of { $count ->
    [one] 1 cause
   *[other] { $count } causes
 } of breaches, and of those without a cause. { $title }. { $subtitle }.
fishbone-title-causes = What breaches were put down to
fishbone-title-countermeasures = What can be done about them
fishbone-subtitle = By category, { $place }, { $months }
fishbone-head-causes = { $n } breaches with a known cause
fishbone-head-countermeasures = Fewer breaches
fishbone-more = and { $count } more
fishbone-alt = Fishbone diagram. { $title }. { $subtitle }.

## The report: causes of breaches.

report-causes = Causes of breaches
report-causes-caption = Breaches by cause, { $place }, { $months }
report-causes-note = Hours late: from the due time to the end by the wall clock, of the breaches that were done in the end; what would be saved if the cause went away and nothing took its place. Work: minutes that the register of causes gives for one breach, times breaches. Excused breaches stand among the others.
report-causes-promises = By commitment
report-causes-departments = By department
report-causes-of = { $name } ({ $count ->
    [one] 1 breach
   *[other] { $count } breaches
 }, { $coded } with a cause)
report-head-category = Category
report-head-hours-late = Hours late
report-head-work = Hours of work
