package directorytest

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func resolveChecks() []check {
	return []check{
		{"ResolveFindsALoginAMailAddressAndAnID", (*suite).resolveFindsOne},
		{"ResolveFindsNobodyByAPart", (*suite).resolveFindsNobodyByAPart},
		{"ResolveFindsBothOfTwoWithOneAddress", (*suite).resolveFindsBoth},
	}
}

func (s *suite) resolve(t *testing.T, name string) []core.AccountID {
	t.Helper()
	ids, err := s.dir.Resolve(limited(t), text(name))
	if err != nil {
		t.Fatalf("resolve %q: %v", untrustedText(name), err)
	}
	return ids
}

func (s *suite) resolveFindsOne(t *testing.T) {
	id, p := s.someone(t, Person{Login: "resolvable.one", Mail: "resolvable.mail@corp.example"})
	for _, name := range []string{p.Login, "RESOLVABLE.one", p.Mail, id.Key} {
		if got := s.resolve(t, name); len(got) != 1 || got[0] != id {
			t.Errorf("%q resolves to %v, want %v", name, got, id)
		}
	}
	if id.Directory != s.dir.Name() {
		t.Errorf("the account is in %q, the directory is called %q", id.Directory, s.dir.Name())
	}
}

func (s *suite) resolveFindsNobodyByAPart(t *testing.T) {
	s.someone(t, Person{Login: "resolvable.two", Mail: "resolvable2.mail@corp.example"})
	for _, name := range append(literals(), "resolvable.t", "resolvable", "resolvable2.mail@", "resolvable.two*", "") {
		if got := s.resolve(t, name); len(got) != 0 {
			t.Errorf("%q resolves to %v", untrustedText(name), got)
		}
	}
}

func (s *suite) resolveFindsBoth(t *testing.T) {
	a, p := s.someone(t, Person{Mail: "shared.desk@corp.example"})
	b, _ := s.someone(t, Person{Mail: p.Mail})
	got := s.resolve(t, p.Mail)
	if len(got) != 2 || got[0] == got[1] || (got[0] != a && got[0] != b) || (got[1] != a && got[1] != b) {
		t.Errorf("resolves to %v, want %v and %v", got, a, b)
	}
}
