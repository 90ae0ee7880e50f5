package core

import (
	"context"
	"slices"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Scope limits which accounts an operator reaches: whom they find, look at, hear of and act on. Empty lists do not limit.
type Scope struct {
	Directories []string
	Units       []string // distinguished names; an account is inside when its Place is at or below one of them
	Groups      []string // ids of groups, direct or nested; distinguished names in any spelling
}

// Covers reports whether anything of a directory can be inside the scope.
func (s Scope) Covers(directory string) bool {
	return len(s.Directories) == 0 || slices.Contains(s.Directories, directory)
}

// Reaches reports whether the account is inside the scope. A unit that cannot be parsed reaches nothing.
func (s Scope) Reaches(a Account) bool {
	if !s.Covers(a.ID.Directory) || !s.holds(a.Place) {
		return false
	}
	return len(s.Groups) == 0 || slices.ContainsFunc(a.Groups, func(g Group) bool {
		return slices.ContainsFunc(s.Groups, func(id string) bool { return sameGroup(id, g.ID) })
	})
}

// holds reports whether a place is at or below one of the units.
func (s Scope) holds(place string) bool {
	return len(s.Units) == 0 || slices.ContainsFunc(s.Units, func(unit string) bool { return below(place, unit) })
}

// narrow reports whether the directory alone does not decide.
func (s Scope) narrow() bool { return len(s.Units) > 0 || len(s.Groups) > 0 }

func below(place, unit string) bool {
	p, err := dn.Parse(place)
	if err != nil {
		return false
	}
	u, err := dn.Parse(unit)
	return err == nil && p.IsUnder(u)
}

func outOfScope() *Error {
	return deniedByClass(Classification{Reason: ReasonOutOfScope})
}

// reach refuses an account outside the operator's scope. CodeDenied, CodeNotFound, CodeUnavailable.
func (d *Desk) reach(ctx context.Context, o Operator, id AccountID) error {
	if !o.Scope.Covers(id.Directory) {
		return outOfScope()
	}
	dir, err := d.directory(id.Directory)
	if err != nil || !o.Scope.narrow() {
		return err
	}
	a, err := dir.Account(ctx, id.Key)
	if err == nil && !o.Scope.Reaches(a) {
		err = outOfScope()
	}
	return err
}

// scopeReads is how many accounts are read at once to tell whether they are inside a scope.
const scopeReads = 8

// within drops the rows outside an operator's scope. Where a row does not say enough, its account is read; one that is gone is dropped.
func within[T any](ctx context.Context, d *Desk, o Operator, rows []T, of func(T) (id AccountID, place string)) ([]T, error) {
	if !o.Scope.narrow() {
		return rows, nil
	}
	errs := make([]error, len(rows))
	slots := make(chan struct{}, scopeReads)
	var reads sync.WaitGroup
	for i, row := range rows {
		slots <- struct{}{}
		reads.Go(func() { // ends with the directory's answer
			errs[i] = d.take(ctx, "scope", func(ctx context.Context) error {
				id, place := of(row)
				if place != "" && !o.Scope.holds(place) {
					return outOfScope()
				}
				if place != "" && len(o.Scope.Groups) == 0 {
					return nil
				}
				return d.reach(ctx, o, id)
			})
			<-slots
		})
	}
	reads.Wait()
	out := make([]T, 0, len(rows))
	for i, err := range errs {
		if err == nil {
			out = append(out, rows[i])
		} else if code := CodeOf(err); code != CodeDenied && code != CodeNotFound {
			return nil, err
		}
	}
	return out, nil
}

// casesWithin drops the cases about accounts outside an operator's scope, and those of which that cannot be told now.
func (d *Desk) casesWithin(ctx context.Context, o Operator, cases []Case) []Case {
	return slices.DeleteFunc(cases, func(c Case) bool {
		return !o.Scope.Covers(c.Person.ID.Directory) || (o.Scope.narrow() && d.reach(ctx, o, c.Person.ID) != nil)
	})
}

// sameGroup compares ids of groups: as they are, without regard to case, or as distinguished names.
func sameGroup(a, b string) bool {
	if sameName(a, b) {
		return true
	}
	x, err := dn.Parse(a)
	if err != nil || x.IsZero() {
		return false
	}
	y, err := dn.Parse(b)
	return err == nil && x.Equal(y)
}

// nobody is said of a name that means no account, or none in the operator's scope: the two cannot be told apart.
func nobody(name sentence.Field) *Error {
	return Fail(CodeNotFound, sentence.Of("search.nobody", name))
}
