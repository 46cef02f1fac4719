## The report: segments.

report-cuts = Who is satisfied
report-cuts-caption = Satisfaction index by { $cut }, { $place }, { $months }
report-cuts-missing = not known
report-cuts-note = Index of the answers of each segment, with the same weights as the whole; the share is that among the answers, not among the customers. Grey: few answers.
report-cuts-by = By { $cut }
report-cuts-departments = { $count ->
    [one] 1 department by { $cut }
   *[other] { $count } departments by { $cut }
 }
report-cuts-shift-part = Against { $before } the segments have other shares of the answers: that alone moves the index by { $mix } points ({ $interval }). What changed inside the segments is not told, because the questions changed in between.
report-cuts-shift = Against { $before } the index moved by { $total } points: { $mix } by other shares of the segments ({ $interval }), { $inside } by other answers inside them ({ $inner }).
report-cuts-simpson = The two point in opposite directions: what looks like a change of the service is one of who answered.
report-cuts-left-out = The segments with fewest answers are left out here; they are in the feeds.
report-head-cut-segment = Segment
report-head-answers-share = Share of answers
report-head-share-before = Share before
