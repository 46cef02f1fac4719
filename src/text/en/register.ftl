## The report: the register of commitments.

report-register = The register of commitments
report-register-caption = How the commitments are made
report-register-summary = { $count ->
    [0] None of { $total } commitments asks for a second look.
    [one] One of { $total } commitments asks for a second look.
   *[other] { $count } of { $total } commitments ask for a second look.
 }
report-register-note = Wording is judged by simple signs, which a person must weigh: a word nobody can measure, an “and” that may join two duties, length. Realistic: the target held against the months under it, the last twelve at most.
register-head-status = Status
register-head-importance = Importance
register-head-clear = Clear
register-head-concise = Concise
register-head-observable = Observable
register-head-realistic = Realistic
register-status-draft = draft
register-status-trial = on trial
register-status-announced = announced
register-status-withdrawn = withdrawn
register-since = since { $day }
register-to-department = to departments
report-register-withdrawn = { $count ->
    [one] Withdrawn: { $named }. Its
   *[other] Withdrawn: { $named }. Their
 } cases that begin now are shown, not rated.
report-register-drafts = Cases that began while the promise was a draft, over the rolling window, not judged: { $named }.
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
