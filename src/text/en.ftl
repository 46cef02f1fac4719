# Everything that charts and reports say, in English. Numbers come as text, written by `number.rs`; counts come as numbers.

## Why a figure is missing.

reason-too_few = too little data
reason-no_variation = all values are the same
reason-no_dispersion = published without its dispersion
reason-collinear = cannot be told apart from another measure
reason-not_converged = the estimate did not settle
reason-gap = no data for the period
reason-suppressed = withheld to protect persons
reason-not_comparable = not comparable with before
reason-not_applicable = does not apply here
reason-not_measured = not measured

## Heads shared by several charts.

head-department = Department
head-points = Points
head-mean = Mean
head-n = Answers
head-grade = Grade
note-axis-begins = The axis begins at { $from }, not at zero.

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

## Commitments against their targets.

kept-title = { $met } of { $total ->
    [one] 1 commitment
   *[other] { $total } commitments
 } met { $total ->
    [one] its target
   *[other] their targets
 }
kept-title-none = No commitment can be held against a target
kept-subtitle = Share of cases in which the commitment was kept, { $place }, { $months }
kept-axis = Cases kept
kept-head-name = Commitment
kept-head-kept = Kept
kept-head-target = Target
kept-head-n = Cases
kept-head-verdict = Fact
kept-met = met
kept-missed = missed
kept-no-target = no target
kept-no-figure = not known
kept-note = Upright stroke: target. Disc: met; diamond: missed, by the unrounded share of all cases. Lines: 95 % Wilson intervals of the process behind them.
kept-alt = Dot plot of the kept share of { $count ->
    [one] 1 commitment
   *[other] { $count } commitments
 } with intervals and targets. { $title }. { $subtitle }.

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

## The report: head and findings.

report-subject = Service quality, { $month }
report-contents = Contents
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
report-withheld = withheld: { $least } people
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
report-head-measure = Measure
report-head-month = This month
report-head-window = Rolling window
report-head-target = Target
report-head-fact = This month’s target
report-head-value = Value
report-head-n = n

## Names of profiles and measures.

report-profile-client_relations = client relations
report-profile-operations = operations
report-profile-product = product
report-profile-service = service
report-profile-branch = branch
report-all-profiles = all others
report-measure-index-client = Satisfaction index
report-measure-index-internal = Internal satisfaction index
report-measure-index-staff = Staff index
report-measure-index = Index: { $name }
report-measure-net-promoter = Net promoter score
report-measure-top-two = Answers in the two best levels
report-measure-bottom-two = Answers in the two worst levels
report-measure-commitment-score = Commitment score
report-measure-kept = Kept: { $name }
report-measure-remedied = Broken and remedied: { $name }
report-measure-unremedied = Broken and not remedied: { $name }
report-measure-breaches = Broken: { $name }
report-measure-median = Median duration: { $name }
report-measure-p90 = 90th percentile of the duration: { $name }
report-measure-beyond = Beyond the limit: { $name }
report-measure-excused = Broken and excused: { $name }
report-measure-open = Not yet due: { $name }
report-measure-void = Cancelled or without a due time: { $name }
report-measure-due-differs = Due time contradicts the limit: { $name }
report-measure-competency-share = People at the required levels
report-measure-required = At the required level: { $name }
report-measure-level-zero = At level 0: { $name }
report-measure-head-level = Level of the head
report-side-outcome = Outcome of the contact’s commitments
report-side-level = Level of the person who served: { $name }

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

## The report: commitments.

report-commitments = Commitments
report-commitments-caption = What was promised and what was kept, all departments, { $month }
report-commitments-unkept = What became of breaches, and cases outside n, all departments, { $month }
report-commitments-times = How long it took and when it was last broken, all departments, { $month }
report-commitments-trial = on trial, not rated
report-commitments-note = A case belongs to the month in which it was due. Cases not yet due and cancelled ones are outside n. Met or missed is a fact about all cases of the month; the interval is about the process behind them. Durations are those of the cases closed, by the wall clock, nights and days off included. Due time off: cases whose own due time contradicts limit and calendar.
report-commitments-departments = By department
report-commitments-of = { $name } ({ $count ->
    [one] 1 department
   *[other] { $count } departments
 })
