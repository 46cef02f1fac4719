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
report-formula-received = What a department was promised by others: the share kept of the judged cases, whoever promised them, with Wilson’s interval; the received score is their importance-weighted mean, as the commitment score is.
report-formula-staff = Needs of the staff: the mean of the staff’s answers to an item or a group of them, from 0 to 100; withheld below the project’s smallest number of people.
report-formula-result = Business results, from totals: a ratio is the sum of its values over the sum of its denominators, with Wilson’s interval; an amount is divided by its denominator or by the months, and has no interval.
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
 } after it was assessed, from the end of its quarter on; within a quarter the one before is told of, if there is one, since two months would differ by the few who were assessed between.
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
