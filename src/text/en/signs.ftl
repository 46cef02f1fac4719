## The report: signs to look into.

report-signs = Signs to look into
report-signs-lead = { $count ->
    [0] Nothing in { $tests } tests stands out.
    [one] One thing out of { $tests } tests is worth a look. There may be a good reason for it: a sign is a question, not an answer.
   *[other] { $count } things out of { $tests } tests are worth a look. There may be good reasons for each: a sign is a question, not an answer.
 }
report-signs-caption = What was looked at, { $months }
report-signs-none = Cannot be looked at here
report-head-sign = Sign
report-head-tests = Tests
report-head-signs = To look into
report-head-least-holm = Smallest p (Holm)
report-sign-name-heaping = Cases heap just within the limit
report-sign-name-reopened = Kept cases are opened again within 7 days
report-sign-name-response-jump = The response rate jumps
report-sign-name-not-invited = Customers with a broken commitment are not invited
report-sign-name-straight-lining = Answers give every question the same answer
report-sign-name-not-as-seen = Customers saw it broken, the log says kept
report-sign-heaping = { $name }, “{ $commitment }”: { $share } of { $n } cases end in the last tenth before the limit, where { $expected } would be expected from the tenth before it and from other departments ({ $p }). To be looked into: how are the times recorded?
report-sign-reopened = { $name }, “{ $commitment }”: { $share } of { $n } cases began within 7 days after one of the same contact was closed as kept, { $expected } in other departments ({ $p }). To be looked into: were they done when they were closed?
report-sign-response-jump = { $name }: the response rate of { $month } is { $share } of { $n } customers, where { $expected } would be expected from the year before and from how others moved ({ $p }). To be looked into: who is asked since, and how?
report-sign-not-invited = { $name }: { $share } of { $n } customers with a broken commitment were invited to answer, { $expected } of those whose commitments were kept ({ $p }). To be looked into: how are customers chosen?
report-sign-straight-lining = { $name }: { $share } of { $n } answers give every question the same answer, { $expected } in other departments ({ $p }). To be looked into: where and how are questionnaires filled in? Very content customers answer alike, too.
report-sign-not-as-seen = { $name }: in { $share } of { $n } answers about commitments that the log has as kept, customers say that it was not done when promised; { $expected } in other departments ({ $p }). To be looked into: what does the log take for the end?
report-signs-note = A sign needs p below .05 after Holm over all tests of its kind, and a share at least a quarter away from what is expected. A department is held against the spread of the others’ shares (beta-binomial), so that ordinary differences between departments are no sign. Just within the limit: in the last tenth of it, more than in the tenth before and more than elsewhere; a commitment of fewer than four departments is held against the tenth before alone. A jump: more than the other departments moved, in either direction.
report-seen = As customers saw it
report-seen-lead = Was it done when promised? By the log { $log }, as customers saw it { $seen } ({ $n } answers). Agreement beyond chance (Cohen’s kappa): { $kappa } ({ $interval }).
report-seen-departments = By department ({ $count })
report-seen-caption = Kept by the log and as customers saw it, { $months }
report-head-kept-log = Kept by the log
report-head-kept-seen = Kept as seen
report-head-denied = Log kept, seen broken
report-head-kappa = Kappa
