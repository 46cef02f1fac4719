## A measure month by month.

trend-title-above = { $name } at { $value } is above { $place } at { $other }
trend-title-below = { $name } at { $value } is below { $place } at { $other }
trend-title-like = { $name } at { $value }: no evidence of a difference from { $place } at { $other }
trend-title-beside = { $name } at { $value }, { $place } at { $other }
trend-title-alone = { $name } stands at { $value } in { $month }
trend-title-none = { $name } has no figure for { $month }
trend-subtitle = { $measure }, month by month, { $place }, { $months }
trend-target = Target
trend-nothing = No figure in these months
trend-note-both = Whiskers and band: 95 % intervals. Above or below is said when the department’s interval leaves the other value out.
trend-note-bank = Band: 95 % intervals.
trend-note-provisional = Hollow: provisional, the month’s books are still open.
trend-note-break = { $number } — { $month }: { $words }; before and after are not comparable.
trend-note-gaps = Hatched, no figure for { $name }: { $months }{ $more ->
    [0] .
   *[other] ; and { $more } more.
 }
trend-alt = Line chart of { $count ->
    [one] 1 month
   *[other] { $count } months
 } with 95 % intervals. { $title }. { $subtitle }.

## The report: trends.

report-trends = Trends
report-departments = Departments
report-departments-caption = Headline measures in { $month }
report-departments-rolling = Headline measures over { $months }
report-departments-note = Small: the 95 % interval and the number of answers, cases or people. A department that differs from another by less than their intervals need not differ at all.
report-trends-departments = Departments
report-trends-note = One entry a department, best rated first where there are ratings: satisfaction and commitments against the whole.
report-trends-left-out = { $count ->
    [one] 1 department without a finding is left out here; it is
   *[other] { $count } departments without a finding are left out here; they are
 } in the feeds.
report-trends-caption = { $name }, month by month
report-head-month-name = Month
