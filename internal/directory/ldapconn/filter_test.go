package ldapconn_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// hostileValues is what somebody types who knows how filters are written.
func hostileValues() []string {
	return []string{
		"*", ")(uid=*", "*)(|(objectClass=*", "\x00", `\2a`, `\`, "\xff", "\xc3\x28", strings.Repeat("A", 10<<10), "(&(",
		"\u202e", "😀", "（uid＝＊）", "a*b", "a\x00b", "(", ")", "&", "|", "!", "~=", ">=", ":dn:", "a=b", " ", "  jane  ", "\n", "\ufffd", "é", "e\u0301",
		"jane)(userPassword=*", "*)(uid=*))(|(uid=*",
	}
}

// assertion is one leaf of a filter on the wire.
type assertion struct {
	tag              ber.Tag
	attribute, value string
}

// decodeFilter reads the filter out of a search request as it was on the wire.
func decodeFilter(t testing.TB, raw []byte) []assertion {
	t.Helper()
	message, err := ber.DecodePacketErr(raw)
	if err != nil {
		t.Fatal(err)
	}
	return leaves(message.Children[1].Children[6])
}

func leaves(p *ber.Packet) []assertion {
	switch p.Tag {
	case ldap.FilterAnd, ldap.FilterOr, ldap.FilterNot:
		var all []assertion
		for _, child := range p.Children {
			all = append(all, leaves(child)...)
		}
		return all
	case ldap.FilterPresent:
		return []assertion{{tag: p.Tag, attribute: p.Data.String()}}
	case ldap.FilterSubstrings:
		a := assertion{tag: p.Tag, attribute: p.Children[0].Data.String()}
		for _, part := range p.Children[1].Children {
			a.value += part.Data.String()
		}
		return []assertion{a}
	}
	return []assertion{{p.Tag, p.Children[0].Data.String(), p.Children[1].Data.String()}}
}

// T54: whatever is typed is one value of one assertion, on the wire and to the server.
func TestAHostileValueIsOneAssertionOnTheWire(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 20})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	for _, value := range hostileValues() {
		for tag, build := range map[ber.Tag]func(string, string) ldapconn.Filter{
			ldap.FilterEqualityMatch: ldapconn.Equal, ldap.FilterGreaterOrEqual: ldapconn.GreaterOrEqual,
			ldap.FilterLessOrEqual: ldapconn.LessOrEqual, ldap.FilterSubstrings: ldapconn.Substring,
		} {
			before := len(f.Requests(testlab.OpSearch))
			entries, _, err := p.Search(guarded(t), ldapconn.Request{Base: s.Suffix, Filter: build("employeeType", value), Limit: 5})
			if tag == ldap.FilterSubstrings && !utf8.ValidString(value) {
				if !errors.Is(err, ldapconn.ErrFilter) {
					t.Errorf("substring %q: %v", value, err)
				}
				continue
			}
			if _, refused := ldapconn.CodeOf(err); err != nil && !refused || len(entries) != 0 {
				t.Errorf("%d %.20q: %d entries, %v", tag, value, len(entries), err)
			}
			got := decodeFilter(t, f.Requests(testlab.OpSearch)[before].Raw)
			if want := (assertion{tag, "employeeType", value}); len(got) != 1 || got[0] != want {
				t.Errorf("%d %.20q: on the wire %d assertions: %.80v", tag, value, len(got), got)
			}
		}
	}
}

func TestAHostileValueFindsItsOwnerAndNobodyElse(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 20})
	p := open(t, config(s, s.LDAPSURL))
	// "(&(" and the brackets are logins as good as any; the server itself folds spaces and composed characters.
	for _, login := range []string{"*", ")(uid=*", `\2a`, "(&(", "\u202e", "😀", "（uid＝＊）", "a*b"} {
		dn := s.AddPerson(t, testlab.Person{UID: "x" + login})
		for name, f := range map[string]ldapconn.Filter{
			"equal": ldapconn.Equal("uid", "x"+login), "prefix": ldapconn.Prefix("uid", "x"+login),
			"substring": ldapconn.Substring("uid", "x"+login),
		} {
			entries, _, err := p.Search(guarded(t), ldapconn.Request{Base: s.Suffix, Filter: f, Attributes: []string{"uid"}, Limit: 50})
			if err != nil || len(entries) != 1 || entries[0].First("uid") != "x"+login {
				t.Errorf("%s %q: %d entries, %v", name, login, len(entries), err)
			}
		}
		s.Delete(t, dn)
	}
}

func TestFiltersCombine(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for uid, locked := range map[string]bool{"jane.doe": true, "jane.roe": false, "max.doe": false} {
		person := testlab.Person{UID: uid, EmployeeNumber: "1" + uid[:1]}
		if locked {
			person.More = testlab.Attributes{"pwdAccountLockedTime": {"20260101000000Z"}}
		}
		s.AddPerson(t, person)
	}
	p := open(t, config(s, s.LDAPSURL))
	doe, jane := ldapconn.Substring("uid", ".do"), ldapconn.Prefix("uid", "jan")
	for name, tc := range map[string]struct {
		filter ldapconn.Filter
		want   int
	}{
		"and":     {ldapconn.And(doe, jane), 1},
		"or":      {ldapconn.Or(doe, jane), 3},
		"not":     {ldapconn.And(jane, ldapconn.Not(doe)), 1},
		"present": {ldapconn.Present("pwdAccountLockedTime"), 1},
		"before":  {ldapconn.LessOrEqual("pwdAccountLockedTime", "20260101000001Z"), 1},
		"after":   {ldapconn.GreaterOrEqual("pwdAccountLockedTime", "20260101000001Z"), 0},
		"one":     {ldapconn.And(jane), 2},
	} {
		got := mustSearch(t, p, ldapconn.Request{Base: s.Suffix, Filter: tc.filter, Limit: 10})
		if len(got) != tc.want {
			t.Errorf("%s: %d entries, want %d", name, len(got), tc.want)
		}
	}
}

func TestAFilterThatWouldMatchEverybodyIsRefused(t *testing.T) {
	t.Parallel()
	deep := ldapconn.Present("a")
	for range 10 {
		deep = ldapconn.Not(deep)
	}
	for name, f := range map[string]ldapconn.Filter{
		"zero":              {},
		"empty prefix":      ldapconn.Prefix("uid", ""),
		"empty substring":   ldapconn.Substring("uid", ""),
		"and of nothing":    ldapconn.And(),
		"or of nothing":     ldapconn.Or(),
		"and of a bad one":  ldapconn.And(ldapconn.Present("uid"), ldapconn.Prefix("uid", "")),
		"not of a bad one":  ldapconn.Not(ldapconn.Filter{}),
		"injected name":     ldapconn.Equal("uid=*)(cn", "x"),
		"empty name":        ldapconn.Present(""),
		"name with a space": ldapconn.Present("u id"),
		"name with a NUL":   ldapconn.Present("uid\x00"),
		"long name":         ldapconn.Present(strings.Repeat("a", 300)),
		"too long":          ldapconn.Equal("uid", strings.Repeat("é", 20<<10)),
		"too deep":          deep,
	} {
		if err := f.Err(); !errors.Is(err, ldapconn.ErrFilter) {
			t.Errorf("%s: %v", name, err)
		}
		if f.String() == "" {
			t.Errorf("%s: no text", name)
		}
	}
}

func TestGoodAttributeNamesAreAccepted(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"uid", "cn;lang-de", "2.5.4.3", "msDS-User-Account-Control-Computed", "x500UniqueIdentifier;binary"} {
		if err := ldapconn.Present(name).Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFilterDoesNotTellItsValues(t *testing.T) {
	t.Parallel()
	if got := ldapconn.Equal("mail", "jane@example.org").String(); strings.Contains(got, "jane") {
		t.Errorf("got %q", got)
	}
}

// FuzzFilter builds filters of any name and value: what go-ldap compiles of them is what was meant, or they are refused.
func FuzzFilter(f *testing.F) {
	for _, value := range hostileValues() {
		f.Add("uid", value)
	}
	f.Add("uid=*)(cn", "x")
	f.Fuzz(func(t *testing.T, name, value string) {
		for tag, filter := range map[ber.Tag]ldapconn.Filter{
			ldap.FilterEqualityMatch:  ldapconn.Equal(name, value),
			ldap.FilterSubstrings:     ldapconn.And(ldapconn.Prefix(name, value)),
			ldap.FilterGreaterOrEqual: ldapconn.Not(ldapconn.GreaterOrEqual(name, value)),
		} {
			if filter.Err() != nil {
				continue
			}
			packet, err := ldap.CompileFilter(ldapconn.FilterText(filter))
			if err != nil {
				t.Fatalf("%q %q does not compile: %v", name, value, err)
			}
			if got, want := leaves(packet), (assertion{tag, name, value}); len(got) != 1 || got[0] != want {
				t.Fatalf("got %+v, want %+v", got, want)
			}
		}
	})
}
