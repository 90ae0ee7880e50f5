package stage

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/load"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// People are the first n of the people that testlab loads into slapd, as the embedded directory takes them.
func People(n int) iter.Seq[embedded.Person] {
	return func(yield func(embedded.Person) bool) {
		for i := range n {
			if !yield(person(i)) {
				return
			}
		}
	}
}

func person(i int) embedded.Person {
	p := testlab.SyntheticPerson(i)
	return embedded.Person{
		Login: untrusted.New(p.UID), GivenName: untrusted.New(p.GivenName), Surname: untrusted.New(p.Surname),
		DisplayName: untrusted.New(p.GivenName + " " + p.Surname), Department: untrusted.New(p.Department),
		EmployeeNumber: untrusted.New(p.EmployeeNumber), Mail: untrusted.New(p.Mail), Mobile: untrusted.New(p.Mobile),
	}
}

// pieces is how many people are written in one transaction.
const pieces = 10_000

// Fill loads n people and waits until the index knows them.
func Fill(ctx context.Context, d *embedded.Directory, n int) error {
	if _, err := d.Load(ctx, embedded.Batch{People: People(n), Pieces: pieces}); err != nil {
		return err
	}
	return Indexed(ctx, d)
}

// Indexed waits until a search is answered from a complete index.
func Indexed(ctx context.Context, d core.Directory) error {
	const pause, patience = 50 * time.Millisecond, 5 * time.Minute
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the index is not complete yet"))
	defer cancel()
	for {
		found, err := d.Search(ctx, core.Query{Text: untrusted.New("ada"), Limit: 1})
		if err != nil || !found.Indexing {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// Mix is what the search benchmarks ask, in this order: what operators type, letter by letter, of one word and of two, with exact logins,
// ends of names, numbers, and nobody.
func Mix() []string {
	return []string{
		"gr", "gre", "gret", "greta", "greta h", "greta ho", "greta holm", "no", "noor", "noor s", "lan", "lanka", "lankason", "wil",
		"sen", "berg", "gard", "nski", "kofi car", "ma mo", "an an", "ro son", "quinn delni", "ada.baaberg0", "e0012345", "4711",
		"zz", "greta zzz", "nobody.at.all", "xenia var", "ze zi", "omar",
	}
}

// Stem is what every typing session has in its search box all the time, and the letters that follow it: each of them leaves at least 50
// people of TypingPeople, and other ones than the stem alone.
const (
	Stem         = "lan"
	letters      = "bdeiklmnortuv"
	erase        = 0x7f
	TypingPeople = 20_000
)

// Keys are the keys of one session: the stem once, then a letter and its removal, again and again. The sessions begin at different letters.
func Keys(session int) load.Keyboard {
	at := 0
	return func() byte {
		defer func() { at++ }()
		if at < len(Stem) {
			return Stem[at]
		}
		n := at - len(Stem)
		if n%2 == 1 {
			return erase
		}
		return letters[(session+n/2)%len(letters)]
	}
}
