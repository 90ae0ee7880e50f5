package openldap

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

func TestARefusedPasswordIsRefusedInASentence(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for name, attributes := range map[string]testlab.Attributes{
		"young": {"pwdMinAge": {"864000"}}, "safe": {"pwdSafeModify": {"TRUE"}},
		"long": {"pwdMaxLength": {"20"}},
	} {
		policy := testlab.Attributes{
			"objectClass": {"device", "pwdPolicy"}, "cn": {name}, "pwdAttribute": {"userPassword"}, "pwdMinLength": {"8"}, "pwdCheckQuality": {"2"}, "pwdInHistory": {"3"},
		}
		for k, v := range attributes {
			policy[k] = v
		}
		s.Add(t, "cn="+name+",ou=policies,"+s.Suffix, policy)
	}
	d := open(t, options(s))
	for _, tc := range []struct {
		name, policy, password, said string
	}{
		{"too short", "", "a1!", "openldap.refused_shorter"},
		{"the present one", "", directorytest.FirstPassword, "openldap.refused_history"},
		{"hashed already", "", "{SSHA}pB7LWMHwWJm4oK1iZHGDHZJ4IrTJ7q1v", "openldap.refused_quality_said"},
		{"empty", "", "", "openldap.refused_empty"},
		{"too long", "long", "a1!" + strings.Repeat("x", 30), "openldap.refused_long"},
		{"too young", "young", directorytest.SecondPassword, "openldap.refused_young"},
		{"without the old one", "safe", directorytest.SecondPassword, "openldap.refused_old_needed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := testlab.Person{UID: tc.name}
			if tc.policy != "" {
				p.More = testlab.Attributes{attrPolicy: {"cn=" + tc.policy + ",ou=policies," + s.Suffix}}
			}
			dn, id := add(t, s, p)
			before := mustAccount(t, d, id).Version
			err := resetTo(t, d, id, tc.password, true)
			e := want(t, err, core.CodePolicy, core.NothingChanged, tc.said)
			if tc.password != "" && !strings.HasPrefix(e.Ref, "LDAP ") {
				t.Errorf("reference %q", e.Ref)
			}
			if a := mustAccount(t, d, id); a.Version != before || a.State.MustChange || !s.CanBind(t, dn, directorytest.FirstPassword) {
				t.Error("a refused password changed the account")
			}
			words := fmt.Sprintf("%v %+v %s", err, e, text.Printer{}.Say(e.Said))
			if len(tc.password) > 5 && strings.Contains(words, tc.password) {
				t.Error("the error repeats the password")
			}
		})
	}
}

func TestAPasswordIsChangedTogetherWithMustChangeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := open(t, options(s, proxy.URL()))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	if err := reset(t, d, id, true); err != nil {
		t.Fatal(err)
	}
	requests := proxy.Requests(testlab.OpModify)
	if len(requests) != 1 || !requests[0].Secured || !strings.Contains(string(requests[0].Raw), attrReset) || !strings.Contains(string(requests[0].Raw), attrPassword) {
		t.Errorf("%d requests", len(requests))
	}
	if !s.CanBind(t, dn, directorytest.SecondPassword) || s.Read(t, dn).First(attrReset) != "TRUE" {
		t.Error("the new password does not work, or need not be changed")
	}
	stored := s.Read(t, dn).First(attrPassword)
	if strings.Contains(stored, directorytest.SecondPassword) || !strings.HasPrefix(stored, "{SSHA}") {
		t.Errorf("the password is kept as %q", stored[:6])
	}
}

