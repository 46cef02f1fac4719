## The report: what raters say of people together.


report-states = How far people have come
report-states-caption = People in each state, all departments, assessment of { $quarter }
report-states-heads = { $name }: heads alone
report-states-level = { $level }: { $count }
report-states-note = The consensus of three raters or more, oneself left out. At 0: the opposite was seen, by the manager or by two raters. Below 1: level 1 is not reached, and nothing worse was confirmed. Not observed: nobody had an opportunity. Contradictory: level 2 or above together with confirmed negative behaviour; ask the raters. Where raters looked for indicators, these decide; else the lower median of the levels they gave. Counts of one to four people are withheld, and with them what they would follow from.
report-states-departments = By competency and department
report-states-departments-note = Only departments whose number of people may be shown.
report-head-state-zero = At 0
report-head-state-below = Below 1
report-head-state-levels = At level
report-head-state-not-observed = Not observed
report-head-state-contradictory = Contradictory

report-standing = May a department’s ratings be averaged?
report-standing-caption = What the ratings rest on, assessment of { $quarter }
report-standing-of = of { $count } in post
report-standing-note = Assessed: by three others or more, 70 % of the people in post at least. Agreement: one less the spread of the ratings of one person against that of random ratings; 1 is complete, 0 is chance, .70 is asked for. The mean rating, on 0 to 100 of the scales and weighted by competency, is shown only where both hold; its interval is that of the raters. Self against others: how many levels people see themselves above those who rated them.
report-head-coverage = Assessed
report-head-agreement = Agreement
report-head-mean-rating = Mean rating
report-head-own-gap = Self against others
report-head-may-average = Verdict
report-average-agreed = may be averaged
report-average-no_agreement = raters do not agree
report-average-low_coverage = too few assessed
report-average-few_people = too few people
report-scales = Agreement by competency
report-scales-caption = Do raters agree, and do departments differ?
report-head-alpha = Alpha
report-head-icc-one = ICC(1)
report-head-icc-two = ICC(2)

report-raters = Heads as raters
report-raters-none = No head rates remarkably higher or lower than the others who rated the same people.
report-raters-higher = { $higher ->
    [one] One head out of { $heads } rates
   *[other] { $higher } heads out of { $heads } rate
 } higher than heads usually do, against the others who rated the same people.
report-raters-lower = { $lower ->
    [one] One head out of { $heads } rates
   *[other] { $lower } heads out of { $heads } rate
 } lower than heads usually do, against the others who rated the same people.
report-raters-both = Of { $heads } heads, { $higher } { $higher ->
    [one] rates
   *[other] rate
 } higher and { $lower } lower than heads usually do, against the others who rated the same people.
report-raters-withheld = Heads as raters are not told of: fewer than { $least } can be compared.
report-raters-note = Remarkable is a mean difference to the other raters that is .3 levels or more away from the other heads’ and whose p after Holm is below .05. A head who rates higher need not be wrong. Who it is stands in no report: a project that asks for lists of persons finds it there.

report-changes = What changes are made of
report-changes-quarter = Share of required levels attained against the quarter before, in percentage points
report-changes-year = The same against a year ago
report-changes-people = { $count ->
    [one] one person
   *[other] { $count } people
 }
report-changes-note = The four parts sum to the change. Same people: those assessed both times in the same requirements. Came and left: people who joined or left the department; a better figure that comes of them is not an improvement. Other: people in another role, or in post both times and assessed once. Departments are left out whose change one or two people account for, or that have too few people ({ $quarter } against the quarter before, { $year } against a year ago); parts of few people are withheld with another.
report-head-now = Now
report-head-share-change = Change
report-head-reassessed = Same people
report-head-joined = Came
report-head-left = Left
report-head-other-changes = Other

report-develop = What to develop first
report-develop-caption = Missing levels times what a level goes with in satisfaction, all departments, assessment of { $quarter }
report-develop-departments = First by department
report-develop-core = core
report-develop-unknown = no effect known
report-develop-note = Missing: levels below what the role requires, the mean over people, those who reach it counted as 0. One level: points of the satisfaction index associated with one level more of the person who served, over all contacts of the window, clustered by server. It is an association: what training would bring is not known from it. No effect is known where no question of the register links the level to answers.
report-head-required-people = People
report-head-missing = Missing levels
report-head-level-effect = One level, in points
report-head-priority = Both, in points
report-head-most-missing = Most missing

report-beside = The head’s level and the server’s
report-beside-caption = Two roads from competency to the customer
report-beside-departments = departments
report-beside-contacts = contacts
report-beside-levels = level { $high } against { $low }
report-beside-r = r = { $r }
report-beside-heads = { $count ->
    [one] one department
   *[other] { $count } departments
 }
report-beside-servers = { $count ->
    [one] one server
   *[other] { $count } servers
 }
report-beside-note = The head’s level can only be compared between departments, one head each; the server’s contact by contact, clustered by server. Differences are in points of the answer on 0 to 100. Both are associations.
report-head-unit-of = Compared
report-head-found = Found
report-head-behind = Behind it

report-finding-raters = { $told } Assessment of { $quarter }.
report-finding-no-agreement = Raters in { $name } do not agree about the same people (agreement { $agreement }, .70 is asked for): the ratings of { $quarter } are not averaged.
report-finding-staff-moved = Required competencies in { $name } went { $change } percentage points with who came and who left since the assessment before; the people who stayed account for { $stayed } (assessment of { $quarter }).
