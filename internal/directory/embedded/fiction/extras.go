package fiction

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/index"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// MostExtras is how many extras there are.
const MostExtras = 1_000_000

// Extras yields the extras from a number, counted from 0, up to another. The same number is the same person with the same story, told as
// of now. All have one password hash.
func Extras(from, to int, now time.Time, passwordHash string) iter.Seq[embedded.Person] {
	return func(yield func(embedded.Person) bool) {
		names := newNames()
		for n := from; n < min(to, MostExtras); n++ {
			if !yield(names.person(n, now, passwordHash)) {
				return
			}
		}
	}
}

// names are what extras are made of.
type names struct {
	given, surnames, departments, titles, offices []string
	logins                                        map[string]string // parts of logins by name
}

func newNames() *names {
	list := func(s string) []string { return strings.Split(s, "|") }
	n := &names{
		given: list(givenNames), surnames: list(surnames), departments: list(departments), titles: list(titles), offices: list(offices),
		logins: map[string]string{},
	}
	for _, name := range append(n.given, n.surnames...) {
		n.logins[name] = loginPart(name)
	}
	return n
}

// loginPart is a name in the small letters of a login.
func loginPart(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, index.Fold(name))
}

// person is the extra of a number.
func (ns *names) person(n int, now time.Time, passwordHash string) embedded.Person {
	dice := dice(n)
	given, surname := dice.pick(ns.given), dice.pick(ns.surnames)
	if dice.roll(40) == 0 {
		surname += "-" + dice.pick(ns.surnames)
	}
	login := fmt.Sprintf("%s.%s%d", ns.logins[given], loginPart(surname), n)
	department := dice.pick(ns.departments)
	p := embedded.Person{
		Login: untrusted.New(login), GivenName: untrusted.New(given), Surname: untrusted.New(surname), DisplayName: untrusted.New(given + " " + surname),
		Title: untrusted.New(dice.pick(ns.titles)), Department: untrusted.New(department), Office: untrusted.New(dice.pick(ns.offices)),
		EmployeeNumber: untrusted.New(fmt.Sprintf("E%07d", n)), Place: untrusted.New("OU=" + department + ",O=demo"),
		Mail: untrusted.New(login + "@desk.example"),
	}
	if dice.roll(2) == 0 {
		p.AlternateMails = []untrusted.Text{untrusted.New(login + "@home.example")}
	}
	if dice.roll(3) == 0 {
		p.Mobile = untrusted.New(fmt.Sprintf("+47 4%07d", n))
	}
	p.Seed = embedded.Seed{
		PasswordHash: passwordHash, Created: now.Add(-hired),
		PasswordSet: now.Add(-dice.minutes(85 * day)), LastSeen: now.Add(-dice.minutes(40 * day)),
		RegisteredAt: now.Add(-dice.minutes(700 * day)), RegisteredBy: "self",
	}
	trouble(&p, &dice, now)
	return p
}

const day = 24 * time.Hour

// trouble gives one in twelve something that keeps them out.
func trouble(p *embedded.Person, dice *dice, now time.Time) {
	switch dice.roll(72) {
	case 0:
		p.Disabled = true
	case 1:
		p.Seed.LockedSince = now.Add(-dice.minutes(Policy().Lockout.First))
		p.Seed.UnlocksAt, p.Seed.WrongPasswords = p.Seed.LockedSince.Add(Policy().Lockout.First), Policy().Lockout.After
	case 2:
		p.Seed.PasswordSet = now.Add(-90*day - dice.minutes(60*day))
	case 3:
		p.MustChange = true
	case 4:
		p.Seed.LastSeen = now.Add(-90*day - dice.minutes(400*day))
	case 5:
		p.AccountExpires = now.Add(-dice.minutes(90 * day))
	}
}

// dice are reproducible and good enough for names: SplitMix64.
type dice uint64

func (d *dice) roll(sides int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(sides))
}

func (d *dice) pick(from []string) string { return from[d.roll(len(from))] }

// minutes is less than a span, in whole minutes.
func (d *dice) minutes(span time.Duration) time.Duration {
	return time.Duration(d.roll(int(span/time.Minute))) * time.Minute
}
