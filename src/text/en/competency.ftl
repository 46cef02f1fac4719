## The report: competency.

report-competency = Competency
report-competency-too-few = Withheld: fewer than { $least } people were assessed by three others or more (assessment of { $quarter }). What is told of so few would tell of single persons. Raters whom the ratings do not name count as one of each relation.
report-competency-bank = Who attains what the role requires, all departments
report-competency-all = All competencies
report-competency-note = All people are assessed, so the interval speaks of the raters. Level 0 is negative behaviour that was seen, not the absence of evidence. The number at level 0 is a count of people.
report-competency-departments = By department
report-competency-by-department = Required levels attained, by department
report-competency-each = By competency
report-head-competency = Competency
report-head-required = At the required level
report-head-people = People
report-head-zero = At level 0
