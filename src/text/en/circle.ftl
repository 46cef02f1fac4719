## Actions month by month.

step-title = { $topic }: { $verdict }
step-trigger = gave rise to it
step-start = start
step-peers = Comparable, mean
step-note = Whiskers: 95 % intervals. Thick lines: level before and after. Grey months count neither before nor after. Thin line: mean of the comparable departments.
step-alt = Line chart of { $count ->
    [one] 1 month
   *[other] { $count } months
 } with the level before and after an action. { $title }. { $subtitle }.

## Verdicts on actions.

circle-verdict-improved = improved
circle-verdict-worse = worse
circle-verdict-no_evidence = no evidence
circle-verdict-cannot_tell = cannot be told
circle-verdict-too_early = too early
circle-doubt-months = fewer than 6 months with a figure before what gave rise to it
circle-doubt-peers = fewer than 19 comparable departments
circle-held-held = the gain held
circle-held-lost = the gain was lost
circle-held-cannot_tell = cannot be told
circle-change-share = { $value } percentage points
circle-change-minutes = { $value } min
circle-told = { $name }, { $measure }: { $before } over { $nbefore ->
    [one] 1 month
   *[other] { $nbefore } months
 } of { $months }, { $after } over { $nafter ->
    [one] 1 month
   *[other] { $nafter } months
 } since the start. Beyond what { $peers ->
    [one] 1 comparable department
   *[other] { $peers } comparable departments
 } did, the change is { $step } ({ $interval }); { $beyond ->
    [0] none of them
    [one] 1 of them
   *[other] { $beyond } of them
 } went as far ({ $p }).
circle-told-alone = { $name }, { $measure }: { $before } over { $nbefore ->
    [one] 1 month
   *[other] { $nbefore } months
 } of { $months }, { $after } over { $nafter ->
    [one] 1 month
   *[other] { $nafter } months
 } since the start: a change of { $step } ({ $interval }), which may be the season’s.
circle-unseen = A change of less than { $smallest } would mostly not have been seen.
circle-naive-mostly = Compared with the worst month before it ({ $month }, { $worst }) it is { $gain }, which is mostly regression to the mean: { $rest } of it would be expected without the action, because a bad month is usually followed by better ones.
circle-naive-partly = Compared with the worst month before it ({ $month }, { $worst }) it is { $gain }; { $rest } of it would be expected without the action, because a bad month is usually followed by better ones.

circle-count-improved = { $count } improved
circle-count-worse = { $count } worse
circle-count-no_evidence = { $count } without evidence of a change
circle-count-cannot_tell = { $count } of which it cannot be told
circle-count-too_early = { $count } for which it is too early

## What is due, decisions, practices.

circle-stage-problem = Problems gathered
circle-stage-target = Topic and target
circle-stage-analysis = Analysis of the current state
circle-stage-plan = Schedule and division of work
circle-stage-countermeasures = Countermeasures
circle-stage-implementation = Implementation
circle-stage-check = Check of the result
circle-stage-standard = Standard
circle-review = Review { $months } months after the standard
circle-due-overdue = overdue
circle-due-due = due this month
circle-due-soon = due soon
circle-ask-standard = { $topic } ({ $name }): it has improved, and nothing is a standard yet. What becomes the rule?
circle-ask-no-evidence = { $topic } ({ $name }): there is no evidence of a change so far. Go on, do something else, or stop?
circle-ask-worse = { $topic } ({ $name }): it has become worse since the start. Go on, do something else, or stop?
circle-ask-late = Decided and not done by { $day }: { $text }. Who sees to it?
circle-decided = { $who }, { $day }
circle-decision-open = open
circle-decision-late = late
circle-decision-done = done
circle-decision-dropped = dropped
circle-practice-none = none
circle-practice-draft = draft
circle-practice-approved = approved
circle-practice-in_use = in use
circle-practice-reviewed = reviewed
circle-practice-due = by { $day }
circle-practice-late = was due on { $day }
circle-work-circle = Circle: { $name }, { $members ->
    [one] 1 member
   *[other] { $members } members
 }{ $manager ->
    [0] , no client manager among them
   *[other] , a client manager among them
 }; led in turn by { $leaders }, now by { $leader }
circle-work-state = How things stood: { $text }
circle-work-analysis = What was found: { $text }
circle-work-causes = Causes: { $text }
circle-work-countermeasures = Countermeasures: { $text }
circle-work-check = What the circle says of the result: { $text }
circle-work-standard = Standard: { $text }
circle-dated = { $text } (from { $day })

