## Questions that changed.

report-questions = Questions that changed
report-questions-caption = Changes of the questionnaires in the months shown, { $months }
report-questions-note = Nothing is compared across a change: lines of charts break there, changes are told from the months after it alone, and relations take the level of a department before and after as two. Questions of one column are versions of one another and are never added up. A new scale is joined to the old one only where both were asked of random samples in the same months.
report-questions-bridge-note = The months in which random samples answered on either scale say which share of the old scale lies below each level of the new one (equipercentile equating, random groups); figures that hold old answers are marked as derived, and their intervals hold the error of both samples.
report-head-question-change = What changed
report-head-question-from = From
report-head-question-breaks = Not comparable before and after
report-head-question-bridged = Bridged
report-yes = yes
report-no = no
questions-new = new question “{ $item }”
questions-reworded = another wording, now “{ $item }”
questions-rescaled = another scale for “{ $item }”
questions-dropped = “{ $item }” is asked no more
