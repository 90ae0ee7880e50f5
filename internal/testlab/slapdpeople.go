package testlab

import (
	"fmt"
	"maps"
	"testing"
)

// Person is an entry of ou=people. Empty fields are left out.
type Person struct {
	UID            string // also the first name when the names are empty
	GivenName      string
	Surname        string
	Mail           string
	AlternateMail  string // labAlternateMail
	Mobile         string
	EmployeeNumber string
	Department     string // departmentNumber
	ManagerUID     string
	Password       string     // in clear; slapd hashes it
	More           Attributes // added last, replaces what the fields gave
}

func (p Person) attributes() Attributes {
	given, surname := p.GivenName, p.Surname
	if surname == "" {
		surname = p.UID
	}
	entry := Attributes{
		"objectClass": {"inetOrgPerson", "labPerson"}, "uid": {p.UID}, "sn": {surname}, "cn": {surname},
	}
	if given != "" {
		entry["givenName"] = []string{given}
		entry["cn"] = []string{given + " " + surname}
	}
	for name, value := range map[string]string{
		"mail": p.Mail, "labAlternateMail": p.AlternateMail, "mobile": p.Mobile,
		"employeeNumber": p.EmployeeNumber, "departmentNumber": p.Department, "userPassword": p.Password,
	} {
		if value != "" {
			entry[name] = []string{value}
		}
	}
	maps.Copy(entry, p.More)
	return entry
}

// PersonDN is the name of a person of ou=people.
func (s *SlapdServer) PersonDN(uid string) string {
	return "uid=" + escapeRDN(uid) + ",ou=people," + s.Suffix
}

// AddPerson adds a person and returns the DN.
func (s *SlapdServer) AddPerson(tb testing.TB, p Person) string {
	tb.Helper()
	entry := p.attributes()
	if p.ManagerUID != "" {
		entry["manager"] = []string{s.PersonDN(p.ManagerUID)}
	}
	dn := s.PersonDN(p.UID)
	s.Add(tb, dn, entry)
	return dn
}

// AddGroup adds a groupOfNames of ou=groups and returns its DN. It needs at least one member.
func (s *SlapdServer) AddGroup(tb testing.TB, name string, memberDNs ...string) string {
	tb.Helper()
	dn := "cn=" + escapeRDN(name) + ",ou=groups," + s.Suffix
	s.Add(tb, dn, Attributes{"objectClass": {"groupOfNames"}, "cn": {name}, "member": memberDNs})
	return dn
}

// LockByWrongPasswords binds with wrong passwords until slapd has locked the account, as a person would.
func (s *SlapdServer) LockByWrongPasswords(tb testing.TB, dn string) {
	tb.Helper()
	const enough = 10
	for range enough {
		if s.CanBind(tb, dn, "certainly not the password") {
			tb.Fatalf("%s signs in with a wrong password", dn)
		}
		if s.Read(tb, dn).Has("pwdAccountLockedTime") {
			return
		}
	}
	tb.Fatalf("%s is not locked after %d wrong passwords", dn, enough)
}

// escapeRDN escapes every byte that is not a letter, a digit or harmless, which RFC 4514 section 2.4 permits.
func escapeRDN(value string) string {
	out := make([]byte, 0, len(value))
	for i := range len(value) {
		c := value[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			out = append(out, c)
			continue
		}
		out = fmt.Appendf(out, `\%02X`, c)
	}
	return string(out)
}
