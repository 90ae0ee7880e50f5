package embedded

import (
	"slices"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

func TestTheEmbeddedDirectoryKeepsTheContract(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	directorytest.Run(t, &fixture{d: d})
}

// fixture is the administrator's way around the directory under test.
type fixture struct {
	d *Directory
}

func (f *fixture) Directory() core.Directory { return f.d }

func (f *fixture) Traits() directorytest.Traits {
	return directorytest.Traits{
		Substrings: true, Groups: true, Disabled: true, Expired: true, MustChange: true, Service: true,
		Versions: true, RefusesOld: true, PhoneSearch: true, Total: true,
	}
}

func (f *fixture) Add(tb testing.TB, p directorytest.Person) core.AccountID {
	tb.Helper()
	set := f.d.clock.Now().Add(-24 * time.Hour)
	if p.Expired {
		set = set.Add(-f.d.Policy().MaxAge)
	}
	person := Person{
		Login: text(p.Login), GivenName: text(p.GivenName), Surname: text(p.Surname), DisplayName: text(p.DisplayName),
		Department: text(p.Department), Title: text(p.Title), EmployeeNumber: text(p.EmployeeNumber), Mail: text(p.Mail),
		AlternateMails: texts(p.AlternateMail), Mobile: text(p.Mobile), Manager: text(p.Manager),
		Disabled: p.Disabled, MustChange: p.MustChange, Service: p.Service,
		Seed: Seed{PasswordHash: hashed(tb, f.d, p.Password), PasswordSet: set},
	}
	load(tb, f.d, person)
	return resolve(tb, f.d, p.Login)
}

func (f *fixture) AddGroup(tb testing.TB, name string, people, groups []string) {
	tb.Helper()
	b := Batch{People: slices.Values([]Person{}), Groups: []Group{{Name: text(name)}}}
	for _, g := range groups {
		b.Groups = append(b.Groups, Group{Name: text(g), MemberOf: texts(name)})
	}
	loadBatch(tb, f.d, b)
	for _, login := range people {
		p := record(tb, f.d, login)
		p.Groups = append(p.Groups, text(name))
		load(tb, f.d, *p)
	}
}

func (f *fixture) Lock(tb testing.TB, login string) {
	tb.Helper()
	for _, password := range []string{"wrong one", "wrong two", "wrong three"} {
		if signIn(tb, f.d, login, password) {
			tb.Fatalf("%s signs in with a wrong password", login)
		}
	}
}

// SignsIn asks as the person would, and where the password must be changed first, compares it as the directory would then.
func (f *fixture) SignsIn(tb testing.TB, login, password string) bool {
	tb.Helper()
	a, err := f.d.readAttempt(tb.Context(), text(login))
	if err != nil {
		tb.Fatal(err)
	}
	if !a.mustChange {
		return signIn(tb, f.d, login, password)
	}
	h, err := parseHash(a.hash)
	if err != nil {
		tb.Fatal(err)
	}
	digest, err := f.d.hasher.digest(tb.Context(), h, secret.FromString(password))
	return err == nil && h.equals(digest)
}

func (f *fixture) Unreachable(tb testing.TB) core.Directory {
	tb.Helper()
	d, _ := open(tb)
	if err := d.Close(); err != nil {
		tb.Fatal(err)
	}
	return d
}

// record is a person as an import would bring them.
func record(tb testing.TB, d *Directory, login string) (p *Person) {
	tb.Helper()
	err := d.db.Read(tb.Context(), func(ctx ctx, tx *sqlitedb.Tx) (err error) {
		var id int64
		if _, err := tx.One(ctx, `SELECT id FROM people WHERE login_key = ?`, sqlitedb.Args{exactKey(login)}, &id); err != nil {
			return err
		}
		p, err = readRecord(ctx, tx, id)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}
