-- Everybody through whose hands a case went, also when it was handed over more than once.
CREATE TABLE case_hands (
	case_no  INTEGER NOT NULL REFERENCES cases (number),
	operator TEXT NOT NULL,
	PRIMARY KEY (operator, case_no)
) STRICT, WITHOUT ROWID;

INSERT INTO case_hands (case_no, operator)
SELECT number, opened_by FROM cases WHERE opened_by <> ''
UNION SELECT number, assigned_to FROM cases WHERE assigned_to <> ''
UNION SELECT number, handoff_by FROM cases WHERE handoff_by <> ''
UNION SELECT number, taken_by FROM cases WHERE taken_by <> '';
