## Promises that are almost always kept.

report-rare = Promises that are almost always kept
report-rare-what = Commitments whose target is { $share } or more, or that all departments together kept so often, { $months }. One broken case moves such a share more than anything a department does, so breaches are counted; departments stand in the order of how much their breaches surprise.
report-rare-caption = { $name }: { $broken } of { $cases } cases broken, { $months }
report-rare-others = { $count ->
    [one] The other department
   *[other] The other { $count } departments
 }
report-rare-of = { $broken } of { $cases }
report-rare-target = target { $target }
report-rare-ended = { $day }, after { $run } cases kept in a row
report-rare-than-target = against its target, { $months } { $months ->
    [one] month
   *[other] months
 }
report-rare-than-before = against its own past, { $months } { $months ->
    [one] month
   *[other] months
 }
report-rare-note = Chance of so many: of as many broken cases or more, had the department just met its target (binomial test), or broken as many as before (Fisher’s exact test); the last 3 and the last 12 months, as far as there are so many, are tried and p is doubled for it. Both take cases as independent. Marked: p below .001 and, after Holm over all { $tests } tests of the month, below .05, so that fewer than one month in twenty holds a mark by chance alone. A long run without a breach is one that cases kept as the target asks, or as usual if that is more, would reach once in a thousand times. Kept, drawn together: the share of { $months }, drawn to those of the other departments as far as their differences are chance (beta-binomial), with the interval of probability 95 %.
rare-less = under { $share }
rare-more = over { $share }
rare-head-broken = Broken, { $months ->
    [one] one month
   *[other] { $months } months
 }
rare-head-surprise = Chance of so many
rare-head-shrunk = Kept, drawn together
rare-head-chance-below = Chance to be below target
report-finding-worse-than-target = { $name }: { $commitment }: { $broken } of { $cases } cases broken in { $months } { $months ->
    [one] month
   *[other] months
 }, more than the target of { $target } explains ({ $p }, exact).
report-finding-worse-than-before = { $name }: { $commitment }: { $broken } of { $cases } cases broken in { $months } { $months ->
    [one] month
   *[other] months
 }, against { $broken_before } of { $cases_before } before ({ $p }, exact).
report-finding-run-ended = { $name }: { $commitment }: first broken case, on { $day }, after { $run } cases kept in a row { $after }.
report-finding-run-start = since the records begin
report-finding-run-after = since { $day }
