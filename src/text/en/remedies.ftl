## The chart: how fast breaches are remedied.

remedy-title-limit = { $share } of the broken commitments were remedied, { $intime } within the limit of { $limit }
remedy-title = { $share } of the broken commitments were remedied
remedy-title-none = How fast broken commitments are remedied
remedy-subtitle = Share remedied by time since the due time, { $place }, { $months }
remedy-axis-elapsed = Days since the due time
remedy-axis-working-days = Working days since the due time
remedy-axis-working-hours = Working hours since the due time
remedy-limit = limit { $limit }
remedy-remedied = by then
remedy-note = Band: 95 % interval. Kaplan and Meier’s estimate: a breach that was not remedied when the books closed counts for as long as it was seen. The last fiftieth of the remedies, which came later, is not drawn.
remedy-alt = Step chart of the share of breaches that were remedied by time. { $title }. { $subtitle }.

## The report: when a promise was broken.

report-remedies = When a promise was broken
report-remedies-caption = Remedies by commitment, { $place }, { $months }
report-remedies-all = All commitments together
report-remedies-note = Remedied in time: within the remedy’s own limit after the due time, among the breaches whose limit was over when the books closed. Median time: of the remedied breaches. An excused breach stays a breach; the last column shows what the kept share would be if excused ones had been kept.
report-remedies-pending = { $count ->
    [one] One breach
   *[other] { $count } breaches
 } could still be remedied in time when the books closed.
report-remedies-without-limit = { $count ->
    [one] One breach has
   *[other] { $count } breaches have
 } no limit of the remedy that could be told.
report-remedies-kinds = What was done, { $place }, { $months }
report-remedies-departments = By department
report-remedies-of-departments = { $count ->
    [one] 1 department
   *[other] { $count } departments
 }
report-head-remedied-share = Remedied
report-head-in-time = In time
report-head-remedy-time = Median time
report-head-kept-or-excused = Kept or excused
report-head-remedy = Remedy
report-head-remedied-n = Broken commitments
report-head-remedy-share = Share of remedies
report-remedy-explanation = Explanation
report-remedy-apology = Apology
report-remedy-correction = Correction
report-remedy-gift = Gift
report-remedy-unknown = A code that is no kind of remedy
report-remedy-uncoded = Remedied, kind not coded
report-working-days = { $value } working days
report-working-hours = { $value } working hours
report-remedies-contrast = What customers answered afterwards
report-remedies-higher = Among customers with the same broken commitment, a similar delay and the same segment, a remedy is associated with a satisfaction index { $points } points higher ({ $interval }, { $n }).
report-remedies-lower = Among customers with the same broken commitment, a similar delay and the same segment, a remedy is associated with a satisfaction index { $points } points lower ({ $interval }, { $n }).
report-remedies-no-evidence = Among customers with the same broken commitment, a similar delay and the same segment, there is no evidence that a remedy goes with other answers (difference { $points } points, { $interval }, { $n }).
report-remedies-unknown = Whether a remedy goes with other answers cannot be told: { $reason }.
report-remedies-contrast-caption = Satisfaction index after remedied breaches, against breaches not remedied by then, { $months }
report-head-comparison = Comparison
report-head-compared = Answers compared
report-head-remedied-answers = After a remedy
report-head-clusters = Clusters
report-remedies-naive = All such answers
report-remedies-adjusted = Same commitment, similar delay, same segment
report-remedies-contrast-note = An answer counts by what had become of the customer’s worst case when it was given. Where those who wait longest get a remedy most often, all answers together set long delays against short ones; so the second row compares breaches of the same commitment, of customers of the same segment, with a delay of the same class (up to 0.25, 0.5, 0.75, 1, 1.5, 2, 3 and 4 times what was promised, and beyond). Even so this is an association: remedies are not given by lot. Intervals are clustered by the person who served, answers without one being clusters of their own.
report-measure-remedied-share = Remedied breaches: { $name }
report-measure-in-time = Remedied in time: { $name }
report-measure-kept-or-excused = Kept or excused: { $name }
report-formula-remedied-share = Remedied and remedied in time: shares of the breaches; in time is within the remedy’s own limit, among the breaches whose limit was over when the books closed.
report-formula-kept-or-excused = Kept or excused: the kept share as if excused breaches had been kept; it stands beside the kept share and never replaces it.
