package testlab_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// whoami asks slapd who one is, over the given URL.
func whoami(t *testing.T, s *testlab.SlapdServer, url, dn, password string, flags ...string) (string, error) {
	t.Helper()
	ca := testlab.ScratchDir(t) + "/ca.crt"
	if err := os.WriteFile(ca, s.CA.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("ldapwhoami", append([]string{"-x", "-H", url, "-D", dn, "-w", password}, flags...)...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+ca, "LDAPTLS_REQCERT=demand")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestSlapdAnswersOverEveryListenerWithItsOwnCertificate(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for _, tc := range []struct {
		name, url string
		flags     []string
	}{
		{"ldaps", s.LDAPSURL, nil},
		{"StartTLS", s.LDAPURL, []string{"-ZZ"}},
		{"unix socket", s.LDAPIURL, nil},
	} {
		out, err := whoami(t, s, tc.url, s.HelpdeskDN, s.HelpdeskPassword, tc.flags...)
		if err != nil || !strings.Contains(out, "cn=helpdesk") {
			t.Errorf("%s: %v: %s", tc.name, err, out)
		}
	}
}

func TestTheTreeHasItsFourFoldersAndTheDefaultPolicy(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdMaxFailure": "2", "pwdMaxAge": ""}})
	dns, _ := s.Search(t, s.Suffix, "one", "(objectClass=organizationalUnit)")
	if len(dns) != 4 {
		t.Errorf("folders: %q", dns)
	}
	policy := s.Read(t, s.PolicyDN)
	if policy.First("pwdMaxFailure") != "2" || policy.Has("pwdMaxAge") || policy.First("pwdMinLength") != "8" {
		t.Errorf("policy: %v", policy)
	}
}

func TestAnAccountLocksByWrongPasswordsAndRootUnlocksIt(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane.doe", GivenName: "Jane", Surname: "Doe", Password: "Right-2026-pass"})
	if !s.CanBind(t, dn, "Right-2026-pass") {
		t.Fatal("the right password is refused")
	}
	s.LockByWrongPasswords(t, dn)
	if s.CanBind(t, dn, "Right-2026-pass") {
		t.Error("a locked account signs in")
	}
	s.Modify(t, dn, testlab.Attributes{"pwdAccountLockedTime": nil})
	if !s.CanBind(t, dn, "Right-2026-pass") {
		t.Error("an unlocked account does not sign in")
	}
}

func TestAPasswordIsMadeToBeOld(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane.doe", Password: "Right-2026-pass"})
	s.ModifyOperational(t, dn, testlab.Attributes{"pwdChangedTime": {"20200101000000Z"}})
	if s.CanBind(t, dn, "Right-2026-pass") {
		t.Error("an expired password signs in")
	}
}

func TestThePolicyHoldsForTheServiceIdentity(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane.doe", Password: "Right-2026-pass"})
	out, err := helpdeskPasswd(t, s, dn, "ab")
	if err == nil || !strings.Contains(out, "quality") {
		t.Errorf("a short password: %v: %s", err, out)
	}
	if out, err := helpdeskPasswd(t, s, dn, "Another-2026-pass"); err != nil {
		t.Errorf("a good password: %v: %s", err, out)
	}
	if !s.CanBind(t, dn, "Another-2026-pass") {
		t.Error("the new password is refused")
	}
}

func TestTheServiceIdentityMayNotChangeNames(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane.doe"})
	cmd := exec.Command("ldapmodify", "-x", "-H", s.LDAPIURL, "-D", s.HelpdeskDN, "-w", s.HelpdeskPassword)
	cmd.Stdin = strings.NewReader("dn: " + dn + "\nchangetype: modify\nreplace: cn\ncn: Somebody\n")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 50 {
		t.Errorf("want result code 50, got %v: %s", err, out)
	}
}

func helpdeskPasswd(t *testing.T, s *testlab.SlapdServer, dn, password string) (string, error) {
	t.Helper()
	out, err := exec.Command("ldappasswd", "-x", "-H", s.LDAPIURL, "-D", s.HelpdeskDN, "-w", s.HelpdeskPassword, "-s", password, dn).CombinedOutput()
	return string(out), err
}

func TestSyntheticPeopleAreLoadedTheSameEveryTime(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 300, Locked: 7})
	dns, people := s.Search(t, "ou=people,"+s.Suffix, "one", "(objectClass=inetOrgPerson)")
	if len(dns) != 300 {
		t.Fatalf("%d people", len(dns))
	}
	want := testlab.SyntheticPerson(42)
	if got := people[s.PersonDN(want.UID)]; got.First("mail") != want.Mail || got.First("mobile") != want.Mobile {
		t.Errorf("person 42: %v", got)
	}
	locked, _ := s.Search(t, s.Suffix, "sub", "(pwdAccountLockedTime=*)")
	if len(locked) != 7 {
		t.Errorf("%d locked", len(locked))
	}
	if !s.CanBind(t, s.PersonDN(testlab.SyntheticPerson(299).UID), testlab.PersonPassword) {
		t.Error("a synthetic person cannot sign in")
	}
}

