package openldap

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

// report is what Examine or Probe says, one line for each sentence, with its level.
func report(t *testing.T, all ...core.Health) string {
	t.Helper()
	var out strings.Builder
	for _, h := range all {
		if h.Name != "corp" || h.Kind != "directory" || h.At.IsZero() {
			t.Errorf("health %+v", h)
		}
		for _, s := range append([]sentence.Sentence{h.Said}, h.Details...) {
			words := text.Printer{Lang: text.English, Now: time.Now()}.Say(s)
			if words == "" || strings.HasPrefix(words, "[") || strings.Contains(words, "{") {
				t.Errorf("%s is %q in words", s.ID, words)
			}
			fmt.Fprintf(&out, "%s %s: %s\n", h.Level, s.ID, words)
		}
	}
	return out.String()
}

func has(t *testing.T, report string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(report, line) {
			t.Errorf("it does not say %q:\n%s", line, report)
		}
	}
}

func hasNot(t *testing.T, report string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if strings.Contains(report, line) {
			t.Errorf("it says %q:\n%s", line, report)
		}
	}
}

func TestTheRecipeIsExaminedAndFoundSufficient(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.AddGroup(t, "some", dn)
	d := ready(t, options(s))
	before, csn := mustAccount(t, d, id), s.Read(t, dn).First(attrCSN)
	all := d.Examine(guarded(t))
	r := report(t, all...)
	has(t, r, "green openldap.examine_server", "openldap.examine_no_version", "openldap.examine_hashing_unseen", `is "default": at least 8 characters`,
		"green openldap.examine_indexes", "openldap.examine_indexes_measured", "green openldap.examine_rights", `The list "idle" is not offered`)
	hasNot(t, r, "amber open", "red open", "examine_no_ppolicy", "examine_grant")
	after := mustAccount(t, d, id)
	if len(all) != 3 || after.Version != before.Version || s.Read(t, dn).First(attrCSN) != csn || !s.CanBind(t, dn, directorytest.FirstPassword) {
		t.Error("the examination changed something")
	}
}

func TestMissingRightsAreNamedWithTheLineThatGrantsThem(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.AddGroup(t, "some", dn)
	d := ready(t, options(s))
	access(t, s, "to attrs=userPassword by anonymous auth", `to * by dn.exact="`+s.HelpdeskDN+`" read`)
	r := report(t, d.Examine(guarded(t))...)
	has(t, r, "red openldap.examine_no_write: This program may not write userPassword", "may not write pwdAccountLockedTime", "may not write pwdReset")
	hasNot(t, r, "examine_no_read")
	var lines []string
	for line := range strings.Lines(r) {
		if _, grant, ok := strings.Cut(line, "before other lines: olcAccess: "); ok && !slices.Contains(lines, strings.TrimSpace(grant)) {
			lines = append(lines, strings.TrimSpace(grant))
		}
	}
	if len(lines) != 2 {
		t.Fatalf("lines %q", lines)
	}
	access(t, s, append(lines, `to * by dn.exact="`+s.HelpdeskDN+`" read`)...)
	has(t, report(t, d.Examine(guarded(t))...), "green openldap.examine_rights")
	if err := reset(t, d, id, true); err != nil {
		t.Errorf("with exactly these lines: %v", err)
	}
	s.LockByWrongPasswords(t, dn)
	if answer, err := unlock(t, d, id); err != nil || !answer.WasLocked {
		t.Errorf("with exactly these lines: %+v, %v", answer, err)
	}
}

func TestWhatMayNotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn, _ := add(t, s, testlab.Person{UID: "jane"})
	d := ready(t, options(s))
	has(t, report(t, d.Examine(guarded(t))...), "No group was found below ou=groups")
	s.AddGroup(t, "some", dn)
	hide := func(what string) { access(t, s, append([]string{"to " + what + " by * none"}, usualAccess(s)...)...) }
	hide("attrs=memberOf,mail")
	has(t, report(t, d.Examine(guarded(t))...), "red openldap.examine_no_read: These may not be read: memberOf, mail.",
		`olcAccess: to dn.subtree="dc=example,dc=org" attrs=userPassword by dn.exact="cn=helpdesk,ou=services,dc=example,dc=org" none by * break`,
		`olcAccess: to dn.subtree="dc=example,dc=org" by dn.exact="cn=helpdesk,ou=services,dc=example,dc=org" read by * break`)
	hide(`dn.subtree="ou=groups,` + s.Suffix + `" attrs=memberOf`)
	has(t, report(t, d.Examine(guarded(t))...), "red openldap.examine_groups_hidden", `to dn.subtree="ou=groups,dc=example,dc=org"`)
	hide(`dn.subtree="ou=people,` + s.Suffix + `"`)
	has(t, report(t, d.Examine(guarded(t))...), "red openldap.no_base")
	hide(`attrs=pwdAccountLockedTime`)
	r := report(t, d.Examine(guarded(t))...)
	has(t, r, "These may not be read: pwdAccountLockedTime", `The list "locked" is not offered`)
	has(t, report(t, d.Probe(guarded(t))), "amber openldap.state_hidden")
	o := options(s)
	o.PeopleClass = "account"
	has(t, report(t, ready(t, o).Examine(guarded(t))...), "amber openldap.examine_nobody: There is nobody of the class account below ou=people")
}

