package ldapconn_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestASearchStopsAtItsLimitAndSaysThatThereIsMore(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 60})
	p := open(t, config(s, s.LDAPSURL))
	for limit, wantMore := range map[int]bool{50: true, 59: true, 60: false, 61: false} {
		entries, more, err := p.Search(guarded(t), ldapconn.Request{Base: s.Suffix, Filter: ldapconn.Present("uid"), Limit: limit})
		if err != nil || more != wantMore || len(entries) != min(limit, 60) {
			t.Errorf("limit %d: %d entries, more %v, %v", limit, len(entries), more, err)
		}
	}
}

func TestASearchReachesAsFarAsItsScope(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 3})
	p := open(t, config(s, s.LDAPSURL))
	for scope, want := range map[ldapconn.Scope]int{ldapconn.ScopeBase: 1, ldapconn.ScopeOneLevel: 3, ldapconn.ScopeSubtree: 4} {
		r := ldapconn.Request{Base: "ou=people," + s.Suffix, Scope: scope, Filter: ldapconn.Present("objectClass"), Limit: 10}
		if got := mustSearch(t, p, r); len(got) != want {
			t.Errorf("%q: %d entries", scope, len(got))
		}
	}
}

func TestAnEntryIsReadByName(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	hostile := "\x1b[2J\u202eenaJ"
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Mail: "jane@example.org", More: testlab.Attributes{"displayName": {hostile}, "title": {"a", "b"}}})
	p := open(t, config(s, s.LDAPSURL))
	entry, err := p.Read(guarded(t), dn, "displayName", "title", "createTimestamp", "uid")
	if err != nil {
		t.Fatal(err)
	}
	if entry.DN != dn || entry.First("DISPLAYNAME") != hostile || len(entry.Texts("title")) != 2 || entry.Has("mail") || entry.First("mail") != "" {
		t.Errorf("entry: %+v", entry)
	}
	if shown := entry.Text("displayName").String(); shown == hostile {
		t.Errorf("shown as it came: %q", shown)
	}
	if created, ok := entry.Time("createTimestamp"); !ok || time.Since(created).Abs() > time.Hour {
		t.Errorf("created %v", created)
	}
	if _, ok := entry.Time("uid"); ok {
		t.Error("a login was taken for a time")
	}
	_, err = p.Read(guarded(t), "uid=ghost,ou=people,"+s.Suffix)
	wantCode(t, err, ldapconn.CodeNoSuchObject)
}

func TestASearchThatMakesNoSenseIsNotSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	for name, r := range map[string]ldapconn.Request{
		"no limit":   {Filter: ldapconn.Present("uid")},
		"no filter":  {Limit: 1},
		"bad filter": {Limit: 1, Filter: ldapconn.Prefix("uid", "")},
		"bad scope":  {Limit: 1, Filter: ldapconn.Present("uid"), Scope: "everything"},
		"bad name":   {Limit: 1, Filter: ldapconn.Present("uid"), Attributes: []string{"a)(b"}},
		"everything": {Limit: 1, Filter: ldapconn.Present("uid"), Attributes: []string{"*"}},
	} {
		if _, _, err := p.Search(guarded(t), r); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := p.Pages(guarded(t), ldapconn.Request{}, 10, nil); !errors.Is(err, ldapconn.ErrFilter) {
		t.Errorf("pages: %v", err)
	}
	if err := p.Pages(guarded(t), ldapconn.Request{Filter: ldapconn.Present("uid")}, 0, nil); err == nil {
		t.Error("pages of nothing were accepted")
	}
	if f.Connections() != 0 {
		t.Error("a connection was made for it")
	}
}

func TestARefusedSearchIsAnAnswer(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	p := open(t, config(s, s.LDAPSURL))
	for base, want := range map[string]ldapconn.Code{
		"ou=nowhere," + s.Suffix: ldapconn.CodeNoSuchObject, "nonsense": ldapconn.CodeInvalidDNSyntax,
	} {
		_, _, err := p.Search(guarded(t), ldapconn.Request{Base: base, Filter: ldapconn.Present("uid"), Limit: 1})
		wantCode(t, err, want)
	}
}

func TestPagesVisitEverybodyOnce(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 700})
	p := open(t, config(s, s.LDAPSURL))
	for _, size := range []int{7, 100, 700, 1000} {
		seen := map[string]bool{}
		err := p.Pages(guarded(t), ldapconn.Request{Base: s.Suffix, Filter: ldapconn.Present("uid")}, size, func(e ldapconn.Entry) error {
			seen[e.DN] = true
			return nil
		})
		if err != nil || len(seen) != 700 {
			t.Errorf("pages of %d: %d people, %v", size, len(seen), err)
		}
	}
	if h := p.Health(); h.Open != 1 || h.InUse != 0 {
		t.Errorf("%d connections, %d in use", h.Open, h.InUse)
	}
}