report-head-breaches = Broken
report-head-remedied = Broken, remedied
report-head-unremedied = Broken, not remedied
report-head-median = Median duration
report-head-p90 = 90th percentile
report-head-closed = Cases timed
report-head-excused = Excused
report-head-open = Not yet due
report-head-void = Cancelled or without a due time
report-head-due-differs = Due time off
report-head-last-breach = Last broken
report-head-longest = Most cases since a breach
report-head-since = Cases since the last breach
report-never = never so far

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

## The report: the register of commitments.

report-register = The register of commitments
report-register-caption = How the commitments are made
report-register-summary = { $count ->
    [0] None of { $total } commitments asks for a second look.
    [one] One of { $total } commitments asks for a second look.
   *[other] { $count } of { $total } commitments ask for a second look.
 }
report-register-note = Wording is judged by simple signs, which a person must weigh: a word nobody can measure, an “and” that may join two duties, length. Realistic: the target held against the last twelve months under it.
register-head-status = Status
register-head-clear = Clear
register-head-concise = Concise
register-head-observable = Observable
register-head-realistic = Realistic
register-status-draft = draft
register-status-trial = on trial
register-status-announced = announced
register-status-withdrawn = withdrawn
register-good = yes
register-look = look at it
register-advice-vague = a word nobody can measure: say until when, how many, how long
register-advice-two_duties = two duties? make two commitments, each with its limit
register-advice-long = long: say it in fifteen words
register-advice-not_observed = say how it is observed
register-advice-no_limit = declare a limit and a target
register-advice-due_by_case = each case brings its own due time
register-advice-no_target = declare a target
register-advice-hardly_reached = reached in hardly a month: change the work or the target
register-advice-too_easy = reached every month with ease: promise more
register-advice-too_few_months = fewer than six months with cases under this target

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

## The report: relations.

report-relations = Relations
report-relations-lead = These questions were asked in advance. Everything else is exploratory and stands in the feeds alone; correlations pooled over departments and months are not shown at all, since they mix two different things.
report-relations-sides = { $x } and { $y }; { $grain }, { $method }
report-relations-within = Within departments: do both move together from period to period?
report-relations-beside = What could have been seen, and the same question between departments
report-relations-note = Within: the level of each department and what all departments share in a period are removed. Reliability is the share of a measure’s variation within departments that is not sampling error; a low one hides a relation that is there. Smallest r: what would have been found with a probability of 80 %. Holm and BH (Benjamini and Hochberg): adjusted for all relations asked.
report-relations-grain = { $y }, { $grain }
report-grain-month = by month
report-grain-quarter = by quarter
report-grain-contact = by contact
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

## The report: competency.

report-competency = Competency
report-competency-bank = Who attains what the role requires, all departments
report-competency-all = All competencies
report-competency-note = All people are assessed, so the interval speaks of the raters. Level 0 is negative behaviour that was seen, not the absence of evidence. The number at level 0 is a count of people.
report-competency-departments = By department
report-competency-by-department = Required levels attained, by department
report-competency-each = By competency
report-head-competency = Competency
report-head-required = At the required level
report-head-people = People
report-head-zero = At level 0

## The report: deliveries.

