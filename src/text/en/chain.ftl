## Links between measures, in the sections that are about them.

links-together = { $x } and { $y } are associated: they move together within departments ({ $when }; r = { $r }).
links-against = { $x } and { $y } are associated: one is lower where the other is higher, within departments ({ $when }; r = { $r }).
links-perhaps = { $x } and { $y } may be associated within departments ({ $when }; r = { $r }): by itself this would rarely be chance, among all relations asked it may be.
links-not-seen = { $x } and { $y }: no relation was seen within departments ({ $when }; r = { $r }). One weaker than { $least } could hardly have been seen.
links-not-told = { $x } and { $y }: no relation was seen within departments ({ $when }; r = { $r }).
links-noise-x = { $x } and { $y }: nothing can be told ({ $when }): within departments { $x } differs by no more than chance.
links-noise-y = { $x } and { $y }: nothing can be told ({ $when }): within departments { $y } differs by no more than chance.
links-none = { $x } and { $y }: nothing can be told ({ $when }; { $reason }).
links-head-link = Link
links-head-reliability = Reliability, first · second
links-note = Within: what a department’s own level and what all departments share in a period explain is removed. A link is an association and not a cause: both sides may follow from a third thing, and one that comes first need not bring about the other. A low reliability hides a relation that is there; the smallest r is what would have been found with a probability of 80 %. Between: of the departments’ averages; few departments tell little.

## Who promises to whom.

chain = Who promises to whom
chain-lead = Departments promise to customers and to one another. The chain asks whether departments that get what they were promised keep their own promises, and whether kept promises go with satisfied customers.
chain-links = The links of the chain
chain-caption = Promises between departments, { $months }
chain-head-by = Promised by
chain-head-kept = Kept
chain-head-target = Target
chain-head-cases = Cases
chain-head-least = Least kept by
chain-head-promise = Promise
chain-head-received = Cases promised to it
chain-by-none = nobody in these months
chain-by = { $count ->
    [one] 1 department
   *[other] { $count } departments
 }
chain-judges = Whose judgement: the satisfaction in the ratings of these profiles is that of the departments they serve, from the internal survey: { $profiles }. Promises to departments count among the promises of the department that makes them.
chain-judges-others = all others
chain-makers = By the department that promises
chain-makers-caption = Promises kept to departments, and what the departments that are served say, { $months }
chain-receivers = By the department that was promised
chain-receivers-caption = What departments got of what they were promised, what they keep themselves, and what their customers say, { $months }