func TestDataSurviveStopAndKill(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane.doe"})
	s.Kill()
	if err := s.TryExec(""); err == nil {
		t.Error("a killed server answers")
	}
	s.Start(t)
	s.Modify(t, dn, testlab.Attributes{"title": {"Engineer"}})
	s.Stop()
	s.Start(t)
	if got := s.Read(t, dn).First("title"); got != "Engineer" {
		t.Errorf("title after two restarts: %q", got)
	}
}

func TestGroupsShowUpInMemberOf(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane.doe", ManagerUID: "max"})
	group := s.AddGroup(t, "vip", dn)
	got := s.Read(t, dn)
	if got.First("memberOf") != group || got.First("manager") != s.PersonDN("max") {
		t.Errorf("entry: %v", got)
	}
	s.Delete(t, group)
	if s.Read(t, dn).Has("memberOf") {
		t.Error("the deleted group is still named")
	}
}

func TestHostileValuesGoThroughUnchanged(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	name := " \x1b]52;c;aGk=\x07\u202e王 "
	dn := s.AddPerson(t, testlab.Person{UID: "a,b=c\\d", More: testlab.Attributes{"displayName": {name}}})
	if got := s.Read(t, dn); got.First("displayName") != name || got.First("uid") != "a,b=c\\d" {
		t.Errorf("got %q", got)
	}
}

func TestTwoMailAddressesAreNotUnique(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.AddPerson(t, testlab.Person{UID: "one", Mail: "same@example.org"})
	record := testlab.Attributes{"objectClass": {"inetOrgPerson"}, "cn": {"two"}, "sn": {"two"}, "mail": {"same@example.org"}}
	if err := s.TryExec(record.LDIF(s.PersonDN("two"))); err == nil {
		t.Error("the same address twice was accepted")
	}
}

func TestAFrozenServerAcceptsConnectionsAndSaysNothing(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.Freeze(t)
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatalf("a frozen server takes no connection: %v", err)
	}
	defer conn.Close()
	_, _ = conn.Write(testlab.BER(0x30, testlab.BERInt(1), testlab.BER(0x77, testlab.BER(0x80, []byte("1.3.6.1.4.1.1466.20037")))))
	_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a frozen server said %d bytes: %v", n, err)
	}
	s.Thaw()
	if _, err := whoami(t, s, s.LDAPSURL, s.HelpdeskDN, s.HelpdeskPassword); err != nil {
		t.Error(err)
	}
}

func TestConfigureReachesTheConfiguration(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{WithoutIndex: []string{"pwdAccountLockedTime"}})
	s.Configure(t, "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcReadOnly\nolcReadOnly: TRUE\n")
	if err := s.TryExec(testlab.Attributes{"objectClass": {"organizationalUnit"}, "ou": {"x"}}.LDIF("ou=x," + s.Suffix)); err == nil {
		t.Error("a read-only database took an entry")
	}
}

func TestTheServerEndsWithTheTest(t *testing.T) {
	t.Parallel()
	var addr string
	t.Run("inner", func(t *testing.T) {
		addr = testlab.Slapd(t, testlab.SlapdOptions{}).LDAPURL
	})
	err := exec.Command("ldapsearch", "-x", "-H", addr, "-s", "base", "-b", "").Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).ExitStatus() != 255 {
		t.Errorf("want no connection, got %v", err)
	}
}
