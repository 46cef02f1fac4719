## The staff side.

staff = The staff side
staff-lead = What staff say of their own needs, from 0 to 100 points, in the survey of { $month }. Departments with too few answers are withheld, and with them what they would follow from.
staff-caption = Needs of the staff by group, { $place }
staff-head-need = Need
staff-head-last = Last survey
staff-head-before = Survey before
staff-head-index = Staff index
staff-head-strongest = Highest group
staff-head-weakest = Lowest group
staff-departments-caption = Staff by department, { $month }
staff-departments-note = Some needs stand low in every department; where intervals overlap, which group is the lowest may be chance.
staff-links = Staff and customers
staff-links-note = Both directions are shown where both were asked, and neither is claimed: satisfied customers may please the staff, satisfied staff may please the customers, or both may follow from a third thing.
staff-not-asked = No relation between staff and customers was asked in advance, so none is told here.