func TestRFC3062IsUsedWhereItIsAskedForAndMustChangeIsNot(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	o := options(s, proxy.URL())
	o.Settings = map[string]string{"password_change": "exop"}
	d := open(t, o)
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.Modify(t, dn, testlab.Attributes{attrReset: {"TRUE"}})
	if err := reset(t, d, id, false); err != nil {
		t.Fatal(err)
	}
	if len(proxy.Requests(testlab.OpExtended)) != 1 || len(proxy.Requests(testlab.OpModify)) != 0 || !s.CanBind(t, dn, directorytest.SecondPassword) || s.Read(t, dn).Has(attrReset) {
		t.Error("it was not the operation of RFC 3062, or it did not do its work")
	}
	want(t, resetTo(t, d, id, "a1!", false), core.CodePolicy, core.NothingChanged, "openldap.refused_shorter")
	if err := resetTo(t, d, id, directorytest.ThirdPassword, true); err != nil {
		t.Fatal(err)
	}
	if len(proxy.Requests(testlab.OpModify)) != 1 || s.Read(t, dn).First(attrReset) != "TRUE" {
		t.Error("must change was not set")
	}
	proxy.Arm(testlab.Fault{Op: testlab.OpExtended, Point: testlab.BeforeAnswer})
	want(t, resetTo(t, d, id, directorytest.FirstPassword+"4", false), core.CodeUnknown, core.ChangeUnknown, "openldap.no_answer")
}

func TestAResetDoesNotLiftTheLockOfAnAdministrator(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.Modify(t, dn, testlab.Attributes{attrLocked: {permanentLock}})
	if a := mustAccount(t, d, id); !a.State.Locked || !says(a, "openldap.note_locked_for_good") {
		t.Errorf("state %+v, notes %v", a.State, a.Notes)
	}
	want(t, reset(t, d, id, true), core.CodePolicy, core.NothingChanged, "openldap.refused_locked_for_good")
	if s.Read(t, dn).First(attrLocked) != permanentLock {
		t.Error("the lock is gone")
	}
	if answer, err := unlock(t, d, id); err != nil || !answer.WasLocked {
		t.Errorf("unlock: %+v, %v", answer, err)
	}
	if err := reset(t, d, id, true); err != nil || !s.CanBind(t, dn, directorytest.SecondPassword) {
		t.Errorf("after the unlock: %v", err)
	}
}

func TestAnUnlockAlsoForgetsTheFailures(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	by := ` by dn.exact="` + s.HelpdeskDN + `" `
	access(t, s, // the least rights: manage on the lock alone
		"to attrs=userPassword"+by+"=w by self =xw by anonymous auth by * none",
		`to dn.subtree="ou=people,`+s.Suffix+`" attrs=pwdAccountLockedTime,pwdReset`+by+"manage by * none",
		"to *"+by+"read by self read by * none")
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.LockByWrongPasswords(t, dn)
	if a := mustAccount(t, d, id); !a.State.Locked || a.State.WrongPasswords != 3 {
		t.Fatalf("state %+v", a.State)
	}
	if answer, err := unlock(t, d, id); err != nil || !answer.WasLocked {
		t.Fatalf("unlock: %+v, %v", answer, err)
	}
	if a := mustAccount(t, d, id); a.State.Locked || a.State.WrongPasswords != 0 {
		t.Errorf("state %+v", a.State)
	}
	if s.CanBind(t, dn, "wrong once more") || !s.CanBind(t, dn, directorytest.FirstPassword) {
		t.Error("one more wrong password locks again")
	}
}

func TestAnUnlockOfALockThatRanOutSaysThatThereWasNone(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.ModifyOperational(t, dn, testlab.Attributes{attrLocked: {ago(time.Hour)}, attrFailures: {ago(time.Hour)}})
	if answer, err := unlock(t, d, id); err != nil || answer.WasLocked {
		t.Errorf("unlock: %+v, %v", answer, err)
	}
	if e := s.Read(t, dn); e.Has(attrLocked) || e.Has(attrFailures) {
		t.Error("what was left of the lock is still there")
	}
}

