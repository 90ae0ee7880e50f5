package uitest

import (
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	day    = 24 * time.Hour
	minute = time.Minute
)

// Hostile is a display name that tries to command the terminal and to look like something else.
const Hostile = "Eve\x1b]0;owned\x07 \x1b[2J\u202eenaJ\u200b"

// populate puts the cast into the directories.
func (s *Stage) populate() {
	now := s.Clock.Now()
	s.Jane = s.Cloud.Put(jane(now))
	for _, a := range []core.Account{
		plain(now, "jdorsey", "Jane Dorsey", "Sales"), plain(now, "jane.dahl", "Jane Dahl", "Logistics", mustChange),
		plain(now, "jduvall", "Janet Duvall", "Finance", disabled), omar(now), liWei(now), priya(now),
		plain(now, "sam.rivers", "Sam Rivers", "Field Service", disabled), plain(now, "eve", Hostile, "Purchasing\r\nFinance"),
		administrator(now, "ada.admin", "Ada Admin", rbac.GlobalAdministrator),
		administrator(now, "kofi.mensah", "Kofi Mensah", rbac.HelpdeskAdministrator),
		plain(now, "ann.lee", "Ann Lee", "Service Desk"), plain(now, "per.holm", "Per Holm", "Finance"),
		service(now),
	} {
		s.Cloud.Put(a)
	}
	s.Corp.Put(plain(now, "doe2", "Jane Doe", "Sales", hybrid))
	s.Corp.Put(plain(now, "wchan", "陳大文", "物流部", hybrid))
}

// Crowd adds n people of one name's beginning to the embedded directory.
func (s *Stage) Crowd(n int, change ...func(*core.Account, time.Time)) {
	for i := range n {
		login := fmt.Sprintf("crowd%03d", i)
		s.Cloud.Put(plain(s.Clock.Now(), login, fmt.Sprintf("Crowd Member %03d", i), "Call Centre", change...))
	}
}

func jane(now time.Time) core.Account {
	a := coretest.Jane(now)
	a.GivenName, a.Surname, a.Title = untrusted.New("Jane"), untrusted.New("Doe"), untrusted.New("Controller")
	a.UPN, a.Office = untrusted.New("jane.doe@corp.example"), untrusted.New("Oslo 4th floor")
	a.Manager = core.Person{Login: untrusted.New("per.holm"), DisplayName: untrusted.New("Per Holm")}
	a.State.PasswordSet, a.State.PasswordExpires = now.Add(-30*day), now.Add(60*day)
	a.LastSeen = now.Add(-80 * time.Minute)
	a.Policy = core.PasswordPolicy{
		Known: true, MinLength: 12, MinClasses: 3, History: 10, MaxAge: 90 * day, LockAfter: 5, LockFor: 30 * time.Minute, NamesBanned: true,
	}
	a.Groups = []core.Group{
		{ID: "g1", Name: untrusted.New("Finance")}, {ID: "g2", Name: untrusted.New("Oslo")}, {ID: "g3", Name: untrusted.New("Everybody"), Nested: true},
	}
	registered := now.Add(-355 * day)
	for i := range a.Methods {
		a.Methods[i].RegisteredAt = registered
	}
	a.Methods = append(a.Methods, core.Method{ID: "phone:1", Kind: core.MethodMobile, Destination: untrusted.New("+47 12"), RegisteredAt: registered})
	return a
}

// plain is an account with an authenticator app and nothing wrong, until it is changed.
func plain(now time.Time, login, name, department string, change ...func(*core.Account, time.Time)) core.Account {
	a := core.Account{
		Person: core.Person{Login: untrusted.New(login), DisplayName: untrusted.New(name), Department: untrusted.New(department)},
		Origin: core.CloudOnly, UPN: untrusted.New(login + "@corp.example"),
		State:  core.State{Enabled: true, PasswordSet: now.Add(-20 * day), PasswordExpires: now.Add(70 * day)},
		Policy: core.PasswordPolicy{Known: true, MinLength: 12},
		Methods: []core.Method{
			{ID: "totp:1", Kind: core.MethodTOTP, RegisteredAt: now.Add(-40 * day)},
			{ID: "mail:0", Kind: core.MethodMail, Destination: untrusted.New("someone@corp.example")},
		},
		LastSeen: now.Add(-26 * time.Hour),
	}
	for _, f := range change {
		f(&a, now)
	}
	return a
}

func mustChange(a *core.Account, _ time.Time) { a.State.MustChange = true }

func disabled(a *core.Account, _ time.Time) { a.State.Enabled = false }

func hybrid(a *core.Account, _ time.Time) { a.Origin = core.Hybrid }

// Locked is a change that locks an account until somebody unlocks it.
func Locked(a *core.Account, now time.Time) {
	a.State.Locked, a.State.LockedSince, a.State.WrongPasswords = true, now.Add(-3*time.Hour), 10
}

func omar(now time.Time) core.Account {
	a := plain(now, "omar.haddad", "Omar Haddad", "Warehouse", func(a *core.Account, now time.Time) {
		a.State.PasswordExpired, a.State.PasswordExpires = true, now.Add(-2*day)
	})
	a.Methods = nil
	return a
}

func liWei(now time.Time) core.Account {
	a := plain(now, "li.wei", "Li Wei", "Research", Locked)
	a.Methods = []core.Method{{ID: "phone:1", Kind: core.MethodMobile, Destination: untrusted.New("0047-123")}}
	return a
}

func priya(now time.Time) core.Account {
	a := plain(now, "priya.nair", "Priya Nair", "Legal", func(a *core.Account, now time.Time) {
		a.State.PasswordExpired, a.State.PasswordExpires, a.State.MustChange = true, now.Add(-day), true
	})
	a.Methods = append(a.Methods, core.Method{ID: "mail:1", Kind: core.MethodAlternate, Destination: untrusted.New("priya@home.example")})
	return a
}

func administrator(now time.Time, login, name string, r rbac.Role) core.Account {
	a := plain(now, login, name, "IT")
	a.Roles = []rbac.Role{r}
	return a
}

func service(now time.Time) core.Account {
	a := plain(now, "svc-backup", "Backup Service", "IT")
	a.Marks.Service = true
	return a
}
