package testlab

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// basePolicy is the password policy of the recipe; [SlapdOptions.Policy] replaces single attributes.
func basePolicy() map[string]string {
	return map[string]string{
		"pwdAttribute": "userPassword", "pwdMinLength": "8", "pwdCheckQuality": "2", "pwdInHistory": "3",
		"pwdMinAge": "0", "pwdMaxAge": "7776000", "pwdExpireWarning": "604800", "pwdGraceAuthNLimit": "0",
		"pwdLockout": "TRUE", "pwdMaxFailure": "3", "pwdLockoutDuration": "1800", "pwdFailureCountInterval": "1800",
		"pwdMustChange": "TRUE", "pwdAllowUserChange": "TRUE", "pwdSafeModify": "FALSE",
	}
}

// baseEntries is the tree below the suffix: four folders, the default policy and the service identity.
func (s *SlapdServer) baseEntries(tb testing.TB, policy map[string]string) string {
	tb.Helper()
	var out strings.Builder
	out.WriteString(Attributes{"objectClass": {"dcObject", "organization"}, "dc": {"example"}, "o": {"Example"}}.LDIF(s.Suffix))
	for _, ou := range []string{"people", "groups", "services", "policies"} {
		out.WriteString(Attributes{"objectClass": {"organizationalUnit"}, "ou": {ou}}.LDIF("ou=" + ou + "," + s.Suffix))
	}
	entry := Attributes{"objectClass": {"device", "pwdPolicy"}, "cn": {"default"}}
	for name, value := range basePolicy() {
		entry[name] = []string{value}
	}
	for name, value := range policy {
		entry[name] = []string{value}
		if value == "" {
			delete(entry, name)
		}
	}
	out.WriteString(entry.LDIF(s.PolicyDN))
	out.WriteString(Attributes{
		"objectClass": {"organizationalRole", "simpleSecurityObject"}, "cn": {"helpdesk"},
		"userPassword": {hashSSHA(tb, s.HelpdeskPassword)},
	}.LDIF(s.HelpdeskDN))
	return out.String()
}

// PersonPassword is the password of every synthetic person.
const PersonPassword = "Synthetic-2026-pass"

// SyntheticPerson describes person i of a bulk load: the same i is the same person on every run.
func SyntheticPerson(i int) Person {
	given := []string{"Ada", "Bao", "Chidi", "Dana", "Elif", "Farid", "Greta", "Hana", "Ines", "Jun", "Kofi", "Lena", "Marek", "Noor", "Omar", "Pia", "Quinn", "Rosa", "Sven", "Tariq", "Uma", "Vera", "Wei", "Xenia", "Yara", "Zeno"}
	start := []string{"Ba", "Car", "Del", "Far", "Gro", "Hol", "Kim", "Lan", "Mor", "Nak", "Oli", "Per", "Ros", "San", "Tor", "Var", "Wil", "Zim"}
	middle := []string{"a", "be", "do", "er", "in", "ka", "lo", "me", "ni", "or", "ri", "ta", "u", "ve"}
	end := []string{"berg", "da", "er", "gard", "kov", "ler", "man", "nen", "ra", "sen", "ski", "son", "ton", "wa"}
	first := given[i%len(given)]
	last := start[i/7%len(start)] + middle[i/11%len(middle)] + end[i/13%len(end)]
	uid := fmt.Sprintf("%s.%s%d", strings.ToLower(first), strings.ToLower(last), i)
	return Person{
		UID: uid, GivenName: first, Surname: last, Mail: uid + "@example.org",
		Mobile: fmt.Sprintf("+1555%07d", i), EmployeeNumber: fmt.Sprintf("E%07d", i),
		Department: []string{"Sales", "Finance", "Research", "Logistics"}[i%4],
	}
}

// writeSynthetic writes n people as LDIF for slapadd, the first locked of them locked, all with one password hash:
// hashing each would take longer than loading them.
func (s *SlapdServer) writeSynthetic(tb testing.TB, out io.Writer, n, locked int) {
	tb.Helper()
	hash := hashSSHA(tb, PersonPassword)
	now := time.Now().UTC().Format("20060102150405Z")
	for i := range n {
		person := SyntheticPerson(i)
		entry := person.attributes()
		entry["userPassword"] = []string{hash}
		entry["pwdChangedTime"] = []string{now}
		if i < locked {
			entry["pwdAccountLockedTime"] = []string{now}
		}
		if _, err := io.WriteString(out, entry.LDIF(s.PersonDN(person.UID))); err != nil {
			tb.Fatalf("synthetic people: %v", err)
		}
	}
}

// hashSSHA is the salted SHA-1 scheme that every slapd understands. It protects nothing here: the passwords are in
// the source.
func hashSSHA(tb testing.TB, password string) string {
	tb.Helper()
	salt := make([]byte, 8)
	if _, err := rand.Read(salt); err != nil {
		tb.Fatalf("salt: %v", err)
	}
	sum := sha1.Sum(append([]byte(password), salt...))
	return "{SSHA}" + base64.StdEncoding.EncodeToString(append(sum[:], salt...))
}
