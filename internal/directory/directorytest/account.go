package directorytest

import (
	"slices"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func accountChecks() []check {
	return []check{
		{"AnAccountShowsWhatTheDirectoryHas", (*suite).accountShowsEverything},
		{"AnAccountThatIsNotThereIsNotFound", (*suite).accountNotFound},
		{"TheStateOfAnOrdinaryAccountIsFine", (*suite).stateFine},
		{"ALockedAccountSaysSinceWhen", (*suite).stateLocked},
		{"ADisabledAccountIsNotEnabled", (*suite).stateDisabled},
		{"AnExpiredPasswordIsNotALock", (*suite).stateExpired},
		{"AMustChangeIsSaid", (*suite).stateMustChange},
		{"AServiceAccountIsMarked", (*suite).marksService},
		{"GroupsAreFollowedUpwards", (*suite).groupsAreNested},
		{"HostileValuesAreKeptAsTheyAre", (*suite).hostileValues},
	}
}

func (s *suite) accountShowsEverything(t *testing.T) {
	bossID, boss := s.someone(t, Person{GivenName: "Berta", Surname: "Chieftain"})
	id, p := s.someone(t, Person{
		GivenName: "Carla", Surname: "Complete", DisplayName: "Carla Complete", Department: "Finance", Title: "Controller", EmployeeNumber: "E41",
		Mail: "carla@corp.example", AlternateMail: "carla@home.example", Mobile: "+47 91234567", Manager: boss.Login,
	})
	a := s.read(t, id)
	for _, c := range []struct{ what, got, want string }{
		{"login", a.Login.Raw(), p.Login},
		{"given name", a.GivenName.Raw(), p.GivenName},
		{"surname", a.Surname.Raw(), p.Surname},
		{"display name", a.DisplayName.Raw(), p.DisplayName},
		{"department", a.Department.Raw(), p.Department},
		{"title", a.Title.Raw(), p.Title},
		{"employee number", a.EmployeeNumber.Raw(), p.EmployeeNumber},
		{"mail", a.Contacts.Mail.Raw(), p.Mail},
		{"mobile", a.Contacts.Mobile.Raw(), p.Mobile},
		{"manager", a.Manager.ID.String(), bossID.String()},
		{"manager's name", a.Manager.DisplayName.Raw(), boss.DisplayName},
	} {
		if c.got != c.want {
			t.Errorf("%s is %q, want %q", c.what, c.got, c.want)
		}
	}
	if a.ID != id || a.Version == "" || a.Origin == "" || a.ReadAt.IsZero() || a.Marks.Unreadable != "" {
		t.Errorf("id %v, version %q, origin %q, read at %v, unreadable %q", a.ID, a.Version, a.Origin, a.ReadAt, a.Marks.Unreadable)
	}
	if len(a.Contacts.AlternateMails) != 1 || a.Contacts.AlternateMails[0].Raw() != p.AlternateMail {
		t.Errorf("alternate mails %v, want %q", a.Contacts.AlternateMails, p.AlternateMail)
	}
	s.methodsAreThere(t, a)
}

// methodsAreThere asks for the contact data as methods, each with an id of its own.
func (s *suite) methodsAreThere(t *testing.T, a core.Account) {
	t.Helper()
	seen := map[string]bool{}
	kinds := map[core.MethodKind]string{}
	for _, m := range a.Methods {
		if m.ID == "" || seen[m.ID] || m.Source != "directory" {
			t.Errorf("method %+v: its id or source is not as it must be", m)
		}
		seen[m.ID], kinds[m.Kind] = true, m.Destination.Raw()
	}
	for kind, want := range map[core.MethodKind]string{
		core.MethodMail: a.Contacts.Mail.Raw(), core.MethodMobile: a.Contacts.Mobile.Raw(), core.MethodAlternate: a.Contacts.AlternateMails[0].Raw(),
	} {
		if kinds[kind] != want {
			t.Errorf("method %s goes to %q, want %q", kind, kinds[kind], want)
		}
	}
}

func (s *suite) accountNotFound(t *testing.T) {
	for _, key := range append(literals(), "", "no-such-key", strings.Repeat("0", 36)) {
		_, err := s.dir.Account(limited(t), key)
		refused(t, err, core.CodeNotFound)
	}
}

func (s *suite) stateFine(t *testing.T) {
	id, _ := s.someone(t, Person{})
	a := s.read(t, id)
	if core.RowStateOf(a.State) != core.RowFine || a.State.WrongPasswords > 0 || a.State.PasswordSet.IsZero() {
		t.Errorf("state %+v, want a fine one", a.State)
	}
	if !a.Policy.Known || a.Policy.MinLength <= len(ShortPassword) {
		t.Errorf("policy %+v; want a known one with a length", a.Policy)
	}
}

func (s *suite) stateLocked(t *testing.T) {
	id, p := s.someone(t, Person{})
	s.f.Lock(t, p.Login)
	st := s.read(t, id).State
	if !st.Locked || !st.Enabled || st.MustChange || st.PasswordExpired || st.LockedSince.IsZero() {
		t.Errorf("state %+v, want locked, with a time, and nothing else", st)
	}
	if !st.UnlocksAt.IsZero() && !st.UnlocksAt.After(st.LockedSince) {
		t.Errorf("locked since %v, unlocks at %v", st.LockedSince, st.UnlocksAt)
	}
	if s.f.SignsIn(t, p.Login, p.Password) {
		t.Error("a locked account signs in")
	}
}

func (s *suite) stateDisabled(t *testing.T) {
	need(t, s.traits.Disabled, "disabled accounts")
	id, _ := s.someone(t, Person{Disabled: true})
	if st := s.read(t, id).State; st.Enabled || st.Locked {
		t.Errorf("state %+v, want disabled and not locked", st)
	}
}

func (s *suite) stateExpired(t *testing.T) {
	need(t, s.traits.Expired, "expired passwords to begin with")
	id, _ := s.someone(t, Person{Expired: true})
	if st := s.read(t, id).State; !st.PasswordExpired || st.Locked || !st.Enabled {
		t.Errorf("state %+v, want an expired password and nothing else", st)
	}
}

func (s *suite) stateMustChange(t *testing.T) {
	need(t, s.traits.MustChange, "accounts that must change their password to begin with")
	id, _ := s.someone(t, Person{MustChange: true})
	if st := s.read(t, id).State; !st.MustChange || st.Locked || !st.Enabled {
		t.Errorf("state %+v, want must change and nothing else", st)
	}
}

func (s *suite) marksService(t *testing.T) {
	need(t, s.traits.Service, "marks of service accounts")
	id, _ := s.someone(t, Person{Service: true})
	other, _ := s.someone(t, Person{})
	if !s.read(t, id).Marks.Service || s.read(t, other).Marks.Service {
		t.Error("the mark is not on the service account alone")
	}
}

func (s *suite) groupsAreNested(t *testing.T) {
	need(t, s.traits.Groups, "nested groups")
	id, p := s.someone(t, Person{})
	s.f.AddGroup(t, "contract-inner", []string{p.Login}, nil)
	s.f.AddGroup(t, "contract-middle", nil, []string{"contract-inner"})
	s.f.AddGroup(t, "contract-outer", nil, []string{"contract-middle"})
	groups := s.read(t, id).Groups
	for name, nested := range map[string]bool{"contract-inner": false, "contract-middle": true, "contract-outer": true} {
		i := slices.IndexFunc(groups, func(g core.Group) bool { return g.Name.Raw() == name })
		if i < 0 || groups[i].Nested != nested || groups[i].ID == "" {
			t.Errorf("groups %+v: %s is not there as it must be", groups, name)
		}
	}
}

func (s *suite) hostileValues(t *testing.T) {
	for _, name := range []string{
		"\x1b]0;owned\x07Eve \x1b[31mRed", "\u202egnp.exe", "Zero\u200bWidth", "Zo\u0301\u0301\u0301\u0301\u0301e", "\u009b31m C1", "tab\tand\nline",
		"=HYPERLINK(\"http://x\")", "O'Brien; DROP TABLE people", "*)(uid=*", "ünïcödé 王小明 محمد", "🙂👩‍👩‍👧",
	} {
		id, _ := s.someone(t, Person{DisplayName: name, Department: name})
		if a := s.read(t, id); a.DisplayName.Raw() != name || a.Department.Raw() != name {
			t.Errorf("%q was read as %q and %q", name, a.DisplayName.Raw(), a.Department.Raw())
		}
	}
}