report-deliveries = Deliveries and quality of the data
report-deliveries-lead = Every row that was ever delivered is in this table once: rows read are those accepted, repeated, superseded, late and in quarantine.
report-deliveries-caption = What became of the rows delivered so far
report-deliveries-note = Duplicate: says the same again. Superseded: another row shows the case further on. Late: became known after the month’s books had closed. Quarantined: kept aside with file, line and every reason.
report-all-sources = All sources
report-rows-agree = adds up
report-rows-differ = does not add up: { $sum }
report-quarantine-caption = Why rows are in quarantine
report-quarantine-note = A row counts once under each of its reasons.
report-accepted = Deliveries more damaged than their thresholds allow were accepted:
report-accepted-reason = { $day }: { $reason }
report-matches = What matched
report-matches-caption = Answers, cases and levels that found one another, { $month }
report-matches-none = No questionnaire was answered in { $month }.
report-match-answers_with_case = Answers with a case
report-match-answers_without_case = Answers whose contact has no case
report-match-answers_without_contact = Answers without a contact
report-match-answers_with_level = Answers whose server has a level
report-match-answers_without_level = Answers whose server has none
report-match-answers_without_server = Answers without a server
report-match-cases_with_answer = Cases with an answer
report-match-cases_without_answer = Cases without an answer
report-match-cases_without_contact = Cases without a contact
report-complete = { $name }: { $share } of the answers are complete for the index ({ $n } of { $all }).
report-expected = { $name }: by this day { $share } of a month’s answers have usually come.
report-expected-unknown = { $name }: how many answers are still to come is not known yet.
report-arrivals = Who delivered
report-arrivals-all = The newest month of every department and source
report-arrivals-caption = Newest month with data
report-arrivals-note = “This month”: there is data for the reported month. A month in grey is the newest one with data; a dash means none in the months looked back on.
report-arrived = this month
report-silent = { $source }: { $count ->
    [one] 1 department had data last month and has none now
   *[other] { $count } departments had data last month and have none now
 }: { $names }.
report-silent-none = Every department that had data last month has data for this month.
report-head-source = Source
report-head-files = Files
report-head-read = Rows read
report-head-accepted = Accepted
report-head-duplicate = Duplicate
report-head-superseded = Superseded
report-head-late = Late
report-head-quarantined = Quarantined
report-head-sum = Sum
report-head-reason = Reason
report-head-match = Match
report-quarantine-missing_field = a field that is needed is empty
report-quarantine-not_a_number = not a number
report-quarantine-not_a_date = not a date
report-quarantine-unknown_department = unknown department
report-quarantine-unknown_person = unknown person
report-quarantine-unknown_commitment = unknown commitment
report-quarantine-unknown_competency = unknown competency
report-quarantine-unknown_code = unknown code
report-quarantine-code_out_of_range = an answer outside its scale
report-quarantine-level_outside_scale = a level outside its scale
report-quarantine-weight_not_positive = a weight that is not positive
report-quarantine-weight_not_finite = a weight that is not finite
report-quarantine-weight_out_of_scale = a weight with more digits than its source keeps
report-quarantine-all_answers_missing = no question is answered
report-quarantine-closed_before_opened = closed before it was opened
report-quarantine-completed_before_service = completed before the service
report-quarantine-outside_project = outside the project’s time
report-quarantine-conflicting_id = contradicts another row with the same id
report-quarantine-department_not_in_force = the department did not exist on that day
report-quarantine-ragged_row = more or fewer fields than the head
report-quarantine-not_text = not readable as text

## The report: definitions.

