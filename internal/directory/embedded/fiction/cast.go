package fiction

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Cast are the people of the demo.
type Cast struct {
	groups  []embedded.Group
	members []member
}

// member is one of the cast as the file has them.
type member struct {
	Login          untrusted.Text   `json:"login"`
	GivenName      untrusted.Text   `json:"given_name"`
	Surname        untrusted.Text   `json:"surname"`
	DisplayName    untrusted.Text   `json:"display_name"`
	Title          untrusted.Text   `json:"title"`
	Department     untrusted.Text   `json:"department"`
	Place          untrusted.Text   `json:"place"`
	Office         untrusted.Text   `json:"office"`
	EmployeeNumber untrusted.Text   `json:"employee_number"`
	Manager        untrusted.Text   `json:"manager"`
	Mail           untrusted.Text   `json:"mail"`
	AlternateMails []untrusted.Text `json:"alternate_mails"`
	Mobile         untrusted.Text   `json:"mobile"`
	BusinessPhones []untrusted.Text `json:"business_phones"`
	Groups         []untrusted.Text `json:"groups"`
	Roles          []untrusted.Text `json:"roles"`

	Disabled     bool `json:"disabled"`
	Service      bool `json:"service"`
	BuiltIn      bool `json:"built_in"`
	MustChange   bool `json:"must_change"`
	NeverExpires bool `json:"password_never_expires"`

	App            bool   `json:"app"` // has an authenticator app
	PasswordAge    ago    `json:"password_age"`
	Locked         ago    `json:"locked"`
	Wrong          int    `json:"wrong"` // passwords
	AccountExpired ago    `json:"account_expired"`
	Seen           ago    `json:"seen"`
	Registered     ago    `json:"registered"`
	RegisteredBy   string `json:"registered_by"`
}

// ReadCast reads the file of the cast.
func ReadCast(file []byte) (*Cast, error) {
	var content struct {
		Groups []struct {
			Name     untrusted.Text   `json:"name"`
			MemberOf []untrusted.Text `json:"member_of"`
			Roles    []untrusted.Text `json:"roles"`
		} `json:"groups"`
		People []member `json:"people"`
	}
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&content); err != nil {
		return nil, fmt.Errorf("the people of the demo: %w", err)
	}
	c := &Cast{members: content.People}
	for _, g := range content.Groups {
		c.groups = append(c.groups, embedded.Group{Name: g.Name, MemberOf: g.MemberOf, Roles: g.Roles})
	}
	return c, nil
}

// People are the cast as of now. Their Seed has no password yet.
func (c *Cast) People(now time.Time) []embedded.Person {
	out := make([]embedded.Person, 0, len(c.members))
	for _, m := range c.members {
		out = append(out, m.person(now))
	}
	return out
}

// Groups are the groups of the cast.
func (c *Cast) Groups() []embedded.Group { return c.groups }

// WithApp are the logins of those who have an authenticator app.
func (c *Cast) WithApp() []string {
	var out []string
	for _, m := range c.members {
		if m.App {
			out = append(out, m.Login.Raw())
		}
	}
	return out
}

// hired is how long ago everybody was made.
const hired = 1600 * 24 * time.Hour

func (m member) person(now time.Time) embedded.Person {
	p := embedded.Person{
		Login: m.Login, GivenName: m.GivenName, Surname: m.Surname, DisplayName: m.DisplayName, Title: m.Title, Department: m.Department,
		Office: m.Office, EmployeeNumber: m.EmployeeNumber, Manager: m.Manager, Place: m.Place,
		Mail: m.Mail, AlternateMails: m.AlternateMails, Mobile: m.Mobile, BusinessPhones: m.BusinessPhones, Groups: m.Groups, Roles: m.Roles,
		Disabled: m.Disabled, Service: m.Service, BuiltIn: m.BuiltIn, MustChange: m.MustChange, PasswordNeverExpires: m.NeverExpires,
		AccountExpires: m.AccountExpired.before(now),
		Seed: embedded.Seed{
			PasswordSet: m.PasswordAge.before(now), WrongPasswords: m.Wrong, LockedSince: m.Locked.before(now),
			Created: now.Add(-hired), LastSeen: m.Seen.before(now), RegisteredAt: m.Registered.before(now), RegisteredBy: cmp.Or(m.RegisteredBy, "import"),
		},
	}
	if m.Locked.known {
		p.Seed.UnlocksAt = p.Seed.LockedSince.Add(Policy().Lockout.First)
	}
	if !m.Registered.known {
		p.Seed.RegisteredAt = p.Seed.Created
	}
	return p
}
