package replay_test

import (
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/bench/replay"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// seen makes requests with go-ldap through a proxy, as a backend would, and returns what the proxy saw.
func seen(t *testing.T, s *testlab.SlapdServer, do func(c *ldap.Conn) error) []testlab.Request {
	t.Helper()
	front := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{})
	conn, err := ldap.DialURL(front.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Bind(s.HelpdeskDN, s.HelpdeskPassword); err != nil {
		t.Fatal(err)
	}
	if err := do(conn); err != nil {
		t.Fatal(err)
	}
	return front.Requests(testlab.OpAny)
}

func decoded(t *testing.T, all []testlab.Request) []replay.Request {
	t.Helper()
	out, err := replay.Seen(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func dial(t *testing.T, s *testlab.SlapdServer) *replay.Client {
	t.Helper()
	c, err := replay.Dial(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestRequestsAreSentAgainAsTheyWereSeen(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 40, Locked: 12})
	search := ldap.NewSearchRequest("ou=people,"+s.Suffix, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 7, 3, false,
		"(&(objectClass=inetOrgPerson)(|(uid=a*)(uid=*e*)))", []string{"uid", "cn"}, nil)
	paged := ldap.NewSearchRequest("ou=people,"+s.Suffix, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
		"(pwdAccountLockedTime=*)", []string{"uid"}, []ldap.Control{ldap.NewControlPaging(5)})
	missing := ldap.NewSearchRequest("uid=nobody,ou=people,"+s.Suffix, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false,
		"(objectClass=*)", []string{"uid"}, nil)
	dn := s.PersonDN(testlab.SyntheticPerson(3).UID)
	all := decoded(t, seen(t, s, func(c *ldap.Conn) error {
		for _, r := range []*ldap.SearchRequest{search, paged, missing} {
			if _, err := c.Search(r); err != nil && !ldap.IsErrorAnyOf(err, ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultNoSuchObject) {
				return err
			}
		}
		_, err := c.Compare(dn, "uid", testlab.SyntheticPerson(3).UID)
		return err
	}))
	if got := replay.Words(all); got != "3 search, 1 compare" {
		t.Fatalf("decoded %s", got)
	}
	c := dial(t, s)
	for range 2 { // a page is the first one each time
		n, err := c.Send(all, "")
		if err != nil || n != 7+5 {
			t.Errorf("%d entries came, want 7 of the limited search, 5 of the page: %v", n, err)
		}
	}
	if slices.ContainsFunc(all, replay.Request.IsWrite) {
		t.Error("nothing of this writes")
	}
}

func TestAWriteSetsTheNewPasswordAndLeavesItsConditionOut(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 3})
	dn := s.PersonDN(testlab.SyntheticPerson(0).UID)
	all := decoded(t, seen(t, s, func(c *ldap.Conn) error {
		m := ldap.NewModifyRequest(dn, []ldap.Control{
			condition("(objectClass=inetOrgPerson)"), ldap.NewControlString("1.3.6.1.4.1.42.2.27.8.5.1", false, ""),
		})
		m.Replace("userPassword", []string{"First-passw0rd"})
		m.Replace("pwdReset", []string{"TRUE"})
		return c.Modify(m)
	}))
	if len(all) != 1 || !all[0].IsWrite() || all[0].Kind() != "modify" {
		t.Fatalf("decoded %s", replay.Words(all))
	}
	c := dial(t, s)
	if _, err := c.Send(all, "Second-passw0rd"); err != nil {
		t.Fatal(err)
	}
	if s.CanBind(t, dn, "First-passw0rd") || !s.CanBind(t, dn, "Second-passw0rd") {
		t.Error("the password is not the new one")
	}
	if _, err := c.Send(all, "x"); err == nil {
		t.Error("the policy of the directory holds for the raw client as well")
	}
	if !s.CanBind(t, dn, "Second-passw0rd") {
		t.Error("and a refused write changes nothing")
	}
}

// condition is the assertion control of RFC 4528.
func condition(filter string) ldap.Control {
	packet, err := ldap.CompileFilter(filter)
	if err != nil {
		return nil
	}
	return ldap.NewControlString("1.3.6.1.1.12", true, string(packet.Bytes()))
}

func TestThePasswordOperationIsSentAgain(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 3})
	dn := s.PersonDN(testlab.SyntheticPerson(0).UID)
	all := decoded(t, seen(t, s, func(c *ldap.Conn) error {
		_, err := c.PasswordModify(ldap.NewPasswordModifyRequest(dn, "", "First-passw0rd"))
		return err
	}))
	if got := replay.Words(all); got != "1 password" || !all[0].IsWrite() {
		t.Fatalf("decoded %s", got)
	}
	if _, err := dial(t, s).Send(all, "Second-passw0rd"); err != nil {
		t.Fatal(err)
	}
	if !s.CanBind(t, dn, "Second-passw0rd") {
		t.Error("the password is not the new one")
	}
}

// message is an LDAP message with one operation.
func message(op *ber.Packet) []byte {
	m := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	m.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 5, ""))
	if op != nil {
		m.AppendChild(op)
	}
	return m.Bytes()
}

func TestWhatCannotBeSentAgainIsRefused(t *testing.T) {
	t.Parallel()
	empty := func(tag ber.Tag) []byte {
		return message(ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, ""))
	}
	for name, r := range map[string]testlab.Request{
		"no message":        {Op: testlab.OpSearch, Raw: []byte("x")},
		"no operation":      {Op: testlab.OpSearch, Raw: message(nil)},
		"an empty search":   {Op: testlab.OpSearch, Raw: empty(3)},
		"an empty change":   {Op: testlab.OpModify, Raw: empty(6)},
		"an empty question": {Op: testlab.OpCompare, Raw: empty(14)},
		"an empty request":  {Op: testlab.OpExtended, Raw: empty(23)},
		"a new entry":       {Op: testlab.OpAdd, Raw: empty(8)},
	} {
		if _, err := replay.Seen([]testlab.Request{r}); err == nil || !strings.Contains(err.Error(), "replay") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, op := range []testlab.Op{testlab.OpBind, testlab.OpUnbind, testlab.OpAbandon} {
		if all, err := replay.Seen([]testlab.Request{{Op: op}}); err != nil || len(all) != 0 {
			t.Errorf("%#x is not sent again, and no error: %v", op, err)
		}
	}
}

func TestAServerThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.Kill()
	if _, err := replay.Dial(s); err == nil {
		t.Error("nobody answers")
	}
	s.Start(t)
	s.HelpdeskPassword = "wrong"
	if _, err := replay.Dial(s); err == nil {
		t.Error("a wrong password is no connection")
	}
}
