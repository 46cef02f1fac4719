## The report: where to begin.

report-priorities = Where to begin
report-priorities-caption = Stated importance and satisfaction by item, { $place }, { $months }
report-priorities-note = Gap: importance less satisfaction, both from 0 to 100. Importance is what customers stated in the last yearly survey before this year, the same for every department; satisfaction is of the months above. An item is marked when the interval of its gap leaves out the mean gap of all items; the map has its lines at the means of the items, and is told only where no interval crosses a line.
report-priorities-departments = { $count ->
    [one] First priorities of 1 department
   *[other] First priorities of { $count } departments
 }
report-priorities-departments-caption = The items whose gap is wider than the department’s mean gap beyond chance, widest first, { $months }
report-priorities-none = none beyond chance
report-priority = { $item } ({ $gap })
report-priority-wider = wider gap
report-priority-narrower = narrower gap
report-priority-cannot_tell = cannot be told
report-quadrant-concentrate = concentrate here
report-quadrant-keep = keep up
report-quadrant-low = low priority
report-quadrant-overkill = possible overkill
report-quadrant-undecided = undecided
report-head-importance = Importance
report-head-satisfaction = Satisfaction
report-head-gap = Gap
report-head-against-mean = Against the mean gap
report-head-quadrant = Map
report-head-priorities = First priorities
report-expectations = Expected and perceived
report-expectations-caption = What was perceived against what was expected, { $place }, { $months }
report-expectations-note = Of customers who answered both; the gap is perceived less expected, with the interval of paired differences. Differences of two answers are less reliable than either.
report-head-expected = Expected
report-head-perceived = Perceived
report-head-item-name = Question
