package openldap

import (
	"fmt"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestARealSlapdKeepsTheContract(t *testing.T) {
	t.Parallel()
	s := slapdWithSharedMail(t)
	directorytest.Run(t, &fixture{s: s, d: ready(t, options(s)), change: testlab.OpModify})
}

func TestARealSlapdKeepsTheContractOverStartTLSAndWithPasswordModify(t *testing.T) {
	t.Parallel()
	s := slapdWithSharedMail(t)
	o := options(s, s.LDAPURL)
	o.Settings = map[string]string{"password_change": "exop"}
	directorytest.Run(t, &fixture{s: s, d: ready(t, o), settings: o.Settings, change: testlab.OpExtended})
}

// slapdWithSharedMail is a slapd that lets two people have one mail address, and has indexes for every list.
func slapdWithSharedMail(t *testing.T) *testlab.SlapdServer {
	t.Helper()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.Configure(t, "dn: olcOverlay={3}unique,olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcUniqueURI\nolcUniqueURI: ldap:///ou=people,"+s.Suffix+"?uid?sub\n")
	s.Exec(t, "dn: ou=robots,ou=people,"+s.Suffix+"\nobjectClass: organizationalUnit\nou: robots\n")
	return s
}

// fixture is the administrator's way around the directory under test.
type fixture struct {
	s        *testlab.SlapdServer
	d        *Directory
	settings map[string]string
	change   testlab.Op // the operation that sets a password
}

func (f *fixture) Directory() core.Directory { return f.d }

// Traits implements directorytest.Fixture. RFC 3062 knows no conditions, so that of two changes at once both are made.
func (f *fixture) Traits() directorytest.Traits {
	return directorytest.Traits{
		Substrings: true, Groups: true, Disabled: true, Expired: true, MustChange: true, Service: true,
		Versions: f.change == testlab.OpModify, RefusesOld: true, PhoneSearch: true, Total: true,
	}
}

func (f *fixture) Add(tb testing.TB, p directorytest.Person) core.AccountID {
	tb.Helper()
	person := testlab.Person{
		UID: p.Login, GivenName: p.GivenName, Surname: p.Surname, Mail: p.Mail, AlternateMail: p.AlternateMail, Mobile: p.Mobile,
		EmployeeNumber: p.EmployeeNumber, Department: p.Department, ManagerUID: p.Manager, Password: p.Password,
		More: testlab.Attributes{},
	}
	for name, value := range map[string]string{"displayName": p.DisplayName, "title": p.Title} {
		if value != "" {
			person.More[name] = []string{value}
		}
	}
	dn := f.s.AddPerson(tb, person)
	set := time.Now().Add(-24 * time.Hour)
	if p.Expired {
		set = set.Add(-100 * 24 * time.Hour)
	}
	changes := testlab.Attributes{attrChanged: {stamp(set)}}
	if p.Disabled {
		changes[attrStart] = []string{stamp(time.Now().Add(1000 * time.Hour))}
	}
	if p.MustChange {
		changes[attrReset] = []string{"TRUE"}
	}
	f.s.ModifyOperational(tb, dn, changes)
	id := core.AccountID{Directory: f.d.Name(), Key: keyOf(tb, f.s, dn)}
	if p.Service {
		f.s.Exec(tb, fmt.Sprintf("dn: %s\nchangetype: modrdn\nnewrdn: uid=%s\ndeleteoldrdn: 0\nnewsuperior: ou=robots,ou=people,%s\n", dn, p.Login, f.s.Suffix))
	}
	return id
}

func (f *fixture) AddGroup(tb testing.TB, name string, people, groups []string) {
	tb.Helper()
	var members []string
	for _, p := range people {
		members = append(members, f.s.PersonDN(p))
	}
	for _, g := range groups {
		members = append(members, "cn="+g+",ou=groups,"+f.s.Suffix)
	}
	f.s.AddGroup(tb, name, members...)
}

func (f *fixture) Lock(tb testing.TB, login string) {
	tb.Helper()
	f.s.LockByWrongPasswords(tb, f.s.PersonDN(login))
}

func (f *fixture) SignsIn(tb testing.TB, login, password string) bool {
	tb.Helper()
	return f.s.CanBind(tb, f.s.PersonDN(login), password)
}

func (f *fixture) Unreachable(tb testing.TB) core.Directory {
	tb.Helper()
	return open(tb, options(f.s, fmt.Sprintf("ldaps://127.0.0.1:%d", testlab.FreePorts(tb, 1)[0])))
}

func (f *fixture) Torn(tb testing.TB) core.Directory {
	tb.Helper()
	proxy := front(tb, f.s)
	proxy.Arm(testlab.Fault{Op: f.change, Point: testlab.BeforeAnswer})
	o := options(f.s, proxy.URL())
	o.Settings = f.settings
	return open(tb, o)
}

func (f *fixture) Stalled(tb testing.TB) core.Directory {
	tb.Helper()
	proxy := front(tb, f.s)
	proxy.Silence()
	return open(tb, options(f.s, proxy.URL()))
}

var (
	_ directorytest.Tearer  = (*fixture)(nil)
	_ directorytest.Staller = (*fixture)(nil)
)
