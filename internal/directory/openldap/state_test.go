package openldap

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// ago and ahead are times as slapd writes them.
func ago(d time.Duration) string   { return stamp(time.Now().Add(-d)) }
func ahead(d time.Duration) string { return stamp(time.Now().Add(d)) }

const day = 24 * time.Hour

// shut reports whether somebody in this state cannot sign in.
func shut(s core.State) bool {
	return !s.Enabled || s.Locked || s.PasswordExpired || s.AccountExpired
}

// The oracle is slapd itself: whoever we say cannot sign in must be refused by it with the right password, and nobody else.
func TestTheStateIsWhatSlapdEnforces(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]map[string]string{
		"as the recipe has it":    {},
		"locks last for ever":     {"pwdLockoutDuration": "0"},
		"without lockout":         {"pwdLockout": "FALSE"},
		"passwords never expire":  {"pwdMaxAge": "0"},
		"nothing must be changed": {"pwdMustChange": "FALSE"},
		"a policy of few words":   {"pwdLockoutDuration": "", "pwdMaxAge": "", "pwdMaxFailure": "", "pwdFailureCountInterval": ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testlab.Slapd(t, testlab.SlapdOptions{Policy: policy})
			d := open(t, options(s))
			for what, changes := range states() {
				dn := s.AddPerson(t, testlab.Person{UID: what, Password: directorytest.FirstPassword})
				s.ModifyOperational(t, dn, changes)
				state := mustAccount(t, d, d.id(keyOf(t, s, dn))).State
				if signsIn := s.CanBind(t, dn, directorytest.FirstPassword); signsIn == shut(state) {
					t.Errorf("%s: signs in: %v, and we say %+v", what, signsIn, state)
				}
			}
		})
	}
}

// states are what can be in an entry.
func states() map[string]testlab.Attributes {
	return map[string]testlab.Attributes{
		"fresh":                        {},
		"set yesterday":                {attrChanged: {ago(day)}},
		"set long ago":                 {attrChanged: {ago(100 * day)}},
		"set without a time":           {attrChanged: nil},
		"locked just now":              {attrLocked: {ago(time.Minute)}},
		"locked an hour ago":           {attrLocked: {ago(time.Hour)}},
		"locked in the future":         {attrLocked: {ahead(day)}},
		"locked by an administrator":   {attrLocked: {permanentLock}},
		"locked and expired":           {attrLocked: {ago(time.Minute)}, attrChanged: {ago(100 * day)}},
		"locked for a short while":     {attrTmpLocked: {ahead(time.Hour)}},
		"was locked for a short while": {attrTmpLocked: {ago(time.Hour)}},
		"not begun":                    {attrStart: {ahead(day)}},
		"begun":                        {attrStart: {ago(day)}},
		"ended":                        {attrEnd: {ago(day)}},
		"not ended":                    {attrEnd: {ahead(day)}},
		"begins after its end":         {attrStart: {ago(day)}, attrEnd: {ago(2 * day)}},
		"between":                      {attrStart: {ago(day)}, attrEnd: {ahead(day)}},
		"wrong once":                   {attrFailures: {ago(time.Minute)}},
	}
}

func TestAnAccountThatWasNotUsedForTooLongIsExpired(t *testing.T) {
	t.Parallel()
	person := func(uid, last string) string {
		return testlab.Attributes{
			"objectClass": {"inetOrgPerson"}, "uid": {uid}, "cn": {uid}, "sn": {uid}, attrLastSuccess: {last}, "userPassword": {directorytest.FirstPassword},
		}.LDIF("uid=" + uid + ",ou=people,dc=example,dc=org")
	}
	s := testlab.Slapd(t, testlab.SlapdOptions{
		LastBind: true, Policy: map[string]string{"pwdMaxIdle": "86400"},
		LDIF: person("idle", ago(2*day)) + person("busy", ago(time.Hour)),
	})
	d := open(t, options(s))
	for uid, expired := range map[string]bool{"idle": true, "busy": false} {
		a := mustAccount(t, d, d.id(keyOf(t, s, s.PersonDN(uid))))
		if a.State.AccountExpired != expired || a.LastSeen.IsZero() || s.CanBind(t, s.PersonDN(uid), directorytest.FirstPassword) == expired {
			t.Errorf("%s: %+v, last seen %v", uid, a.State, a.LastSeen)
		}
	}
}

func TestTheStateSaysSinceWhenAndUntilWhen(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	now := time.Now().Truncate(time.Second).UTC()
	locked := now.Add(-10 * time.Minute)
	for what, tc := range map[string]struct {
		changes testlab.Attributes
		check   func(s core.State) bool
	}{
		"a lock that ends": {testlab.Attributes{attrLocked: {stamp(locked)}}, func(s core.State) bool {
			return s.Locked && s.LockedSince.Equal(locked) && s.UnlocksAt.Equal(locked.Add(30*time.Minute))
		}},
		"a lock for good": {testlab.Attributes{attrLocked: {permanentLock}}, func(s core.State) bool {
			return s.Locked && s.LockedSince.IsZero() && s.UnlocksAt.IsZero()
		}},
		"a short lock": {testlab.Attributes{attrTmpLocked: {stamp(now.Add(time.Hour))}}, func(s core.State) bool {
			return s.Locked && s.UnlocksAt.Equal(now.Add(time.Hour))
		}},
		"a password": {testlab.Attributes{attrChanged: {stamp(locked)}}, func(s core.State) bool {
			return s.PasswordSet.Equal(locked) && s.PasswordExpires.Equal(locked.Add(90*day)) && !s.PasswordExpired
		}},
		"an end": {testlab.Attributes{attrEnd: {stamp(now.Add(-time.Hour))}}, func(s core.State) bool {
			return s.AccountExpired && s.AccountExpires.Equal(now.Add(-time.Hour)) && s.Enabled
		}},
		"wrong passwords that count": {testlab.Attributes{attrFailures: {ago(time.Minute), ago(2 * time.Minute), ago(40 * time.Minute)}}, func(s core.State) bool {
			return s.WrongPasswords == 2 && !s.Locked
		}},
		"a must change":  {testlab.Attributes{attrReset: {"TRUE"}}, func(s core.State) bool { return s.MustChange }},
		"no must change": {testlab.Attributes{attrReset: {"FALSE"}}, func(s core.State) bool { return !s.MustChange }},
		"times at the edges": {testlab.Attributes{attrLocked: {"99991231235959Z"}, attrChanged: {"16010101000000Z"}, attrEnd: {"99991231235959Z"}}, func(s core.State) bool {
			return !s.Locked && s.PasswordExpired && !s.AccountExpired
		}},
	} {
		dn := s.AddPerson(t, testlab.Person{UID: what})
		s.ModifyOperational(t, dn, tc.changes)
		if state := mustAccount(t, d, d.id(keyOf(t, s, dn))).State; !tc.check(state) {
			t.Errorf("%s: %+v", what, state)
		}
	}
}

