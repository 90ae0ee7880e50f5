package embedded

// The queries of the lists. Each list has an index of its own whose condition and order they repeat word by word. ?1 and ?2 are times;
// ?3 and ?4 are the last row of the page before, ?5 is how many rows are read.
const (
	listCount  = `SELECT count(*) FROM people p WHERE `
	listSelect = `SELECT ` + rowColumns + `, p.last_seen, `
	listFrom   = ` FROM people p WHERE `
	listAfter  = `, p.id) > (?3, ?4) ORDER BY `
	listLimit  = `, p.id LIMIT +?5`

	whereLocked   = `p.locked_since IS NOT NULL AND (p.unlocks_at IS NULL OR p.unlocks_at > ?1)`
	sortLocked    = `p.locked_since`
	whereDisabled = `p.enabled = 0`
	whereChange   = `p.must_change = 1`
	sortByID      = `p.id`
	whereExpiring = whereAges + ` AND p.password_set > ?1 AND p.password_set <= ?2`
	sortExpiring  = `p.password_set`
	whereIdle     = `coalesce(p.last_seen, p.created) <= ?1`
	sortIdle      = `coalesce(p.last_seen, p.created)`

	whereAges = `p.password_never_expires = 0 AND p.password_set IS NOT NULL`

	countLocked   = listCount + whereLocked
	pageLocked    = listSelect + sortLocked + listFrom + whereLocked + ` AND (` + sortLocked + listAfter + sortLocked + listLimit
	countDisabled = listCount + whereDisabled
	pageDisabled  = listSelect + sortByID + listFrom + whereDisabled + ` AND (` + sortByID + listAfter + sortByID + listLimit
	countChange   = listCount + whereChange
	pageChange    = listSelect + sortByID + listFrom + whereChange + ` AND (` + sortByID + listAfter + sortByID + listLimit
	countExpiring = listCount + whereExpiring
	pageExpiring  = listSelect + sortExpiring + listFrom + whereExpiring + ` AND (` + sortExpiring + listAfter + sortExpiring + listLimit
	countIdle     = listCount + whereIdle
	pageIdle      = listSelect + sortIdle + listFrom + whereIdle + ` AND (` + sortIdle + listAfter + sortIdle + listLimit
)

// The list of the expired is two lists in one: passwords set before ?2, and accounts that expired by ?1 although their password has not. Both
// are ordered by when it happened, moved back by the age of passwords (?1 - ?2), so that the longer one is in the order of its index.
const (
	whereOldPassword = whereAges + ` AND p.password_set <= ?2`
	whereOldAccount  = `p.account_expires IS NOT NULL AND p.account_expires <= ?1 AND
		(p.password_never_expires = 1 OR p.password_set IS NULL OR p.password_set > ?2)`
	sortOldAccount = `p.account_expires - (?1 - ?2)`

	countExpired = `SELECT (` + listCount + whereOldPassword + `) + (` + listCount + whereOldAccount + `)`
	pageExpired  = listSelect + `p.password_set AS sort` + listFrom + whereOldPassword + ` AND (p.password_set, p.id) > (?3, ?4)
		UNION ALL ` + listSelect + sortOldAccount + listFrom + whereOldAccount + ` AND (` + sortOldAccount + `, p.id) > (?3, ?4)
		ORDER BY sort, id LIMIT +?5`
)
