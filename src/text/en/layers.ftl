## The report: which service layer is reached.

report-layers = Which service layer is reached
report-layers-intro = What must be there, what is expected, what is hoped for, and what nobody thought of: a layer counts only where all layers before it are reached, since nobody is delighted over what must be there.
report-layers-whole = Service layers, { $place }, { $months }
report-layers-departments = Service layers by department, { $months }
report-layers-note = Satisfied: 75 points of 100 or more (4 of 5, 8 of 10); dissatisfied: 25 or less. Each is the mean over the items of the layer, its interval the mean of theirs, which is never too narrow. Kept: promises of the layer to customers, by importance. A layer is reached when every interval lies on the good side of its bar, not reached when one lies on the bad side; otherwise it cannot be told from so many answers.
report-layers-counts = Of { $count } departments with answers, { $none } are below the first layer beyond chance, { $first } reach the first layer or more, of the others it cannot be told.
report-head-layer = Layer
report-head-layer-reached = Reaches
report-head-layer-standing = By itself
report-head-layer-satisfied = Satisfied
report-head-layer-dissatisfied = Dissatisfied
report-head-layer-kept = Kept
report-head-layer-bars = Bars
report-layers-bars = at least { $satisfied }, at most { $dissatisfied }, at least { $kept }
report-layer-core = Core
report-layer-additional = Additional
report-layer-extra = Extra
report-layer-unaware = Beyond awareness
report-layer-none = no layer yet
report-layer-standing-reached = reached
report-layer-standing-not_reached = not reached
report-layer-standing-cannot_tell = cannot be told
report-layer-shares = { $satisfied } / { $dissatisfied }
report-layer-shares-kept = { $satisfied } / { $dissatisfied }, kept { $kept }
report-layer-open = more cannot be told
