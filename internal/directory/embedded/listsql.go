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
	whereDisabled = `(p.enabled = 0 OR p.account_expires IS NOT NULL) AND (p.enabled = 0 OR p.account_expires <= ?1)`
	whereChange   = `p.must_change = 1`
	sortByID      = `p.id`
	whereAge      = `p.password_never_expires = 0 AND p.password_set IS NOT NULL AND p.password_set > ?1 AND p.password_set <= ?2`
	sortAge       = `p.password_set`
	whereIdle     = `coalesce(p.last_seen, p.created) <= ?1`
	sortIdle      = `coalesce(p.last_seen, p.created)`

	countLocked   = listCount + whereLocked
	pageLocked    = listSelect + sortLocked + listFrom + whereLocked + ` AND (` + sortLocked + listAfter + sortLocked + listLimit
	countDisabled = listCount + whereDisabled
	pageDisabled  = listSelect + sortByID + listFrom + whereDisabled + ` AND (` + sortByID + listAfter + sortByID + listLimit
	countChange   = listCount + whereChange
	pageChange    = listSelect + sortByID + listFrom + whereChange + ` AND (` + sortByID + listAfter + sortByID + listLimit
	countAge      = listCount + whereAge
	pageAge       = listSelect + sortAge + listFrom + whereAge + ` AND (` + sortAge + listAfter + sortAge + listLimit
	countIdle     = listCount + whereIdle
	pageIdle      = listSelect + sortIdle + listFrom + whereIdle + ` AND (` + sortIdle + listAfter + sortIdle + listLimit
)