func TestAShortLockIsLiftedWhereTheRightsSuffice(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.ModifyOperational(t, dn, testlab.Attributes{attrTmpLocked: {ahead(time.Hour)}})
	_, err := unlock(t, d, id)
	want(t, err, core.CodeDenied, core.NothingChanged, "openldap.no_right_unlock")
	access(t, s, append([]string{"to attrs=" + attrTmpLocked + ` by dn.exact="` + s.HelpdeskDN + `" manage`}, usualAccess(s)...)...)
	if answer, err := unlock(t, d, id); err != nil || !answer.WasLocked || !s.CanBind(t, dn, directorytest.FirstPassword) {
		t.Errorf("unlock: %+v, %v", answer, err)
	}
}

func TestAnUnlockOfAnUnlockedAccountWritesNothing(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := open(t, options(s, proxy.URL()))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	if s.CanBind(t, dn, "wrong once") {
		t.Fatal("a wrong password signs in")
	}
	before := s.Read(t, dn).First(attrCSN)
	if answer, err := unlock(t, d, id); err != nil || answer.WasLocked || s.Read(t, dn).First(attrCSN) != before || len(proxy.Requests(testlab.OpModify)) != 0 {
		t.Errorf("unlock: %+v, %v", answer, err)
	}
	access(t, s, append([]string{"to attrs=" + attrLocked + " by * none"}, usualAccess(s)...)...)
	_, err := unlock(t, d, id)
	want(t, err, core.CodeDenied, core.NothingChanged, "openldap.no_right_lock_seen")
}

func TestWithoutTheRightsAChangeIsDenied(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.LockByWrongPasswords(t, dn)
	access(t, s, "to attrs=userPassword by anonymous auth", `to * by dn.exact="`+s.HelpdeskDN+`" read`)
	e := want(t, reset(t, d, id, true), core.CodeDenied, core.NothingChanged, "openldap.no_right_password")
	if e.Ref != "LDAP 50" {
		t.Errorf("reference %q", e.Ref)
	}
	_, err := unlock(t, d, id)
	want(t, err, core.CodeDenied, core.NothingChanged, "openldap.no_right_unlock")
	if !s.Read(t, dn).Has(attrLocked) {
		t.Error("the account was unlocked all the same")
	}
}

func TestAServerThatTakesNoChangesSaysSo(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.Configure(t, "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcReadOnly\nolcReadOnly: TRUE\n")
	e := want(t, reset(t, d, id, true), core.CodeUnavailable, core.NothingChanged, "openldap.unwilling_said")
	if words := (text.Printer{}).Say(e.Said); !strings.Contains(words, "unwillingToPerform, 53") || !strings.Contains(words, "operation restricted") {
		t.Errorf("it says %q", words)
	}
	s.Configure(t, "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcReadOnly\nolcReadOnly: FALSE\n")
	if err := reset(t, d, id, true); err != nil || !s.CanBind(t, dn, directorytest.SecondPassword) {
		t.Errorf("afterwards: %v", err)
	}
}

func TestAnAccountThatIsGoneIsNotFound(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.Delete(t, dn)
	want(t, reset(t, d, id, true), core.CodeNotFound, core.NothingChanged, "directory.not_found")
	_, err := unlock(t, d, id)
	want(t, err, core.CodeNotFound, core.NothingChanged, "directory.not_found")
	_, err = d.Account(guarded(t), strings.ToUpper(id.Key))
	want(t, err, core.CodeNotFound, core.NothingChanged, "directory.not_found")
}

func TestAnEntryThatTookTheNameOfAnotherIsNotChanged(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := open(t, options(s, proxy.URL()))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	struck := proxy.Arm(testlab.Fault{Op: testlab.OpModify, Act: testlab.ActDelay, Delay: time.Second})
	done := make(chan error, 1)
	go func() { done <- reset(t, d, id, true) }()
	<-struck
	s.Delete(t, dn)
	s.AddPerson(t, testlab.Person{UID: "jane", Password: directorytest.ThirdPassword})
	want(t, <-done, core.CodeNotFound, core.NothingChanged, "directory.not_found")
	if !s.CanBind(t, dn, directorytest.ThirdPassword) {
		t.Error("the password of somebody else was changed")
	}
}