report-definitions = Definitions
report-definitions-measures = Measures
report-definitions-headlines = Headline measures of the rating
report-definitions-cuts = Points from which a grade is given; E is below D
report-definitions-weights = Weights of the dimensions in the satisfaction index, as stated by customers, by year
report-definitions-rules = Windows and thresholds
report-definitions-missing = Why a figure can be missing
report-definitions-marks = Marks and states
report-definitions-first = When what appears for the first time
report-definition = { $name }: { $meaning }
report-head-worst = Worst (0 points)
report-head-best = Best (100 points)
report-head-weights = Weights
report-head-from = From
report-head-year = Year
report-weight = { $name } { $weight }
report-unit-points = points from 0 to 100
report-unit-balance = points from −100 to 100
report-unit-level = level
report-formula-index = Index of a questionnaire: the mean of the dimension scores from 0 to 100, weighted by the stated importance of the dimensions; answers with every dimension alone. An index of 72 is 72 points, not 72 % of customers.
report-formula-net-promoter = Net promoter score: percentage who would recommend (9 or 10) less percentage who would not (0 to 6), from −100 to 100 points.
report-formula-top-two = Answers in the two best levels: their share among the answers to the overall question.
report-formula-bottom-two = Answers in the two worst levels: their share among the answers to the overall question; less is better.
report-formula-variable = Dimensions and questions: mean answer from 0 to 100; a dimension counts where at least half of its questions are answered.
report-formula-commitment-score = Commitment score: mean of the kept shares of all announced commitments, weighted by their importance and never pooled over cases, in points from 0 to 100.
report-formula-kept = Kept: cases kept among the cases kept or broken, judged by the limit in force when the case began.
report-formula-remedied = Broken, remedied or not remedied: shares of the same cases.
report-formula-breaches = Broken: number of cases broken, remedied or not; a count of all cases, with no interval.
report-formula-outside = Excused: broken through no fault of the department’s, and broken all the same. Not yet due and cancelled: cases outside every share; many cancelled ones make a kept share look better than it is.
report-formula-durations = Durations: median and 90th percentile of the time from opening to closing.
report-formula-competency = Competency: share of people whose attained level is at least what their role requires; the level is the lower median of at least three raters, the person’s own rating left out.
report-formula-head-level = Level of the head: attained level in the competency that the head’s role requires highest. It enters ratings and relations and is never shown, since it is about one person.
report-formula-rating = Rating: each headline measure gets 0 points at its worst value, 70 at the target, 100 at its best, straight in between; the weighted mean is drawn towards the mean of all departments according to its reliability. A missing component is brought forward for a limited time, never weighted away.
report-formula-grade = Grade: by the cut points; “could be” names every other grade with a probability of at least 10 %.
report-formula-rank = Rank: 95 % interval of the place among all departments with points.
report-formula-within = Correlation within departments: of what remains of both measures after the levels of departments and of periods are removed.
report-formula-between = Correlation between departments: of the departments’ averages.
report-formula-contacts = Satisfaction by outcome and by level: means over single contacts, their errors clustered by the person who served.
report-formula-tests = Tests: p values are adjusted after Holm (no false finding among all, with 95 %) and after Benjamini and Hochberg (BH: at most 5 % false ones expected among those found).
report-formula-interval = Intervals: 95 % throughout; of shares after Wilson, of indices from the spread of the answers, of competency from the raters.
report-rule-window = Rolling window: { $count ->
    [one] 1 month
   *[other] { $count } months
 }, here { $months }.
report-rule-settle = Books close { $count ->
    [one] 1 day
   *[other] { $count } days
 } after the end of a month.
report-rule-lookback = An answer finds the cases opened in its month or up to { $count ->
    [one] 1 month
   *[other] { $count } months
 } before.
report-rule-carry = A level of competency is used for at most { $count ->
    [one] 1 quarter
   *[other] { $count } quarters
 } after it was assessed.
report-rule-people = Figures about competency and staff that fewer than { $count ->
    [one] 1 person
   *[other] { $count } people
 } stand behind are withheld, and with them those they would follow from.
report-rule-answers = Customer figures of fewer than { $count ->
    [one] 1 answer
   *[other] { $count } answers
 } are grey.
report-rule-keep = A grade is kept unless its own probability falls below { $share }.
report-rule-reliability = Below a reliability of { $value } there is no grade but “too little data”.
report-rule-points = A met target is worth 70 points.
report-reason-too_few = there are too few observations, raters or departments for the method.
report-reason-no_variation = nothing varies, so that nothing can go together with it.
report-reason-no_dispersion = the source gives a total without its spread.
report-reason-collinear = two measures say the same and cannot be told apart.
report-reason-not_converged = the calculation did not come to rest.
report-reason-gap = nothing was delivered for this department and period, or there is no month before.
report-reason-suppressed = it would say something about too few people, or let it be worked out.
report-reason-not_comparable = before and now are not made of the same things: another scale, another target, another set of components.
report-reason-not_applicable = the question does not arise for this department.
report-reason-not_measured = the project has no source for it.
report-definition-carried = Brought forward: the figure is an earlier one, because the source has nothing newer; its age stands beside it.
report-definition-derived = From published totals: the source gave a figure, not rows.
report-definition-approximate = Approximate: durations were counted in bins of 1 %.
report-definition-few = Grey: few customers answered.
report-definition-provisional = Provisional: the month’s books are still open.
report-definition-final = Final: the books are closed; rows known later wait in the late pool.
report-first-1 = From the first month: levels against targets, intervals, deliveries.
report-first-2 = From the second month: trends, without any claim that something changed.
report-first-4 = From the fourth month: changes beyond chance, against at least three months before.
report-first-window = From month { $window }: grades, ranks and their changes; relations as soon as there are enough periods.
