## The report: head and findings.

report-subject = Service quality, { $month }
report-contents = Contents
report-part-what = What changed, and how well we serve
report-part-which = Which promises we make and keep
report-part-why = Why customers are satisfied or not
report-part-who = Who serves whom
report-part-how = How we make it better
report-part-rest = What the figures rest on
report-foot = { $title }, { $month }. Every figure carries its number of observations and its 95 % interval, or the reason why there is none.
report-state-final = Final: uses what was known on { $day }. What came later waits and is not in these figures.
report-state-provisional = Provisional: uses what was known on { $day }.
report-state-until = The month’s books close on { $day }; until then figures can move.
report-twin = The chart as a table
report-points = { $value } points
report-seconds = { $value } s
report-minutes = { $value } min
report-hours = { $value } h
report-days = { $value } days
report-or = { " or " }
report-provisional = provisional
report-withheld = withheld
report-withheld-why = Fewer than { $least } people stand behind it, or behind a figure that it would tell
report-few = Fewer than { $least } answers: read with care
report-no-figure = There is no figure: { $reason }.
report-mark-carried = brought forward
report-mark-derived = from published totals
report-mark-approximate = approximate
report-findings = What changed
report-findings-all = { $count ->
    [one] The finding
   *[other] All { $count } findings
 }
report-findings-note = A change is this month against the mean of up to twelve months before it; p is adjusted after Holm for all departments and headline measures compared. A missed target is a fact about all cases of the month.
report-findings-headlines = Headline measures
report-findings-headlines-caption = Headline measures of all departments together
report-findings-headlines-note = Below a figure stands its 95 % interval. Whether a target is met is told of this month’s unrounded value.
report-lead-not-yet = There are no grades yet: the store holds { $months ->
    [one] 1 month
   *[other] { $months } months
 }, grades begin with month { $window }.
report-lead-letter = { $name } ({ $before } → { $now })
report-lead-letters = { $count ->
    [one] One of { $rated } rated departments has another grade
   *[other] { $count } of { $rated } rated departments have another grade
 } than last month: { $named }{ $more ->
    [0] .
   *[other] {" "}and { $more } more.
 }
report-lead-no-letter = No grade has changed since last month; { $rated ->
    [0] no department is rated
    [one] 1 department is rated
   *[other] { $rated } departments are rated
 }.
report-lead-no-change = No headline measure of the whole or of a department has changed beyond chance.
report-lead-changes = { $count ->
    [one] One headline measure has changed beyond chance.
   *[other] { $count } headline measures have changed beyond chance, { $better } for the better and { $worse } for the worse; the surest:
 } { $first }
report-lead-no-targets = No target is set for the whole.
report-lead-all-met = Every target of the whole is met, { $total } of { $total }.
report-lead-missed = { $count ->
    [one] One of { $total } targets of the whole is missed:
   *[other] { $count } of { $total } targets of the whole are missed; the furthest:
 } { $first }
report-finding-letter-up = { $name } has risen from { $before } to { $now }.
report-finding-letter-down = { $name } has fallen from { $before } to { $now }.
report-finding-better = { $name }: { $measure } is better than before, { $now } against { $before } ({ $p }).
report-finding-worse = { $name }: { $measure } is worse than before, { $now } against { $before } ({ $p }).
report-finding-missed = { $measure }: { $value }, target of { $target } missed ({ $n }).
report-finding-due-contradicts = { $measure }: { $differing } of { $cases } cases. The log and the register cannot both be right: look at limit, clock and calendar.
report-head-measure = Measure
report-head-month = This month
report-head-window = Rolling window
report-head-target = Target
report-head-fact = This month’s target
report-head-value = Value
report-head-n = n
