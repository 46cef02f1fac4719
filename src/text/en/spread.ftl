## The report: spread.

report-spread = How steadily
report-spread-caption = Spread of the answers, { $place }, { $months }
report-spread-departments-caption = How steadily departments satisfy, { $months }
report-spread-note = Standard deviation: how far answers lie apart, in points. At the bottom: 25 points of 100 or less (the two worst of five levels); for the index, the mean over its items. Between months: standard deviation of the months’ index beyond what sampling makes them differ, within the months in which the same was asked; p is that of Cochran’s test that months differ by sampling alone. Months that do not differ beyond sampling need not be alike.
report-head-spread-mean = Mean
report-head-spread-deviation = Standard deviation
report-head-spread-bottom = At the bottom
report-head-spread-months = Between months
report-head-spread-p = p
report-spread-months = { $count ->
    [one] 1 month
   *[other] { $count } months
 }
