## Why a figure is missing.

reason-too_few = too little data
reason-no_variation = all values are the same
reason-no_dispersion = published without its dispersion
reason-collinear = cannot be told apart from another measure
reason-not_converged = the estimate did not settle
reason-gap = no data for the period
reason-suppressed = withheld to protect persons
reason-not_comparable = not comparable with before
reason-not_applicable = does not apply here
reason-not_measured = not measured

## Heads shared by several charts.

head-department = Department
head-points = Points
head-mean = Mean
head-n = Answers
head-grade = Grade
note-axis-begins = The axis begins at { $from }, not at zero.

## Names of profiles and measures.

report-profile-client_relations = client relations
report-profile-operations = operations
report-profile-product = product
report-profile-service = service
report-profile-branch = branch
report-all-profiles = all others
report-measure-index-client = Satisfaction index
report-measure-index-internal = Internal satisfaction index
report-measure-index-staff = Staff index
report-measure-index = Index: { $name }
report-measure-net-promoter = Net promoter score
report-measure-top-two = Answers in the two best levels
report-measure-bottom-two = Answers in the two worst levels
report-measure-commitment-score = Commitment score
report-measure-kept = Kept: { $name }
report-measure-remedied = Broken and remedied: { $name }
report-measure-unremedied = Broken and not remedied: { $name }
report-measure-breaches = Broken: { $name }
report-measure-median = Median duration: { $name }
report-measure-p90 = 90th percentile of the duration: { $name }
report-measure-beyond = Beyond the limit: { $name }
report-measure-excused = Broken and excused: { $name }
report-measure-open = Not yet due: { $name }
report-measure-void = Cancelled or without a due time: { $name }
report-measure-due-differs = Due time contradicts the limit: { $name }
report-measure-received-score = Promises received and kept
report-measure-received = Received and kept: { $name }
report-measure-competency-share = People at the required levels
report-measure-required = At the required level: { $name }
report-measure-level-zero = At level 0: { $name }
report-measure-head-level = Level of the head
report-side-outcome = Outcome of the contact’s commitments
report-side-level = Level of the person who served: { $name }
