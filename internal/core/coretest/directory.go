package coretest

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Directory is a core.Directory in memory. Methods by name can be made to fail through Faults; "SetPassword.applied" and "Unlock.applied"
// fail after the change was made.
type Directory struct {
	Faults
	label    string
	clock    core.Clock
	mu       sync.Mutex
	people   map[string]core.Account
	password map[string]string
	writes   int
}

// NewDirectory returns an empty directory.
func NewDirectory(name string, clock core.Clock) *Directory {
	return &Directory{label: name, clock: clock, people: map[string]core.Account{}, password: map[string]string{}}
}

// Put adds or replaces an account. Directory, key (from the login) and version are filled in.
func (d *Directory) Put(a core.Account) core.Account {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a.ID.Key == "" {
		a.ID.Key = "id-" + a.Login.Raw()
	}
	a.ID.Directory = d.label
	a.Version = d.next(a.ID.Key)
	d.people[a.ID.Key] = a
	return a
}

func (d *Directory) next(key string) string {
	n, _ := strconv.Atoi(d.people[key].Version)
	return strconv.Itoa(n + 1)
}

// Password is the password that was set last; "" when none was.
func (d *Directory) Password(id core.AccountID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.password[id.Key]
}

// Writes is how many changes were made.
func (d *Directory) Writes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// Name implements core.Directory.
func (d *Directory) Name() string { return d.label }

// Can implements core.Directory.
func (d *Directory) Can() core.Capabilities {
	return core.Capabilities{Reset: true, Unlock: true, MustChange: true, ListStates: core.ListStates(), ReadPolicy: true}
}

// Search implements core.Directory: every word starts the login or a part of the name.
func (d *Directory) Search(ctx context.Context, q core.Query) (core.Found, error) {
	if err := d.hit(ctx, "Search"); err != nil {
		return core.Found{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var f core.Found
	for _, a := range d.people {
		hay := strings.ToLower(a.Login.Raw() + " " + a.DisplayName.Raw())
		hit := true
		for word := range strings.FieldsSeq(strings.ToLower(q.Text.Raw())) {
			hit = hit && strings.Contains(hay, word)
		}
		if hit {
			f.Rows = append(f.Rows, core.Row{Person: a.Person, State: core.RowStateOf(a.State), Rank: core.RankSubstring})
		}
	}
	f.More = len(f.Rows) > q.Limit
	f.Rows = f.Rows[:min(len(f.Rows), q.Limit)]
	return f, nil
}

// Resolve implements core.Directory.
func (d *Directory) Resolve(ctx context.Context, name untrusted.Text) ([]core.AccountID, error) {
	if err := d.hit(ctx, "Resolve"); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []core.AccountID
	for _, a := range d.people {
		if strings.EqualFold(a.Login.Raw(), name.Raw()) || a.ID.Key == name.Raw() || strings.EqualFold(a.Contacts.Mail.Raw(), name.Raw()) {
			out = append(out, a.ID)
		}
	}
	return out, nil
}

// Account implements core.Directory.
func (d *Directory) Account(ctx context.Context, key string) (core.Account, error) {
	if err := d.hit(ctx, "Account"); err != nil {
		return core.Account{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.people[key]
	if !ok {
		return core.Account{}, core.Fail(core.CodeNotFound, sentence.Of("directory.not_found"))
	}
	a.ReadAt = d.clock.Now()
	a.Methods = append([]core.Method(nil), a.Methods...)
	return a, nil
}

// List implements core.Directory, in one page.
func (d *Directory) List(ctx context.Context, q core.ListQuery) (core.Page, error) {
	if err := d.hit(ctx, "List"); err != nil {
		return core.Page{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var p core.Page
	for _, a := range d.people {
		if q.State == core.ListLocked && a.State.Locked {
			p.Rows = append(p.Rows, core.ListRow{Person: a.Person, State: core.RowStateOf(a.State), Since: a.State.LockedSince})
		}
	}
	p.Total = len(p.Rows)
	return p, nil
}

// change applies a write to one account: Grant, version, faults before and after.
func (d *Directory) change(ctx context.Context, method string, p rbac.Permission, g rbac.Grant, id core.AccountID, version string, apply func(*core.Account)) error {
	if !g.Allows(p, id.String()) {
		return core.Fail(core.CodeDenied, sentence.Of("directory.no_grant"))
	}
	if err := d.hit(ctx, method); err != nil {
		return err
	}
	d.mu.Lock()
	a, ok := d.people[id.Key]
	if !ok || (version != "" && version != a.Version) {
		d.mu.Unlock()
		return core.Fail(core.CodeConflict, sentence.Of("directory.changed_meanwhile"))
	}
	apply(&a)
	a.Version = d.next(id.Key)
	d.people[id.Key] = a
	d.writes++
	d.mu.Unlock()
	return d.hit(ctx, method+".applied")
}

// SetPassword implements core.Directory.
func (d *Directory) SetPassword(ctx context.Context, g rbac.Grant, c core.PasswordChange) error {
	return d.change(ctx, "SetPassword", rbac.ResetPassword, g, c.Account, c.Version, func(a *core.Account) {
		d.password[c.Account.Key] = c.Password.Reveal()
		a.State.Locked, a.State.PasswordExpired, a.State.MustChange = false, false, c.MustChange
		a.State.PasswordSet = d.clock.Now()
	})
}

// Unlock implements core.Directory.
func (d *Directory) Unlock(ctx context.Context, g rbac.Grant, c core.UnlockChange) (core.UnlockAnswer, error) {
	var answer core.UnlockAnswer
	err := d.change(ctx, "Unlock", rbac.Unlock, g, c.Account, c.Version, func(a *core.Account) {
		answer.WasLocked, a.State.Locked = a.State.Locked, false
	})
	return answer, err
}

// Authenticate implements core.Authenticator.
func (d *Directory) Authenticate(ctx context.Context, login untrusted.Text, password *secret.Text) (core.AccountID, error) {
	ids, err := d.Resolve(ctx, login)
	if err == nil && len(ids) == 1 && d.Password(ids[0]) != "" && d.Password(ids[0]) == password.Reveal() {
		return ids[0], nil
	}
	return core.AccountID{}, core.Fail(core.CodeDenied, sentence.Of("directory.wrong_password"))
}

// Probe implements core.Directory.
func (d *Directory) Probe(ctx context.Context) core.Health {
	h := core.Health{Name: d.label, Kind: "directory", Level: core.Green, Said: sentence.Of("health.directory_ok"), At: d.clock.Now(), P50: time.Millisecond}
	if err := d.hit(ctx, "Probe"); err != nil {
		h.Level, h.Said = core.Red, core.AsError(err).Said
	}
	return h
}

// Close implements core.Directory.
func (d *Directory) Close() error { return nil }