func TestAWalkEndsWithItsVisitorItsLimitAndItsContext(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 50})
	p := open(t, config(s, s.LDAPSURL))
	everybody := ldapconn.Request{Base: s.Suffix, Filter: ldapconn.Present("uid")}
	enough := errors.New("enough")
	n := 0
	err := p.Pages(guarded(t), everybody, 10, func(ldapconn.Entry) error {
		if n++; n == 15 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 15 {
		t.Errorf("visitor: %v after %d", err, n)
	}
	limited := everybody
	limited.Limit = 30
	if err := p.Pages(guarded(t), limited, 10, func(ldapconn.Entry) error { return nil }); !errors.Is(err, ldapconn.ErrTooMuch) {
		t.Errorf("limit: %v", err)
	}
	ctx, cancel := context.WithCancel(guarded(t))
	err = p.Pages(ctx, everybody, 10, func(ldapconn.Entry) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("context: %v", err)
	}
}

func TestAWalkIsNotSilentlyCutShort(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 50})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	f.Arm(testlab.Fault{Op: testlab.OpSearch, N: 3})
	n := 0
	err := p.Pages(guarded(t), ldapconn.Request{Base: s.Suffix, Filter: ldapconn.Present("uid")}, 10, func(ldapconn.Entry) error {
		n++
		return nil
	})
	if !isUnavailable(err) || n != 20 {
		t.Errorf("%d visited, %v", n, err)
	}
	if h := p.Health(); h.Open != 0 {
		t.Errorf("%d connections", h.Open)
	}
}

func TestAttributesAreComparedByTheServer(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Surname: "Doe"})
	p := open(t, config(s, s.LDAPSURL))
	for value, want := range map[string]bool{"DOE": true, "Roe": false} {
		if got, err := p.Compare(guarded(t), dn, "sn", value); err != nil || got != want {
			t.Errorf("%s: %v, %v", value, got, err)
		}
	}
	_, err := p.Compare(guarded(t), dn, "title", "x")
	wantCode(t, err, ldapconn.CodeNoSuchAttribute)
	if _, err := p.Compare(guarded(t), dn, "a b", "x"); err == nil {
		t.Error("a broken name was accepted")
	}
}

func TestAServerSaysWhatItCan(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	root, err := open(t, config(s, s.LDAPSURL)).RootDSE(guarded(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(root.NamingContexts) != 1 || root.NamingContexts[0] != s.Suffix || !root.CanModifyPasswords() || !root.HasControl("1.3.6.1.4.1.42.2.27.8.5.1") || root.HasControl("1.2.3") {
		t.Errorf("root: %+v", root)
	}
}

func TestControlsGoWithASearch(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	r := byUID(s, "x")
	r.Controls = []ldapconn.Control{{OID: "1.2.3.4.5", Critical: true}}
	_, _, err := open(t, config(s, s.LDAPSURL)).Search(guarded(t), r)
	wantCode(t, err, ldapconn.CodeUnavailableCriticalExtension)
}

// rawConn is go-ldap as it comes, for the floor of the benchmarks.
func rawConn(b *testing.B, s *testlab.SlapdServer) *ldap.Conn {
	b.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA.PEM())
	conn, err := ldap.DialURL(s.LDAPSURL, ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	if err := conn.Bind(s.HelpdeskDN, s.HelpdeskPassword); err != nil {
		b.Fatal(err)
	}
	return conn
}

// BenchmarkSearch compares a search through the pool with the same one through go-ldap alone.
func BenchmarkSearch(b *testing.B) {
	s := testlab.Slapd(b, testlab.SlapdOptions{People: 1000})
	p, err := ldapconn.Open(config(s, s.LDAPSURL))
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	attributes := []string{"cn", "mail", "uid", "departmentNumber"}
	for name, prefix := range map[string]string{"exact": "ada.baaberg0", "many": "ada"} {
		b.Run(name+"/pool", func(b *testing.B) {
			r := ldapconn.Request{Base: s.Suffix, Filter: ldapconn.Prefix("uid", prefix), Attributes: attributes, Limit: 50}
			for b.Loop() {
				if _, _, err := p.Search(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/floor", func(b *testing.B) {
			conn := rawConn(b, s)
			for b.Loop() {
				_, err := conn.Search(&ldap.SearchRequest{
					BaseDN: s.Suffix, Scope: ldap.ScopeWholeSubtree, SizeLimit: 50, Filter: "(uid=" + prefix + "*)", Attributes: attributes,
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
