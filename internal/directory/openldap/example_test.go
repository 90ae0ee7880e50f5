package openldap_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/directory"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/directory/openldap"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// example is the example of the documentation, with the credentials it names, as it stands or for a running slapd.
func example(t *testing.T, s *testlab.SlapdServer) config.Config {
	t.Helper()
	dir := t.TempDir()
	raw, err := os.ReadFile("../../../testdata/config/openldap.toml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	files := map[string]string{"store.key": base64.StdEncoding.EncodeToString(make([]byte, 32)), "bind.password": "helpdesk-secret\n", "ca.pem": ""}
	if s != nil {
		text = strings.Replace(text, `["ldaps://ldap1.example.org", "ldaps://ldap2.example.org"]`, fmt.Sprintf("[%q]", s.LDAPSURL), 1)
		files["ca.pem"] = string(s.CA.PEM())
	}
	files["desk.toml"] = text
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := config.Load(filepath.Join(dir, "desk.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// opened is the directory of the example.
func opened(t *testing.T, c config.Config, clock core.Clock) *openldap.Directory {
	t.Helper()
	d := c.Directories[0]
	opened, err := directory.Open(t.Context(), directory.Options{
		Name: d.Name, Kind: d.Kind, URLs: d.URLs, StartTLS: d.StartTLS, CA: d.CA, ServerName: d.ServerName, BindDN: d.BindDN, BindPassword: d.BindPassword,
		Base: d.Base, PeopleClass: d.PeopleFilter, GroupBase: d.GroupBase, Attributes: d.Attributes, RoleGroups: d.RoleGroups,
		ServiceUnits: d.ServiceDNs, Settings: d.Settings, Clock: clock, Entropy: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	ldap, ok := opened.(*openldap.Directory)
	if !ok {
		t.Fatalf("kind %q is %T", d.Kind, opened)
	}
	return ldap
}

func TestTheExampleIsAcceptedAsItStands(t *testing.T) {
	t.Parallel()
	c := example(t, nil)
	d := c.Directories[0]
	if d.Kind != "openldap" || len(d.URLs) != 2 || d.Attributes["alternate_mail"] != "labAlternateMail" || d.Settings["search_inside"] != "uid,cn" || len(c.Roles) != 2 {
		t.Errorf("read as %+v", d)
	}
	if !slices.Contains(directory.Kinds(), d.Kind) {
		t.Errorf("the kinds are %v", directory.Kinds())
	}
	bad := directory.Options{Name: "x", Kind: "openldap", Settings: map[string]string{"nonsense": "1"}}
	if opened, err := directory.Open(t.Context(), bad); err == nil || opened != nil || !strings.Contains(err.Error(), "settings.nonsense") {
		t.Errorf("nonsense is opened: %v, %v", opened, err)
	}
}

// recommended are the rules and indexes at the end of the example, as a change of cn=config. After the last rule come those that a database
// has anyway.
func recommended(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, comments, _ := strings.Cut(string(raw), "# The rights of the service identity")
	var rules, indexes strings.Builder
	for line := range strings.Lines(comments) {
		line = strings.TrimRight(strings.TrimPrefix(line, "#"), "\n")
		switch {
		case strings.HasPrefix(line, "   olcAccess: "):
			rules.WriteString("\n" + strings.TrimSpace(line))
		case strings.HasPrefix(line, "     by "):
			rules.WriteString(" " + strings.TrimSpace(line))
		case strings.HasPrefix(line, "   olcDbIndex: "):
			indexes.WriteString("\n" + strings.TrimSpace(line))
		}
	}
	return "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcAccess" + rules.String() +
		"\nolcAccess: to attrs=userPassword by anonymous auth by * none\nolcAccess: to * by self read by * none" +
		"\n-\nreplace: olcDbIndex" + indexes.String() + "\n"
}

// The rights and the indexes at the end of the example are the ones that are needed, and they are enough.
func TestTheRightsAndIndexesOfTheExampleAreSufficient(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{LastBind: true})
	c := example(t, s)
	s.Configure(t, recommended(t, c.File))
	s.AddGroup(t, "some", s.AddPerson(t, testlab.Person{UID: "jane", Password: directorytest.FirstPassword}))
	s.Configure(t, "dn: olcDatabase={0}config,cn=config\nchangetype: modify\nadd: olcAccess\nolcAccess: {0}to * by dn.exact=\""+s.HelpdeskDN+"\" read\n")
	d := opened(t, c, clock{})
	for _, h := range d.Examine(t.Context()) {
		if h.Level != core.Green {
			t.Errorf("%s: %s %v", h.Level, h.Said.ID, h.Said.Fields)
		}
	}
	ids, err := d.Resolve(t.Context(), untrusted.New("jane"))
	if err != nil || len(ids) != 1 {
		t.Fatalf("resolves to %v, %v", ids, err)
	}
	s.LockByWrongPasswords(t, s.PersonDN("jane"))
	if a, err := d.Account(t.Context(), ids[0].Key); err != nil || a.Marks.Unreadable != "" || !a.State.Locked {
		t.Errorf("account %+v, %v", a.Marks, err)
	}
}

func TestTheRightsOfTheExampleReadNoPassword(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.Configure(t, recommended(t, example(t, s).File))
	jane := s.AddPerson(t, testlab.Person{UID: "jane", Password: directorytest.FirstPassword})
	for _, dn := range []string{s.HelpdeskDN, jane} {
		out, err := exec.Command("ldapsearch", "-x", "-H", s.LDAPIURL, "-D", s.HelpdeskDN, "-w", s.HelpdeskPassword, "-LLL", "-b", dn, "-s", "base", "userPassword", "uid").CombinedOutput()
		if err != nil || strings.Contains(string(out), "userPassword") || !strings.Contains(string(out), "dn: ") {
			t.Errorf("the password of %s can be read, or nothing can: %v", dn, err)
		}
	}
}

// clock is the clock of the machine: slapd writes its times by it.
type clock struct{}

func (clock) Now() time.Time { return time.Now() }

// desk is a whole desk on the directory, with everything else in memory.
type desk struct {
	*coretest.Bench
	t     *testing.T
	slapd *testlab.SlapdServer
}

// newDesk has Jane on a real slapd: locked by her own wrong passwords, with an alternate mailbox and an authenticator app.
func newDesk(t *testing.T) (d *desk, jane core.AccountID) {
	t.Helper()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d = &desk{Bench: coretest.NewBench(t), t: t, slapd: s}
	dn := s.AddPerson(t, testlab.Person{
		UID: "jane.doe", GivenName: "Jane", Surname: "Doe", Department: "Finance", Mail: "jane@example.org", AlternateMail: "jane@home.example",
		Password: directorytest.FirstPassword,
	})
	s.LockByWrongPasswords(t, dn)
	d.Parts.Clock = clock{}
	dir := opened(t, example(t, s), d.Parts.Clock)
	d.Parts.Directories = []core.Directory{dir}
	d.Desk = core.NewDesk(d.Parts)
	ids, err := dir.Resolve(t.Context(), untrusted.New("jane.doe"))
	if err != nil || len(ids) != 1 {
		t.Fatalf("Jane is %v, %v", ids, err)
	}
	err = d.Store.Register(t.Context(), core.Registration{ID: "app", Account: ids[0], Kind: core.MethodTOTP, Secret: []byte("x")}, core.Record{})
	if err != nil {
		t.Fatal(err)
	}
	return d, ids[0]
}

// signsIn asks slapd.
func (d *desk) signsIn(password string) bool {
	d.t.Helper()
	return d.slapd.CanBind(d.t, d.slapd.PersonDN("jane.doe"), password)
}

func (d *desk) card(a core.Actor, id core.AccountID) core.Card {
	d.t.Helper()
	card, err := d.Desk.Card(d.t.Context(), a, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return card
}

func TestALevelOneOperatorFindsACallerAndGetsThemWorkingAgain(t *testing.T) {
	t.Parallel()
	d, jane := newDesk(t)
	d.finds("doe ja", jane)
	card := d.card(coretest.L1(), jane)
	if card.Account.State.WrongPasswords != 3 || card.Class.Reason != core.ReasonPlain || card.Diagnosis.Headline.ID != "headline.locked_until" {
		t.Fatalf("state %+v, class %+v, headline %s", card.Account.State, card.Class, card.Diagnosis.Headline.ID)
	}
	c := d.OpenCase(t, coretest.L1(), jane)
	d.Prove(t, coretest.L1(), c.Number)
	op := core.Reset{ID: d.Op(), Case: c.Number, Account: jane, Version: card.Account.Version}
	res, err := d.Desk.Perform(t.Context(), coretest.L1(), op)
	if err != nil || res.Outcome != core.Done || res.Delivery != core.Delivered {
		t.Fatalf("reset: %+v, %v", res, err)
	}
	password := d.delivered("jane@home.example")
	if d.signsIn(directorytest.FirstPassword) || !d.signsIn(password) {
		t.Error("the delivered password does not sign in at slapd, or the old one still does")
	}
	if after := d.card(coretest.L1(), jane).Account; core.RowStateOf(after.State) != core.RowMustChange || after.Version == card.Account.Version {
		t.Errorf("the card shows %+v", after.State)
	}
	if again, err := d.Desk.Perform(t.Context(), coretest.L1(), op); err != nil || !again.Repeated || !d.signsIn(password) {
		t.Errorf("a second Enter: %+v, %v", again, err)
	}
}

// finds asserts that a search finds one person.
func (d *desk) finds(text string, id core.AccountID) {
	d.t.Helper()
	var found core.SearchResult
	err := d.Desk.Search(d.t.Context(), coretest.L1(), untrusted.New(text), func(r core.SearchResult) { found = r })
	if err != nil || len(found.Rows) != 1 || found.Rows[0].ID != id {
		d.t.Fatalf("found %+v, %v", found, err)
	}
}

// delivered is the one password that was delivered.
func (d *desk) delivered(to string) string {
	d.t.Helper()
	letters := d.Courier.Letters()
	if len(letters) != 1 || letters[0].To != to {
		d.t.Fatalf("%d letters, not one to %s", len(letters), to)
	}
	return letters[0].Secret
}

func TestALevelTwoOperatorUnlocksAndTheCallersOwnPasswordWorks(t *testing.T) {
	t.Parallel()
	d, jane := newDesk(t)
	c := d.OpenCase(t, coretest.L2(), jane)
	d.Prove(t, coretest.L2(), c.Number)
	version := d.card(coretest.L2(), jane).Account.Version
	if d.signsIn("the caller tries once more") {
		t.Fatal("a wrong password signs in")
	}
	op := core.Unlock{ID: d.Op(), Case: c.Number, Account: jane, Version: version}
	res, err := d.Desk.Perform(t.Context(), coretest.L2(), op)
	if err != nil || res.Outcome != core.Done || res.Said.ID != "unlock.done" || !d.signsIn(directorytest.FirstPassword) {
		t.Fatalf("unlock: %+v, %v", res, err)
	}
	c = d.OpenCase(t, coretest.L2(), jane)
	d.Prove(t, coretest.L2(), c.Number)
	res, err = d.Desk.Perform(t.Context(), coretest.L2(), core.Unlock{ID: d.Op(), Case: c.Number, Account: jane})
	if err != nil || res.Said.ID != "unlock.was_not_locked" {
		t.Errorf("unlock again: %+v, %v", res, err)
	}
}

func TestAnAccountOfAnAdministratorIsGuardedAndNobodyTouchesIt(t *testing.T) {
	t.Parallel()
	d, jane := newDesk(t)
	d.slapd.AddGroup(t, "inner", d.slapd.PersonDN("jane.doe"))
	d.slapd.AddGroup(t, "directory-admins", "cn=inner,ou=groups,"+d.slapd.Suffix)
	card := d.card(coretest.L2(), jane)
	if card.Class.Reason != core.ReasonAdminRole || card.Class.Detail != "Global Administrator" {
		t.Fatalf("class %+v", card.Class)
	}
	c := d.OpenCase(t, coretest.L2(), jane)
	d.Prove(t, coretest.L2(), c.Number)
	_, err := d.Desk.Perform(t.Context(), coretest.L2(), core.Reset{ID: d.Op(), Case: c.Number, Account: jane})
	if core.CodeOf(err) != core.CodeDenied || !d.slapd.Read(t, d.slapd.PersonDN("jane.doe")).Has("pwdAccountLockedTime") {
		t.Errorf("reset: %v", err)
	}
}

func TestAChangeThatNobodyAnsweredIsSettledByLookingAgain(t *testing.T) {
	t.Parallel()
	d, jane := newDesk(t)
	cert := d.slapd.CA.Issue(testlab.CertOptions{})
	proxy := testlab.LDAPFront(t, d.slapd.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
	cfg := example(t, d.slapd)
	cfg.Directories[0].URLs = []string{proxy.URL()}
	d.Parts.Directories = []core.Directory{opened(t, cfg, clock{})}
	d.Desk = core.NewDesk(d.Parts)
	c := d.OpenCase(t, coretest.L2(), jane)
	d.Prove(t, coretest.L2(), c.Number)
	proxy.Arm(testlab.Fault{Op: testlab.OpModify, Point: testlab.BeforeAnswer})
	res, err := d.Desk.Perform(t.Context(), coretest.L2(), core.Unlock{ID: d.Op(), Case: c.Number, Account: jane})
	if res.Outcome != core.Unknown {
		t.Fatalf("unlock: %+v, %v", res, err)
	}
	if outcome, err := d.Desk.CheckAgain(t.Context(), coretest.L2(), jane); err != nil || outcome != core.Done || !d.signsIn(directorytest.FirstPassword) {
		t.Errorf("looked at again: %v, %v", outcome, err)
	}
}

func TestAnOperatorSignsInWithTheDirectorysPassword(t *testing.T) {
	t.Parallel()
	d, jane := newDesk(t)
	auth, ok := d.Parts.Directories[0].(core.Authenticator)
	if !ok {
		t.Fatal("it checks no passwords")
	}
	d.slapd.Modify(t, d.slapd.PersonDN("jane.doe"), testlab.Attributes{"pwdAccountLockedTime": nil})
	if id, err := auth.Authenticate(t.Context(), untrusted.New("jane.doe"), secret.FromString(directorytest.FirstPassword)); err != nil || id != jane {
		t.Errorf("signed in as %v, %v", id, err)
	}
}