// strict is a policy beside the default one.
func strict(s *testlab.SlapdServer) (dn string, entry testlab.Attributes) {
	return "cn=strict,ou=policies," + s.Suffix, testlab.Attributes{
		"objectClass": {"device", "pwdPolicy"}, "cn": {"strict"}, "pwdAttribute": {"userPassword"}, "pwdMinLength": {"14"},
		"pwdMaxAge": {"3600"}, "pwdInHistory": {"9"}, "pwdMinAge": {"60"}, "pwdLockout": {"TRUE"}, "pwdMaxFailure": {"7"},
	}
}

func TestEverybodyHasThePolicyThatSlapdAppliesToThem(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn, entry := strict(s)
	s.Add(t, dn, entry)
	d := open(t, options(s))
	_, plain := add(t, s, testlab.Person{UID: "plain"})
	_, special := add(t, s, testlab.Person{UID: "special", More: testlab.Attributes{attrPolicy: {"CN=Strict,OU=policies," + s.Suffix}}})
	_, lost := add(t, s, testlab.Person{UID: "lost", More: testlab.Attributes{attrPolicy: {"cn=nowhere," + s.Suffix}}})
	usual := core.PasswordPolicy{Known: true, Name: raw("default"), MinLength: 8, History: 3, MaxAge: 90 * day, LockAfter: 3, LockFor: 30 * time.Minute}
	if p := mustAccount(t, d, plain).Policy; p != usual {
		t.Errorf("the default policy: %+v", p)
	}
	a := mustAccount(t, d, special)
	if want := (core.PasswordPolicy{Known: true, Name: raw("strict"), MinLength: 14, History: 9, MinAge: time.Minute, MaxAge: time.Hour, LockAfter: 7}); a.Policy != want {
		t.Errorf("the strict policy: %+v", a.Policy)
	}
	if !a.State.PasswordExpired {
		t.Error("the strict policy does not count for the state")
	}
	if a := mustAccount(t, d, lost); a.Policy.Known || !says(a, "openldap.note_policy_unknown") {
		t.Errorf("a policy that is not there: %+v, notes %v", a.Policy, a.Notes)
	}
}

func TestAnotherDefaultPolicyCanBeSet(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	policy, entry := strict(s)
	s.Add(t, policy, entry)
	dn, id := add(t, s, testlab.Person{UID: "plain"})
	s.Modify(t, dn, testlab.Attributes{attrLocked: {ago(day)}})
	o := options(s)
	o.Settings = map[string]string{"default_policy": "CN=Strict, ou=policies," + s.Suffix}
	if a := mustAccount(t, open(t, o), id); a.Policy.MinLength != 14 || !a.State.Locked {
		t.Errorf("%+v, %+v", a.Policy, a.State)
	}
	if a := mustAccount(t, open(t, options(s)), id); a.Policy.MinLength != 8 || a.State.Locked {
		t.Errorf("without the setting: %+v, %+v", a.Policy, a.State)
	}
}

// says reports whether a note of the account is this sentence.
func says(a core.Account, id string) bool {
	for _, n := range a.Notes {
		if n.ID == id {
			return true
		}
	}
	return false
}

func TestALockWhosePolicyIsNotKnownIsALock(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for _, name := range []string{"one", "two"} {
		s.Add(t, "cn="+name+",ou=policies,"+s.Suffix, testlab.Attributes{"objectClass": {"device", "pwdPolicy"}, "cn": {name}, "pwdAttribute": {"userPassword"}})
	}
	s.Exec(t, "dn: "+s.PolicyDN+"\nchangetype: modrdn\nnewrdn: cn=usual\ndeleteoldrdn: 1\n")
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.Modify(t, dn, testlab.Attributes{attrLocked: {ago(100 * day)}})
	if a := mustAccount(t, d, id); !a.State.Locked || !a.State.UnlocksAt.IsZero() || a.Policy.Known {
		t.Errorf("state %+v, policy %+v", a.State, a.Policy)
	}
}

func TestNumbersOfAPolicyThatMakeNoSenseCountAsNone(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		"": 0, "x": 0, "-5": 0, "60": time.Minute, "99999999999999999999": 0, "2147483647": 2147483647 * time.Second, "9000000000": 0,
	} {
		if got := seconds(value); got != want {
			t.Errorf("%q is %v, want %v", value, got, want)
		}
	}
	if longest := seconds("2147483648"); time.Now().Add(longest).Before(time.Now()) {
		t.Errorf("%v is too long to be added to a time", longest)
	}
}
