package embedded

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/index"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

const (
	defaultRows = 50
	mostRows    = 1000
	// longestQuery is the longest text that is looked for, in bytes. Nobody has a longer name.
	longestQuery = 1024
)

// Search implements core.Directory.
func (d *Directory) Search(ctx context.Context, q core.Query) (core.Found, error) {
	limit := min(q.Limit, mostRows)
	if limit <= 0 {
		limit = defaultRows
	}
	if len(q.Text.Raw()) > longestQuery {
		return core.Found{}, nil
	}
	var found core.Found
	err := d.read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		s := search{tx: tx, text: q.Text.Raw(), query: index.NewQuery(q.Text.Raw()), limit: limit, ranks: map[int64]core.Rank{}}
		if err := s.run(ctx, d.finder); err != nil {
			return err
		}
		rows, err := d.foundRows(ctx, tx, &s)
		found = core.Found{Rows: rows, More: s.more, Indexing: s.indexing}
		return err
	})
	if err != nil {
		return core.Found{}, err
	}
	return found, nil
}

// search is one search under way. It collects at most limit people, the best first.
type search struct {
	tx       *sqlitedb.Tx
	text     string
	query    index.Query
	limit    int
	ids      []int64
	ranks    map[int64]core.Rank
	more     bool
	indexing bool
}

// run looks for the whole text first, then for its words.
func (s *search) run(ctx context.Context, f *finder) error {
	if err := s.exact(ctx); err != nil {
		return err
	}
	if err := s.withAddress(ctx); err != nil {
		return err
	}
	generation, err := readGeneration(ctx, s.tx)
	if err != nil {
		return err
	}
	x, upToDate := f.current(generation)
	s.indexing = !upToDate
	if x == nil {
		return s.withoutIndex(ctx)
	}
	hits, more, err := x.Search(ctx, s.query, s.limit)
	s.more = s.more || more
	for _, h := range hits {
		s.add(h.ID, rankOf(h.Match))
	}
	return err
}

func (s *search) add(id int64, rank core.Rank) {
	if s.ranks[id] != 0 {
		return
	}
	if len(s.ids) >= s.limit {
		s.more = true
		return
	}
	s.ids, s.ranks[id] = append(s.ids, id), rank
}

func rankOf(m index.Match) core.Rank {
	if m == index.Starts {
		return core.RankPrefix
	}
	return core.RankSubstring
}

// exact finds who has the whole text as login, user principal name, employee number, mail address or telephone number.
func (s *search) exact(ctx context.Context) error {
	ids, err := whoHas(ctx, s.tx, s.text, s.limit+1)
	for _, id := range ids {
		s.add(id, core.RankExact)
	}
	return err
}

// With a bare parameter as its limit a statement is prepared anew each time it is run: SQLite looks at the value when it plans
// (sqlite3ExprIsInteger), and takes a plan for void when the value is bound again. It does not look behind a plus.
const whoHasQuery = `SELECT id FROM people WHERE login_key = ?1 AND ?1 <> ''
	UNION SELECT id FROM people WHERE upn_key = ?1 AND upn_key <> ''
	UNION SELECT id FROM people WHERE employee_key = ?1 AND employee_key <> ''
	UNION SELECT person FROM methods WHERE lookup = ?2 AND lookup <> '' LIMIT +?3`

func whoHas(ctx context.Context, tx *sqlitedb.Tx, text string, limit int) (ids []int64, err error) {
	err = tx.Each(ctx, whoHasQuery, sqlitedb.Args{exactKey(text), addressKey(text), limit}, func(scan sqlitedb.Scan) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// withAddress finds people by a mail address or a telephone number among several words.
func (s *search) withAddress(ctx context.Context) error {
	if len(s.query.Words) < 2 {
		return nil
	}
	has := map[string][]int64{}
	var candidates []int64
	for _, w := range s.query.Words {
		if addressKey(w) == "" {
			continue
		}
		ids, err := whoHas(ctx, s.tx, w, s.limit+1)
		if err != nil {
			return err
		}
		has[w], candidates = ids, append(candidates, ids...)
	}
	for _, id := range candidates {
		text, err := textOf(ctx, s.tx, id)
		if err != nil {
			return err
		}
		everyWord := !slices.ContainsFunc(s.query.Words, func(w string) bool {
			return !slices.Contains(has[w], id) && index.Query{Words: []string{w}}.Match(text) == index.NoMatch
		})
		if everyWord {
			s.add(id, core.RankPrefix)
		}
	}
	return nil
}

func textOf(ctx context.Context, tx *sqlitedb.Tx, id int64) (text string, err error) {
	_, err = tx.One(ctx, `SELECT text FROM names WHERE person = ?`, sqlitedb.Args{id}, &text)
	return text, err
}

const withoutIndexQuery = `SELECT person, text FROM names WHERE person IN (
	SELECT id FROM people WHERE login_key >= ?1 AND login_key < ?2
	UNION SELECT id FROM people WHERE given_fold >= ?1 AND given_fold < ?2 AND given_fold <> ''
	UNION SELECT id FROM people WHERE surname_fold >= ?1 AND surname_fold < ?2 AND surname_fold <> ''
	LIMIT +?3) ORDER BY text`

// withoutIndex finds what the database can: logins and names that begin with the longest word.
func (s *search) withoutIndex(ctx context.Context) error {
	const most = 1000
	if len(s.query.Words) == 0 {
		return nil
	}
	longest := slices.MaxFunc(s.query.Words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	documents, err := readDocuments(ctx, s.tx, withoutIndexQuery, longest, longest+"\U0010ffff", most)
	for _, doc := range documents {
		if s.query.Match(doc.Text) == index.Starts {
			s.add(doc.ID, core.RankPrefix)
		}
	}
	s.more = s.more || len(documents) == most
	return err
}

// foundRows reads the people found, in the order in which they were found; exact ones by name.
func (d *Directory) foundRows(ctx context.Context, tx *sqlitedb.Tx, s *search) ([]core.Row, error) {
	if len(s.ids) == 0 {
		return nil, nil
	}
	ids, err := json.Marshal(s.ids)
	if err != nil {
		return nil, err
	}
	now := d.clock.Now()
	rows := make([]core.Row, 0, len(s.ids))
	const query = `SELECT ` + rowColumns + ` FROM json_each(?) j CROSS JOIN people p ON p.id = j.value`
	err = eachPerson(ctx, tx, query, sqlitedb.Args{string(ids)}, func(r *personRow) {
		rows = append(rows, core.Row{Person: d.person(r), State: d.rowState(r, now), Rank: s.ranks[r.id], Place: r.place})
	})
	slices.SortStableFunc(rows, func(a, b core.Row) int {
		if a.Rank != b.Rank || a.Rank != core.RankExact {
			return cmp.Compare(a.Rank, b.Rank)
		}
		return strings.Compare(index.Fold(a.DisplayName.Raw()), index.Fold(b.DisplayName.Raw()))
	})
	return rows, err
}
