package fiction

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Fill says who is put into a directory.
type Fill struct {
	Cast   *Cast
	People int // all together; extras join when there are more than the cast
	Now    time.Time
	// Password is known, for those whose logins stand in KnowIt: tests sign in with it. Everybody else's is random and known to nobody.
	Password *secret.Text
	KnowIt   []string
}

// pieces is how many extras join in one transaction: others can write a few times a second.
const pieces = 4000

// Into sets the policy of the demo in a directory and adds the cast and the extras: to an empty directory in one transaction, which is
// fast, else those who are missing. Whoever is there already stays as they are.
func (f Fill) Into(ctx context.Context, d *embedded.Directory) error {
	return f.add(ctx, d, f.People)
}

// CastInto sets the policy and adds the cast alone. The extras of a large demo may follow in the background with Into: then they come in
// pieces, between which others write.
func (f Fill) CastInto(ctx context.Context, d *embedded.Directory) error {
	return f.add(ctx, d, len(f.Cast.members))
}

func (f Fill) add(ctx context.Context, d *embedded.Directory, people int) error {
	if err := d.SetPolicy(ctx, Policy()); err != nil {
		return err
	}
	there, err := d.Count(ctx)
	if err != nil || there >= max(people, 1) {
		return err
	}
	hash, err := d.HashUnknown(ctx)
	if err != nil {
		return err
	}
	extras := Extras(max(0, there-len(f.Cast.members)), people-len(f.Cast.members), f.Now, hash)
	if there > 0 {
		_, err := d.Load(ctx, embedded.Batch{People: extras, Pieces: pieces})
		return err
	}
	cast := f.Cast.People(f.Now)
	for i := range cast {
		cast[i].Seed.PasswordHash = hash
	}
	if err := f.tell(ctx, d, cast); err != nil {
		return err
	}
	_, err = d.Load(ctx, embedded.Batch{Groups: f.Cast.Groups(), People: chain(slices.Values(cast), extras)})
	return err
}

func chain(parts ...iter.Seq[embedded.Person]) iter.Seq[embedded.Person] {
	return func(yield func(embedded.Person) bool) {
		for _, part := range parts {
			for p := range part {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// tell gives the known password to those who shall have it.
func (f Fill) tell(ctx context.Context, d *embedded.Directory, people []embedded.Person) error {
	if f.Password.Len() == 0 {
		return nil
	}
	known, err := d.HashPassword(ctx, f.Password)
	if err != nil {
		return err
	}
	for i := range people {
		if slices.Contains(f.KnowIt, people[i].Login.Raw()) {
			people[i].Seed.PasswordHash = known
		}
	}
	return nil
}