// seesConfiguration lets the service identity read cn=config.
func seesConfiguration(t *testing.T, s *testlab.SlapdServer) {
	t.Helper()
	s.Configure(t, `dn: olcDatabase={0}config,cn=config
changetype: modify
add: olcAccess
olcAccess: {0}to * by dn.exact="`+s.HelpdeskDN+`" read
`)
}

func TestMissingIndexesAreNamedFromTheConfigurationWhereItMayBeRead(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{WithoutIndex: []string{"pwdAccountLockedTime", "mail", "mobile"}})
	add(t, s, testlab.Person{UID: "jane"})
	seesConfiguration(t, s)
	r := report(t, ready(t, options(s)).Examine(guarded(t))...)
	has(t, r, `index "mail eq" is missing`, `index "mail sub" is missing`, `index "mobile eq" is missing`, `index "pwdAccountLockedTime pres" is missing`,
		`index "pwdChangedTime eq" is missing`, "olcDbIndex: pwdAccountLockedTime pres", "amber")
	hasNot(t, r, "uid eq", "pwdReset pres", "examine_indexes_measured", "examine_hashing_unseen", "examine_no_hashing", "examine_policy_other")
}

func TestTheServersOwnDefaultPolicyAndHashingAreComparedWhereTheyMayBeRead(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdMustChange": "FALSE"}})
	add(t, s, testlab.Person{UID: "jane"})
	seesConfiguration(t, s)
	overlay := "dn: olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: "
	s.Configure(t, overlay+"olcPPolicyHashCleartext\nolcPPolicyHashCleartext: FALSE\n-\nreplace: olcPPolicyDefault\nolcPPolicyDefault: cn=another,ou=policies,"+s.Suffix+"\n")
	r := report(t, ready(t, options(s)).Examine(guarded(t))...)
	has(t, r, "red openldap.examine_no_hashing", "openldap.examine_policy_other: The server's default policy is cn=another,ou=policies", "openldap.examine_must_change_off")
	o := options(s)
	o.Settings = map[string]string{"password_change": "exop"}
	hasNot(t, report(t, ready(t, o).Examine(guarded(t))...), "examine_no_hashing")
}

func TestAServerWithoutItsOverlaysIsRed(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	d := ready(t, options(s))
	lacking := *d.memory.fresh(time.Now())
	lacking.root.Controls, lacking.types = nil, map[string]bool{"uid": true, "cn": true}
	d.memory.keep(&lacking)
	has(t, report(t, d.Examine(guarded(t))...), "red openldap.examine_no_ppolicy", "openldap.examine_no_memberof", "openldap.examine_no_assertion")
	a := mustAccount(t, d, id)
	if a.Marks.Unreadable == "" || !says(a, "openldap.note_no_memberof") || !says(a, "openldap.note_no_ppolicy") {
		t.Errorf("marks %+v, notes %v", a.Marks, a.Notes)
	}
	_, err := unlock(t, d, id)
	want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.no_attribute")
	if err := reset(t, d, id, false); err != nil {
		t.Errorf("a reset without conditions: %v", err)
	}
}

func TestAPolicyThatIsNotKnownIsSaid(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	add(t, s, testlab.Person{UID: "jane"})
	access(t, s, append([]string{`to dn.subtree="ou=policies,` + s.Suffix + `" by * none`}, usualAccess(s)...)...)
	has(t, report(t, ready(t, options(s)).Examine(guarded(t))...), "amber openldap.examine_policy_unknown")
}

