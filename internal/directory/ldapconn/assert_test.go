package ldapconn_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestAChangeIsMadeOnlyToAnEntryThatIsAsAsserted(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Mail: "jane@example.org"})
	p := open(t, rootConfig(s, s.LDAPSURL))
	change := func(f ldapconn.Filter) error {
		condition, err := ldapconn.Assertion(f)
		if err != nil {
			t.Fatal(err)
		}
		m := title(dn, "changed")
		m.Controls = []ldapconn.Control{condition}
		_, err = p.Modify(guarded(t), m)
		return err
	}
	for _, not := range []ldapconn.Filter{
		ldapconn.Equal("mail", "other@example.org"), ldapconn.Equal("mail", "*"), ldapconn.Not(ldapconn.Present("mail")),
		ldapconn.And(ldapconn.Equal("mail", "jane@example.org"), ldapconn.Equal("uid", "x")),
	} {
		wantCode(t, change(not), ldapconn.CodeAssertionFailed)
		if s.Read(t, dn).Has("title") {
			t.Fatalf("%v: it was changed all the same", not)
		}
	}
	if err := change(ldapconn.And(ldapconn.Equal("mail", "JANE@example.org"), ldapconn.Present("uid"))); err != nil || s.Read(t, dn).First("title") != "changed" {
		t.Errorf("it was not changed: %v", err)
	}
	dse, err := p.RootDSE(guarded(t))
	if err != nil || !dse.HasControl(ldapconn.OIDAssertion) || !dse.HasControl(ldapconn.OIDPasswordPolicy) {
		t.Errorf("controls %v, %v", dse.Controls, err)
	}
}

func TestAFilterThatCannotBeUsedIsNoAssertion(t *testing.T) {
	t.Parallel()
	for _, bad := range []ldapconn.Filter{{}, ldapconn.Equal("a)(b", "x"), ldapconn.And(), ldapconn.Prefix("cn", "")} {
		if _, err := ldapconn.Assertion(bad); !errors.Is(err, ldapconn.ErrFilter) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestNoOperationChecksTheRightsAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane"})
	before := s.Read(t, dn).First("entryCSN")
	for as, want := range map[string]ldapconn.Code{"root": ldapconn.CodeNoOperation, "helpdesk": ldapconn.CodeInsufficientAccessRights} {
		c := config(s, s.LDAPSURL)
		if as == "root" {
			c = rootConfig(s, s.LDAPSURL)
		}
		m := title(dn, "changed")
		m.Controls = []ldapconn.Control{ldapconn.NoOperation()}
		_, err := open(t, c).Modify(guarded(t), m)
		wantCode(t, err, want)
	}
	if e := s.Read(t, dn); e.Has("title") || e.First("entryCSN") != before {
		t.Error("it was changed")
	}
}

func TestTheChainOfEveryServerIsSeenWithoutASignIn(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	cert := s.CA.Issue(testlab.CertOptions{Expired: true})
	bad := testlab.LDAPFront(t, s.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
	good := front(t, s)
	p := open(t, config(s, good.URL(), bad.URL(), s.LDAPURL))
	chains := p.Chains(guarded(t))
	if len(chains) != 3 || chains[0].URL != good.URL() || chains[2].URL != s.LDAPURL {
		t.Fatalf("chains %+v", chains)
	}
	for _, c := range []ldapconn.Chain{chains[0], chains[2]} {
		if c.Err != nil || c.Ends.IsZero() || c.Issuer.Raw() != "Test Lab CA" {
			t.Errorf("chain %+v", c)
		}
	}
	if chains[1].Err == nil || !chains[1].Ends.IsZero() || !strings.Contains(chains[1].Err.Error(), "expired") {
		t.Errorf("chain %+v", chains[1])
	}
	if n := len(good.Requests(testlab.OpAny)); n != 0 {
		t.Errorf("%d requests", n)
	}
}
