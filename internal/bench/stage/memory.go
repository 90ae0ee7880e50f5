package stage

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
)

// Memory is a directory that answers a search by the beginning of the surname from sorted names in memory, in microseconds: behind it a screen is
// measured and no search. For everything else it has nobody.
type Memory struct {
	*coretest.Directory
	names []string // folded surnames, sorted
	rows  []core.Row
}

// NewMemory has n people.
func NewMemory(n int) *Memory {
	m := &Memory{Directory: coretest.NewDirectory(DirectoryName, Clock{})}
	for p := range People(n) {
		m.rows = append(m.rows, core.Row{
			Person: core.Person{
				ID: core.AccountID{Directory: DirectoryName, Key: p.Login.Raw()}, Login: p.Login, DisplayName: p.DisplayName, Department: p.Department,
			},
			State: core.RowFine, Rank: core.RankPrefix,
		})
	}
	slices.SortFunc(m.rows, func(a, b core.Row) int {
		return cmp.Or(strings.Compare(surname(a), surname(b)), strings.Compare(a.Login.Raw(), b.Login.Raw()))
	})
	for _, r := range m.rows {
		m.names = append(m.names, surname(r))
	}
	return m
}

// surname is the folded last word of a name.
func surname(r core.Row) string {
	name := strings.ToLower(r.DisplayName.Raw())
	return name[strings.LastIndexByte(name, ' ')+1:]
}

// Search implements core.Directory.
func (m *Memory) Search(_ context.Context, q core.Query) (core.Found, error) {
	from, _ := slices.BinarySearch(m.names, strings.ToLower(q.Text.Raw()))
	to := from
	for to < len(m.names) && to-from < q.Limit && strings.HasPrefix(m.names[to], strings.ToLower(q.Text.Raw())) {
		to++
	}
	more := to < len(m.names) && to-from == q.Limit && strings.HasPrefix(m.names[to], strings.ToLower(q.Text.Raw()))
	return core.Found{Rows: slices.Clone(m.rows[from:to]), More: more}, nil
}