func TestAnExaminationOfADeadServerSaysSo(t *testing.T) {
	t.Parallel()
	d := open(t, offline())
	has(t, report(t, d.Examine(guarded(t))...), "red openldap.down")
}

func TestHealthTellsHowQuickItIsAndWhenCertificatesEnd(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	add(t, s, testlab.Person{UID: "jane"})
	short := s.CA.Issue(testlab.CertOptions{Lifetime: 3 * time.Hour})
	proxy := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &short})
	d := ready(t, options(s, proxy.URL()))
	h := d.Probe(guarded(t))
	if h.P50 <= 0 || h.P99 < h.P50 {
		t.Errorf("p50 %v, p99 %v", h.P50, h.P99)
	}
	has(t, report(t, h), "amber openldap.certificate_ends_soon: "+proxy.URL())
	if ends := d.certificates(guarded(t))[0].Ends; time.Until(ends) > 2*time.Hour || time.Until(ends) < time.Hour {
		t.Errorf("the certificate ends at %v", ends)
	}
	before := proxy.Connections()
	d.Probe(guarded(t))
	if proxy.Connections() != before {
		t.Error("every look at the health makes a connection for the certificates")
	}
	d.chains.chains = []ldapconn.Chain{{URL: "ldaps://one", Issuer: raw("Good\x1b CA"), Ends: time.Now().Add(100 * day)}, {URL: "ldaps://two", Err: &tls.CertificateVerificationError{}}}
	r := report(t, d.Probe(guarded(t)))
	has(t, r, "openldap.certificate_ends: ldaps://one: the certificate of Good", "amber openldap.certificate_of: ldaps://two")
	if strings.Contains(r, "\x1b") {
		t.Error("the name of the authority is shown as it came")
	}
	d.chains.chains = d.chains.chains[:1]
	has(t, report(t, d.Probe(guarded(t))), "green openldap.healthy: It answered within")
}

func TestOfTwoServersOneThatIsDownIsNamed(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	dead := fmt.Sprintf("ldaps://127.0.0.1:%d", testlab.FreePorts(t, 1)[0])
	d := ready(t, options(s, dead, s.LDAPSURL))
	mustAccount(t, d, id)
	has(t, report(t, d.Probe(guarded(t))), "amber openldap.server_down: "+dead, "openldap.certificate_unseen: "+dead)
}

func TestTheProgramsOwnPasswordIsWatched(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	add(t, s, testlab.Person{UID: "jane"})
	s.ModifyOperational(t, s.HelpdeskDN, testlab.Attributes{attrChanged: {ago(88 * day)}})
	d := ready(t, options(s))
	has(t, report(t, d.Probe(guarded(t))), "openldap.identity_expires", "expires in 2 days")
	s.ModifyOperational(t, s.HelpdeskDN, testlab.Attributes{attrChanged: {ago(91 * day)}})
	o := options(s)
	has(t, report(t, open(t, o).Probe(guarded(t))), "red openldap.identity_rejected")
	o.BindPassword = secret.FromString("wrong")
	has(t, report(t, open(t, o).Probe(guarded(t))), "red openldap.identity_rejected")
}

func TestAnIndexIsMissingWhenASearchForNobodyTakesLong(t *testing.T) {
	t.Parallel()
	x := &indexes{took: map[index]time.Duration{
		{indexEqual, "uid"}: time.Millisecond, {indexPart, "cn"}: 24 * time.Millisecond, {indexPart, "mail"}: 26 * time.Millisecond,
		{indexPresent, attrLocked}: measureLimit, {indexOrder, attrChanged}: 90 * time.Millisecond, {indexPresent, attrReset}: time.Millisecond,
	}}
	x.judge(slowFrom)
	if got := fmt.Sprint(x.missing()); got != "[mail sub pwdAccountLockedTime pres pwdChangedTime eq]" {
		t.Errorf("missing %s", got)
	}
	x.sees = true
	if lists := fmt.Sprint(x.lists()); lists != "[must-change]" {
		t.Errorf("lists %s", lists)
	}
	if !x.usable(indexPart, "cn") || x.usable(indexPart, "mail") || !x.usable(indexEqual, "never measured") {
		t.Error("what may be searched is not what is quick")
	}
	far := &indexes{took: map[index]time.Duration{{indexEqual, "uid"}: 20 * time.Millisecond, {indexPart, "cn"}: 150 * time.Millisecond, {indexPart, "sn"}: 170 * time.Millisecond}}
	if far.judge(slowFrom); fmt.Sprint(far.missing()) != "[sn sub]" {
		t.Errorf("over a slow line: %v", far.missing())
	}
	d := open(t, offline())
	d.indexes.keep(x)
	h := d.health()
	d.addIndexes(&h)
	has(t, report(t, h), `amber openldap.index_missing: The index "mail sub" is missing`, `The index "pwdAccountLockedTime pres" is missing`)
}

