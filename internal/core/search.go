package core

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// maxQuery is the longest text that is looked for, in bytes.
const maxQuery = 256

// SearchResult is what is known so far: the merged rows of the directories that have answered.
type SearchResult struct {
	Rows    []SearchRow
	More    bool // there are more than are shown
	Sources []Source
	Done    bool // every directory has answered
}

// SearchRow is one person found, marked when another row shows the same name.
type SearchRow struct {
	Row
	SameName bool
}

// Source says how one directory answered.
type Source struct {
	Directory string
	Status    SourceStatus
	Said      sentence.Sentence // for SourceDown
}

// SourceStatus is how far a directory is with its answer.
type SourceStatus string

// The states of a source.
const (
	SourceAsked    SourceStatus = "asked"
	SourceReady    SourceStatus = "ready"
	SourceIndexing SourceStatus = "indexing" // answered from an index that is not complete yet
	SourceDown     SourceStatus = "down"
)

// Search looks for people in all directories of the operator's scope side by side. yield is called with the merged result
// each time another directory has answered, never by two goroutines at once; a slow or dead directory delays nobody. Searches are recorded
// in sum, without waiting. CodeDenied, CodeInvalid for a text that is too short or too long.
func (d *Desk) Search(ctx context.Context, actor Actor, text untrusted.Text, yield func(SearchResult)) error {
	o, err := d.allow(ctx, actor, rbac.Find)
	if err != nil {
		return err
	}
	set := d.Settings().Search
	typed := strings.TrimSpace(text.Raw())
	if utf8.RuneCountInString(typed) < set.MinLetters {
		return Fail(CodeInvalid, sentence.Of("search.too_short", sentence.Count("letters", set.MinLetters)))
	}
	if len(typed) > maxQuery {
		return Fail(CodeInvalid, sentence.Of("search.too_long", sentence.Count("limit", maxQuery)))
	}
	d.searches.count(actor, func() Record { return d.base(actor, o, KindLook, VerbSearch, "") })
	var in []Directory
	for _, dir := range d.Directories {
		if o.Scope.Covers(dir.Name()) {
			in = append(in, dir)
		}
	}
	d.gather(ctx, o, in, Query{Text: untrusted.New(typed), Limit: set.Rows}, yield)
	return ctx.Err()
}

type answer struct {
	from  int
	found Found
	err   error
}

// gather asks every directory and merges as the answers come. Its goroutines end with their directory's answer or with ctx.
func (d *Desk) gather(ctx context.Context, o Operator, in []Directory, q Query, yield func(SearchResult)) {
	answers := make(chan answer, len(in))
	res := SearchResult{Sources: make([]Source, len(in))}
	for i, dir := range in {
		res.Sources[i] = Source{Directory: dir.Name(), Status: SourceAsked}
		go func() {
			var a answer
			a.err = d.take(ctx, "search", func(ctx context.Context) (err error) {
				if a.found, err = dir.Search(ctx, q); err == nil {
					a.found.Rows, err = within(ctx, d, o, a.found.Rows, func(r Row) (AccountID, string) { return r.ID, r.Place })
				}
				return err
			})
			a.from = i
			answers <- a
		}()
	}
	for n := range in {
		select {
		case <-ctx.Done():
			return
		case a := <-answers:
			res.merge(a, q.Limit)
			res.Done = n == len(in)-1
			yield(res.copy())
		}
	}
}

func (res *SearchResult) merge(a answer, limit int) {
	src := &res.Sources[a.from]
	src.Status = SourceReady
	if a.err != nil {
		src.Status, src.Said = SourceDown, AsError(a.err).Said
		return
	}
	if a.found.Indexing {
		src.Status = SourceIndexing
	}
	all := slices.Grow(slices.Clip(res.Rows), len(a.found.Rows)) // what was yielded stays as it is
	for _, r := range a.found.Rows {
		all = append(all, SearchRow{Row: r})
	}
	places := order(all)
	res.More = res.More || a.found.More || len(places) > limit
	places = places[:min(len(places), limit)]
	rows, names := make([]SearchRow, len(places)), map[string]int{}
	for i, p := range places {
		rows[i] = all[p.row]
		names[p.name]++
	}
	for i, p := range places {
		rows[i].SameName = names[p.name] > 1
	}
	res.Rows = rows
}

// standing is where a row belongs, with what decides it taken once: it is compared many times, for every letter that is typed.
type standing struct {
	rank  Rank
	name  string // folded
	login string
	row   int
}

// order is the standings of rows, the best first.
func order(rows []SearchRow) []standing {
	places := make([]standing, len(rows))
	for i, r := range rows {
		places[i] = standing{rank: r.Rank, name: strings.ToLower(r.DisplayName.Raw()), login: r.Login.Raw(), row: i}
	}
	slices.SortFunc(places, func(a, b standing) int {
		if c := cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.name, b.name), strings.Compare(a.login, b.login)); c != 0 {
			return c
		}
		return cmp.Or(strings.Compare(rows[a.row].ID.String(), rows[b.row].ID.String()), cmp.Compare(a.row, b.row))
	})
	return places
}

// copy is what can be yielded: merge makes new rows and writes over sources.
func (res SearchResult) copy() SearchResult {
	res.Sources = slices.Clone(res.Sources)
	return res
}

// Resolve finds the one account that is meant by a login, mail address, user principal name, id or "directory:login", among those in
// the operator's scope. CodeDenied, CodeInvalid, CodeUnavailable, CodeNotFound; CodeConflict with the accounts when two are meant.
func (d *Desk) Resolve(ctx context.Context, actor Actor, name untrusted.Text) (AccountID, []AccountID, error) {
	o, err := d.allowOne(ctx, actor, rbac.Find, rbac.TrailAll) // who reads the whole trail may ask about one person in it
	if err != nil {
		return AccountID{}, nil, err
	}
	in, text := d.Directories, strings.TrimSpace(name.Raw())
	if dir, rest, ok := strings.Cut(text, ":"); ok {
		if one, err := d.directory(dir); err == nil {
			in, text = []Directory{one}, rest
		}
	}
	if text == "" || len(text) > maxQuery {
		return AccountID{}, nil, Fail(CodeInvalid, sentence.Of("search.too_long", sentence.Count("limit", maxQuery)))
	}
	found, err := d.resolve(ctx, o, in, untrusted.New(text))
	if err != nil {
		return AccountID{}, nil, err
	}
	switch len(found) {
	case 0:
		return AccountID{}, nil, nobody(sentence.Text("name", name))
	case 1:
		return found[0], found, nil
	default:
		return AccountID{}, found, Fail(CodeConflict, sentence.Of("search.several", sentence.Count("count", len(found)), sentence.Text("name", name)))
	}
}

func (d *Desk) resolve(ctx context.Context, o Operator, in []Directory, text untrusted.Text) (found []AccountID, err error) {
	for _, dir := range in {
		if !o.Scope.Covers(dir.Name()) {
			continue
		}
		some, err := dir.Resolve(ctx, text)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return within(ctx, d, o, found, func(id AccountID) (AccountID, string) { return id, "" })
}
