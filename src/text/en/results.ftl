## Does service pay?

results = Does service pay?
results-lead = Business results beside what customers say and what was promised to them. The results are totals that the departments published; each question was asked in advance and is told in every direction it was asked in.
results-links = Results and service
results-note = An amount is a total without the rows behind it, so that its reliability is not known (–). Results of a department depend on its customers, its market and its prices; few departments and few periods can tell a strong link only, and who comes first here is an order in time and nothing more.
results-not-asked = No relation between results and service was asked in advance, so none is told here.
results-caption = Business results of all departments, { $month } and { $months }
results-window-note = Over several months a share is a monthly rate, all its months pooled: of a monthly retention it is the ordinary month’s, not what is left at the end of these months.
results-head-result = Result
results-head-month = Month
results-head-window = Window
results-head-of = Out of
results-head-better = Better
results-higher = higher
results-lower = lower
results-departments = By department
results-departments-caption = Business results by department, { $months }
results-unit-ratio = share of all
results-unit-per = { $unit } for each { $per }
results-unit-month = { $unit } a month