// Without an index slapd reads every entry. How long that takes depends on how many there are and on the machine, so that only the proportion
// is measured here.
func TestAMissingIndexIsFoundOutOnARealServer(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 10_000, WithoutIndex: []string{"employeeNumber"}})
	d := ready(t, options(s))
	known := *d.indexes.get()
	known.judge(2 * time.Millisecond)
	if !known.slow[index{indexPart, "employeeNumber"}] || !known.slow[index{indexEqual, "employeeNumber"}] || known.slow[index{indexPart, "cn"}] {
		t.Fatalf("slow %v, took %v", known.slow, known.took)
	}
	d.indexes.keep(&known)
	if slices.Contains(d.Can().ListStates, core.ListExpired) || !slices.Contains(d.Can().ListStates, core.ListLocked) {
		t.Errorf("lists %v", d.Can().ListStates)
	}
	has(t, report(t, d.Probe(guarded(t))), `index "employeeNumber sub" is missing`, `index "pwdChangedTime eq" is missing`)
	person := testlab.SyntheticPerson(9_999)
	if found := find(t, d, person.UID, 5); len(found.Rows) != 1 {
		t.Errorf("found %v", loginsOf(found.Rows))
	}
	if found := find(t, d, person.EmployeeNumber, 5); len(found.Rows) != 0 {
		t.Errorf("a search for an employee number without its index finds %v", loginsOf(found.Rows))
	}
}

func TestAServerThatStandsStillForAMomentLosesNoIndex(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	add(t, s, testlab.Person{UID: "jane"})
	proxy := front(t, s)
	const root = 2 // requests for the root entry and the schema
	struck := proxy.Arm(testlab.Fault{Op: testlab.OpSearch, N: root + 1, Times: measureTries, Act: testlab.ActDelay, Delay: 2 * measureLimit})
	d := ready(t, options(s, proxy.URL()))
	<-struck
	if known := d.indexes.get(); len(known.missing()) != 0 || len(known.took) == 0 {
		t.Errorf("missing %v, took %v", known.missing(), known.took)
	}
}

// Everybody who is locked is looked at by the search that measures: that must not look like a missing index.
func TestManyWhoAreLockedDoNotLookLikeAMissingIndex(t *testing.T) {
	t.Parallel()
	for _, locked := range []int{900, 7900} { // fewer than are counted, and more
		s := testlab.Slapd(t, testlab.SlapdOptions{People: 8000, Locked: locked})
		known := *ready(t, options(s)).indexes.get()
		known.judge(2 * time.Millisecond)
		if slices.Contains(known.missing(), attrLocked+" pres") {
			t.Errorf("%d locked: missing %v, took %v", locked, known.missing(), known.took)
		}
	}
}

func TestIndexesAreReadAsSlapdReadsThem(t *testing.T) {
	t.Parallel()
	c := configuration{indexes: parseIndexes([]string{"default pres,eq", "uid,CN eq,sub", "mail subinitial,subany", "sn subinitial", "pwdReset", "", "member eq"})}
	for want, needed := range map[string]index{
		"[]": {indexPart, "cn"}, "[sn sub]": {indexPart, "sn"}, "[mail eq]": {indexEqual, "mail"}, "[nobody pres]": {indexPresent, "nobody"},
	} {
		if got := fmt.Sprint(c.missing([]index{needed})); got != want {
			t.Errorf("%v: missing %s, want %s", needed, got, want)
		}
	}
	if missing := c.missing([]index{{indexPart, "mail"}, {indexPresent, "pwdReset"}, {indexOrder, "member"}}); len(missing) != 0 {
		t.Errorf("missing %v", missing)
	}
}

func TestDistinguishedNamesAreQuotedForAccessRules(t *testing.T) {
	t.Parallel()
	if got := quoted(`cn=a\"b,dc=x`); got != `"cn=a\\\"b,dc=x"` {
		t.Error(got)
	}
	if code := ldapconn.CodeNoOperation; ref(code) != "LDAP 16654" {
		t.Error(ref(code))
	}
}
