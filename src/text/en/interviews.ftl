## The report: what distinguishes those who stand out.

report-interviews = What distinguishes the best
report-interviews-summary = { $count ->
    [0] Of { $total } competencies coded in { $interviews } interviews, none is shown more often by { $top } than by { $others } beyond what chance could do.
    [one] Of { $total } competencies coded in { $interviews } interviews, one is shown more or less often by { $top } than by { $others } beyond what chance could do: { $named }.
   *[other] Of { $total } competencies coded in { $interviews } interviews, { $count } are shown more or less often by { $top } than by { $others } beyond what chance could do: { $named }.
}
report-interviews-criterion = The groups were fixed on { $day }, before any interview: { $criterion }.
report-interviews-caption = Behaviours an hour of interview
interviews-head-ratio = ratio
interviews-head-holm = p, Holm
interviews-head-agreement = coders agree
interviews-head-level = mean level
interviews-group = { $name }, { $n } persons
report-interviews-in-both = { $count ->
    [one] One person was interviewed as a member of both groups and is left out.
   *[other] { $count } persons were interviewed as members of both groups and are left out.
}
report-interviews-note = Rates are behaviours an hour as a single coder finds them; the unit is the person. The ratio's interval is a quasi-Poisson model's, p is by permuting persons between the groups, adjusted after Holm over all competencies. Agreement of coders is ICC(2,1) of the same interview, with its interval: below 0.6 a rate says little about persons. Who shows a behaviour more often may do so for many reasons: the comparison says what goes with standing out, not what makes it.
report-interviews-few = Fewer than { $least } persons in a group: no comparison is published.
