## Ratings of all departments.

caterpillar-title = { $first } leads with { $value } points; { $open ->
    [0] every grade of { $rated } is settled
    [one] 1 grade of { $rated } is not settled
   *[other] { $open } grades of { $rated } are not settled
 }
caterpillar-title-none = No department can be rated yet
caterpillar-subtitle = Service rating in points from 0 to 100, { $place }, { $months }
caterpillar-axis = Points; labels are the points at which a grade begins
caterpillar-head-could-be = Not settled
caterpillar-could-be = could be { $grade }
caterpillar-left-out = { $count ->
    [one] 1 department left out here
   *[other] { $count } departments left out here
 }
caterpillar-note = Bars span 1.39 standard errors to each side: two departments whose bars do not overlap differ, with an error of about 5 %.
caterpillar-note-flagged = Bold: a signal asks to look at the department.
caterpillar-alt = Dot plot of the ratings of { $count ->
    [one] 1 department
   *[other] { $count } departments
 }, best first, with error bars on the bands of the grades. { $title }. { $subtitle }.

## The report: ratings.

report-ratings = Ratings
report-ratings-no-chart = There are no grades yet, and so no chart of them; the points so far are in the table.
report-ratings-caption = Ratings of the departments, best first
report-ratings-note = Points are drawn towards the mean of all departments, the more so the less is known of a department. Grades look at the rolling window and are kept until their own probability falls below the threshold; the rank is a 95 % interval. Answers are those of customers or, for departments that serve departments, of these; each component has its own number.
report-ratings-kept = kept, though another is more probable
report-ratings-before = was { $grade }
report-ratings-not-yet = not yet: { $months } of { $window } months
report-ratings-cause = { $reason } ({ $measures })
report-ratings-not-rated = not rated: { $causes }
report-ratings-how = How this rating was made
report-ratings-parts = What the rating of { $name } is made of
report-ratings-raw = Weighted together: { $points } points before they are drawn towards the mean.
report-ratings-probability = { $grade } { $share }
report-ratings-sure = The grade is { $grade } with a probability of more than { $share }.
report-ratings-probabilities = Probability of the grades: { $list }.
report-head-rank = Rank
report-head-change = Change of points
report-head-reliability = Reliability
report-head-weight = Weight
report-head-scale = Target (0 to 100 points)
report-head-age = Age
report-age-now = current
report-age-old = { $months ->
    [0] brought forward
    [one] 1 month old
   *[other] { $months } months old
 }
report-age = { $months ->
    [0] brought forward
    [one] 1 month
   *[other] { $months } months
 }