func TestAVersionIsOfWhatTheOperatorDecidesOn(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d, other := open(t, options(s)), open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane", Mail: "jane@example.org"})
	version := mustAccount(t, d, id).Version
	if mustAccount(t, other, id).Version != version {
		t.Error("two desks make two versions of one account")
	}
	if s.CanBind(t, dn, "wrong") || !s.CanBind(t, dn, directorytest.FirstPassword) || s.CanBind(t, dn, "wrong") {
		t.Fatal("sign-ins do not go as they must")
	}
	if mustAccount(t, d, id).Version != version {
		t.Error("the version changes with every attempt to sign in")
	}
	seen := []string{version}
	for _, changes := range []testlab.Attributes{
		{"mail": {"other@example.org"}},
		{"displayName": {"J"}},
		{"displayName": {"J "}},
		{attrReset: {"TRUE"}},
		{attrLocked: {ago(time.Minute)}},
		{attrLocked: nil},
		{"mobile": {"+47 1", "+47 2"}},
		{"title": {"x"}},
		{attrEnd: {ahead(day)}},
		{"manager": {dn}},
	} {
		s.ModifyOperational(t, dn, changes)
		version = mustAccount(t, d, id).Version
		if slices.Contains(seen, version) && fmt.Sprint(changes) != fmt.Sprint(testlab.Attributes{attrLocked: nil}) {
			t.Errorf("%v does not change the version", changes)
		}
		seen = append(seen, version)
	}
	s.AddGroup(t, "new", dn)
	if slices.Contains(seen, mustAccount(t, d, id).Version) {
		t.Error("a group does not change the version")
	}
}

// between runs something after a change was read for and before it reaches the server.
func between(t *testing.T, meanwhile func(s *testlab.SlapdServer, dn string)) (s *testlab.SlapdServer, dn string, writes int, err error) {
	t.Helper()
	s = testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := open(t, options(s, proxy.URL()))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	struck := proxy.Arm(testlab.Fault{Op: testlab.OpModify, Act: testlab.ActDelay, Delay: 700 * time.Millisecond})
	done := make(chan error, 1)
	go func() { done <- reset(t, d, id, true) }()
	<-struck
	meanwhile(s, dn)
	err = <-done
	return s, dn, len(proxy.Requests(testlab.OpModify)), err
}

func TestASignInBetweenIsNoConflict(t *testing.T) {
	t.Parallel()
	s, dn, writes, err := between(t, func(s *testlab.SlapdServer, dn string) { s.CanBind(t, dn, "wrong") })
	if err != nil || writes != 2 || !s.CanBind(t, dn, directorytest.SecondPassword) {
		t.Errorf("%v after %d writes", err, writes)
	}
}

func TestAChangeBetweenIsAConflict(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]testlab.Attributes{
		"another password": {attrPassword: {directorytest.ThirdPassword}}, "another title": {"title": {"x"}}, "an attribute nobody reads": {"description": {"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dn, writes, err := between(t, func(s *testlab.SlapdServer, dn string) { s.Modify(t, dn, change) })
			want(t, err, core.CodeConflict, core.NothingChanged, "directory.changed_meanwhile")
			if writes != 1 || s.CanBind(t, dn, directorytest.SecondPassword) {
				t.Errorf("%d writes", writes)
			}
		})
	}
}

func TestAGrantIsCheckedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	_, id := add(t, s, testlab.Person{UID: "jane"})
	before := len(proxy.Requests(testlab.OpAny))
	change := core.PasswordChange{Account: id, Password: secret.FromString(directorytest.SecondPassword)}
	want(t, d.SetPassword(guarded(t), rbac.Grant{}, change), core.CodeDenied, core.NothingChanged, "directory.no_grant")
	_, err := d.Unlock(guarded(t), rbac.Grant{}, core.UnlockChange{Account: id})
	want(t, err, core.CodeDenied, core.NothingChanged, "directory.no_grant")
	if after := len(proxy.Requests(testlab.OpAny)); after != before {
		t.Errorf("%d requests without a grant", after-before)
	}
}
