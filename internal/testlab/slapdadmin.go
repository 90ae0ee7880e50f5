package testlab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// exitInvalidCredentials is the exit status of the ldap-utils for result code 49: they exit with the code itself.
const exitInvalidCredentials = 49

// run starts one of the ldap-utils, with the CA of the server, and returns what it prints.
func (s *SlapdServer) run(program, input string, args ...string) (string, error) {
	const patience = time.Minute
	path, err := findProgram(program)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience) // a guard against hanging
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+s.path("ca.crt"), "LDAPCONF=/dev/null", "LC_ALL=C")
	cmd.Stdin = strings.NewReader(input)
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s: %w: %s", program, err, problems.String())
	}
	return out.String(), nil
}

// asRoot are the arguments of a bind as the root of the database, which no access rule and no password policy holds.
func (s *SlapdServer) asRoot() []string {
	return []string{"-x", "-H", s.LDAPIURL, "-D", s.RootDN, "-y", s.path("root.pw")}
}

// Exec sends LDIF with change records (records without "changetype" are added) as root.
func (s *SlapdServer) Exec(tb testing.TB, ldif string) {
	tb.Helper()
	if err := s.TryExec(ldif); err != nil {
		tb.Fatal(err)
	}
}

// TryExec is Exec for tests that expect a refusal, or that run beside the test's own goroutine.
func (s *SlapdServer) TryExec(ldif string) error {
	_, err := s.run("ldapmodify", ldif, append(s.asRoot(), "-a")...)
	return err
}

// Configure sends LDIF with change records to cn=config.
func (s *SlapdServer) Configure(tb testing.TB, ldif string) {
	tb.Helper()
	args := []string{"-x", "-H", s.LDAPIURL, "-D", "cn=admin,cn=config", "-y", s.path("root.pw")}
	if _, err := s.run("ldapmodify", ldif, args...); err != nil {
		tb.Fatal(err)
	}
}

// Add adds an entry as root.
func (s *SlapdServer) Add(tb testing.TB, dn string, entry Attributes) {
	tb.Helper()
	s.Exec(tb, entry.LDIF(dn))
}

// Modify replaces attributes as root; an attribute without values is removed, whether it was there or not.
func (s *SlapdServer) Modify(tb testing.TB, dn string, changes Attributes) {
	tb.Helper()
	s.Exec(tb, changes.replaceLDIF(dn))
}

// ModifyOperational is Modify for attributes that slapd keeps to itself, such as pwdChangedTime: an account is made to
// have an old password that way.
func (s *SlapdServer) ModifyOperational(tb testing.TB, dn string, changes Attributes) {
	tb.Helper()
	if _, err := s.run("ldapmodify", changes.replaceLDIF(dn), append(s.asRoot(), "-e", "!relax")...); err != nil {
		tb.Fatal(err)
	}
}

// replaceLDIF is the change record that replaces every attribute.
func (a Attributes) replaceLDIF(dn string) string {
	var out strings.Builder
	writeLDIFLine(&out, "dn", dn)
	out.WriteString("changetype: modify\n")
	for _, name := range sortedKeys(a) {
		fmt.Fprintf(&out, "replace: %s\n", name)
		for _, value := range a[name] {
			writeLDIFLine(&out, name, value)
		}
		out.WriteString("-\n")
	}
	return out.String()
}

// Delete removes an entry as root.
func (s *SlapdServer) Delete(tb testing.TB, dn string) {
	tb.Helper()
	var out strings.Builder
	writeLDIFLine(&out, "dn", dn)
	out.WriteString("changetype: delete\n")
	s.Exec(tb, out.String())
}

// Read returns an entry as root sees it, with its operational attributes.
func (s *SlapdServer) Read(tb testing.TB, dn string) Attributes {
	tb.Helper()
	_, entries := s.Search(tb, dn, "base", "(objectClass=*)")
	for _, entry := range entries {
		return entry
	}
	tb.Fatalf("there is no entry %s", dn)
	return nil
}

// Search returns entries as root sees them, and their DNs in the order of the server. The scope is base, one or sub.
func (s *SlapdServer) Search(tb testing.TB, base, scope, filter string) (dns []string, entries map[string]Attributes) {
	tb.Helper()
	args := append(s.asRoot(), "-LLL", "-o", "ldif-wrap=no", "-z", "none", "-b", base, "-s", scope, filter, "*", "+")
	out, err := s.run("ldapsearch", "", args...)
	if err != nil {
		tb.Fatal(err)
	}
	if dns, entries, err = parseLDIF(out); err != nil {
		tb.Fatal(err)
	}
	return dns, entries
}

// CanBind reports whether slapd accepts name and password. Every refusal of the credentials is false; anything else
// that goes wrong fails the test.
func (s *SlapdServer) CanBind(tb testing.TB, dn, password string) bool {
	tb.Helper()
	_, err := s.run("ldapwhoami", "", "-x", "-H", s.LDAPIURL, "-D", dn, "-w", password)
	if err == nil {
		return true
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == exitInvalidCredentials {
		return false
	}
	// A must-change password is accepted, and the question who one is then refused (result code 50).
	if errors.As(err, &exit) && exit.ExitCode() == 50 {
		return true
	}
	tb.Fatal(err)
	return false
}