## The five steps of service.

circle-step-know = Know the customer
circle-step-know-text = { $answers ->
    [0] No customer’s answer is in { $month }
    [one] 1 customer answered in { $month }
   *[other] { $answers } customers answered in { $month }
 }; { $questionnaires ->
    [one] 1 questionnaire is
   *[other] { $questionnaires } questionnaires are
 } in use.
circle-step-solutions = Solutions
circle-step-solutions-text = { $causes ->
    [0] There is no register of causes yet
    [one] 1 cause stands in the register
   *[other] { $causes } causes stand in the register
 }, with { $countermeasures ->
    [one] 1 countermeasure
   *[other] { $countermeasures } countermeasures
 }. { $breaches ->
    [0] No breach was put down to a cause.
   *[other] Of the breaches of the rolling window { $coded } were put down to one.
 }
circle-step-promise = Promise
circle-step-promise-text = { $announced ->
    [one] 1 commitment is announced
   *[other] { $announced } commitments are announced
 }, { $trial } on trial, { $draft } in draft. { $standards ->
    [0] No action has become a standard yet.
    [one] 1 action has become a standard.
   *[other] { $standards } actions have become a standard.
 }
circle-step-review = Periodic review
circle-step-review-text = { $open ->
    [0] No decision is open
    [one] 1 decision is open, { $late } late
   *[other] { $open } decisions are open, { $late } of them late
 }; { $due ->
    [0] no stage or review of an action is due.
    [one] 1 stage or review of an action is due or overdue.
   *[other] { $due } stages and reviews of actions are due, overdue or due soon.
 }
circle-step-team = Team
circle-step-team-text = { $circles ->
    [0] No circle is at work
    [one] 1 circle is at work, with { $members } members
   *[other] { $circles } circles are at work, with { $members } members
 } and a client manager in { $managers }; { $practices ->
    [0] no customer practice is in use.
    [one] 1 customer practice is in use.
   *[other] customer practices are in use { $practices } times, counted by profile.
 }

## The report: what is being improved.

report-circle = What is being improved
report-circle-lead = { $total ->
    [one] One action is followed:
   *[other] { $total } actions are followed:
 } { $counts }.
report-circle-caption = Actions and what the figures say
report-circle-rule = How an action is judged
report-circle-note = Before: up to 12 months before the quarter that gave rise to the action. That quarter and the months until the start do not count, because a circle begins after bad months, and better ones follow in any case. After: up to 12 months from the start. Change: level after less level before, beyond the mean change of comparable departments in which nothing is done. Levels are generalised least-squares means: months weigh by their standard errors, and how much they vary and hang together beyond these is learnt from all these departments. Improved (or worse): the 95 % interval leaves out zero, and at most 5 % of all departments, this one included, went as far, which takes 19 comparable ones; with fewer it cannot be told. Too early: fewer than 3 months since the start. Did it hold: the same for the months 6 to 12 after the standard; lost, when they are below the first gain beyond chance and not better than before. A change that came with an action need not come from it.
report-circle-work = Circle, analysis and schedule
report-circle-schedule = Who does what by when
report-circle-due = Due
report-circle-due-caption = Stages and reviews that are not done
report-circle-asked = Decisions asked
report-circle-decisions = What became of decisions
report-circle-decisions-caption = Decisions on the last two reports, and what is open from before
report-circle-practices = Customer practices
report-circle-practices-lead = Counted by profile: { $none } not begun, { $draft } in draft, { $approved } approved, { $in_use } in use, { $reviewed } reviewed after use.
report-circle-practices-caption = State of each practice by profile
report-circle-practices-note = A dash: the register does not ask it of the profile.
report-circle-steps = The five steps of service
report-finding-action = { $topic } ({ $name }): the verdict is now “{ $now }”, last month it was “{ $before }”.
report-finding-review = { $topic }: the review { $months } months after the standard was due on { $day } and is not done.
report-head-action = Action
report-head-department-name = Department
report-head-before = Before
report-head-after = After
report-head-step = Change beyond comparable departments
report-head-verdict = Verdict
report-head-gain = Did it hold?
report-head-task = What
report-head-stage = Stage
report-head-who = Who
report-head-due = By
report-head-done = Done
report-head-state = State
report-head-decision = Decision
report-head-for = For
report-head-about = On the figures of
report-head-outcome = What became of it
report-head-practice = Practice
