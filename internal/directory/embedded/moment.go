package embedded

import (
	"database/sql"
	"time"
)

// moment is a time as the database keeps it: Unix milliseconds, NULL for the zero time.
type moment struct{ sql.Null[int64] }

func momentOf(t time.Time) moment {
	return moment{sql.Null[int64]{V: t.UnixMilli(), Valid: !t.IsZero()}}
}

// time is the zero time when there is none.
func (m moment) time() time.Time {
	if !m.Valid {
		return time.Time{}
	}
	return time.UnixMilli(m.V).UTC()
}
