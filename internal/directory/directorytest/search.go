package directorytest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func searchChecks() []check {
	return []check{
		{"SearchFindsByEveryName", (*suite).searchFindsByEveryName},
		{"SearchTakesWordsTogether", (*suite).searchTakesWordsTogether},
		{"SearchShowsAnExactLoginFirst", (*suite).searchShowsAnExactLoginFirst},
		{"SearchIgnoresCase", (*suite).searchIgnoresCase},
		{"SearchStopsAtTheLimitAndSaysSo", (*suite).searchStopsAtTheLimitAndSaysSo},
		{"SearchTakesWhatIsTypedLiterally", (*suite).searchTakesWhatIsTypedLiterally},
		{"SearchFindsAWholeMailAddressOnly", (*suite).searchFindsAWholeMailAddressOnly},
		{"SearchFindsAWholePhoneNumberOnly", (*suite).searchFindsAWholePhoneNumberOnly},
		{"SearchFindsInsideNames", (*suite).searchFindsInsideNames},
		{"SearchShowsTheState", (*suite).searchShowsTheState},
	}
}

func (s *suite) search(t *testing.T, query string, limit int) core.Found {
	t.Helper()
	found, err := s.dir.Search(limited(t), core.Query{Text: text(query), Limit: limit})
	if err != nil {
		t.Fatalf("search %q: %v", query, err)
	}
	return found
}

func (s *suite) finds(t *testing.T, query, login string) {
	t.Helper()
	if got := logins(s.search(t, query, 50).Rows, rowPerson); !slices.Contains(got, login) {
		t.Errorf("search %q finds %q, not %s", query, got, login)
	}
}

func (s *suite) findsNot(t *testing.T, query, login string) {
	t.Helper()
	if got := logins(s.search(t, query, 50).Rows, rowPerson); slices.Contains(got, login) {
		t.Errorf("search %q finds %s", query, login)
	}
}

func (s *suite) searchFindsByEveryName(t *testing.T) {
	id, p := s.someone(t, Person{
		Login: "searchable.one", GivenName: "Wilhelmina", Surname: "Quastenberg", Department: "Archive",
		Mail: "postbox.unique@corp.example", EmployeeNumber: "E0778812",
	})
	for _, query := range []string{"searchable", "searchable.one", "Wilhel", "Quasten", "Wilhelmina Quastenberg", "postbox.uni", "E0778812"} {
		s.finds(t, query, p.Login)
	}
	place := s.read(t, id).Place
	for _, r := range s.search(t, "searchable.one", 50).Rows {
		if r.ID == id && r.Place != "" && r.Place != place {
			t.Errorf("the row is in %q, the account in %q", r.Place, place)
		}
		if r.ID == id && (r.DisplayName.Raw() != p.DisplayName || r.Department.Raw() != "Archive" || r.State != core.RowFine) {
			t.Errorf("the row shows %q, %q, %q", r.DisplayName, r.Department, r.State)
		}
	}
	s.findsNot(t, "nobodyhasthisname", p.Login)
}

func (s *suite) searchTakesWordsTogether(t *testing.T) {
	_, a := s.someone(t, Person{GivenName: "Ottilie", Surname: "Brandvold"})
	_, b := s.someone(t, Person{GivenName: "Ottilie", Surname: "Zwingmann"})
	s.finds(t, "ottilie brand", a.Login)
	s.finds(t, "brand ottilie", a.Login)
	s.findsNot(t, "ottilie brand", b.Login)
	s.findsNot(t, "ottilie brand zwing", a.Login)
}

func (s *suite) searchShowsAnExactLoginFirst(t *testing.T) {
	s.someone(t, Person{Login: "exacta.more", DisplayName: "A Exacta"})
	s.someone(t, Person{Login: "exacta", DisplayName: "Z Last"})
	rows := s.search(t, "exacta", 50).Rows
	if len(rows) < 2 || rows[0].Login.Raw() != "exacta" || rows[0].Rank != core.RankExact {
		t.Errorf("found %q; the exact login is not the first", logins(rows, rowPerson))
	}
	if !slices.IsSortedFunc(rows, func(a, b core.Row) int { return int(a.Rank - b.Rank) }) {
		t.Error("the rows are not in the order of their ranks")
	}
}

func (s *suite) searchIgnoresCase(t *testing.T) {
	_, p := s.someone(t, Person{Login: "casefold.one", GivenName: "Thaddeus", Surname: "Oxenbridge"})
	for _, query := range []string{"CASEFOLD.ONE", "tHADDEUS", "OXENbridge"} {
		s.finds(t, query, p.Login)
	}
}

func (s *suite) searchStopsAtTheLimitAndSaysSo(t *testing.T) {
	for i := range 7 {
		s.someone(t, Person{Login: fmt.Sprintf("limited%d", i), Surname: "Limitedson"})
	}
	if found := s.search(t, "limitedson", 5); len(found.Rows) != 5 || !found.More {
		t.Errorf("with a limit of 5: %d rows, more: %v", len(found.Rows), found.More)
	}
	if found := s.search(t, "limitedson", 7); len(found.Rows) != 7 || found.More {
		t.Errorf("with a limit of 7: %d rows, more: %v", len(found.Rows), found.More)
	}
}

// literals are search texts that mean something to a query language, a terminal or a database.
func literals() []string {
	return []string{
		"*", "**", "a*", ")(uid=*", "*)(|(objectClass=*", "*)(uid=*))(|(uid=*", "(&(", "(|(", `\2a`, `\`, "%", "_", "' OR '1'='1", `"; DROP TABLE people; --`,
		"\x00", "literal\x00", "\xff", "\xffliteral", "\u202eliteral.one*", "（uid＝＊）", "🙂", strings.Repeat("a", 10<<10),
		"\x1b]0;x\x07", "literal.one*", "lit?ral.one", "literal_one", "literal%",
	}
}

func (s *suite) searchTakesWhatIsTypedLiterally(t *testing.T) {
	_, p := s.someone(t, Person{Login: "literal.one", Surname: "Literalsson"})
	for _, query := range literals() {
		if got := logins(s.search(t, query, 50).Rows, rowPerson); len(got) > 0 {
			t.Errorf("search %q finds %q", untrustedText(query), got)
		}
	}
	s.search(t, strings.Repeat("literal ", 1<<10), 50) // is answered, whatever is found
	s.finds(t, "literal.one", p.Login)
}

func (s *suite) searchFindsAWholeMailAddressOnly(t *testing.T) {
	_, p := s.someone(t, Person{Mail: "whole.address@mailfirst.example"})
	s.finds(t, "whole.address@mailfirst.example", p.Login)
	for _, part := range []string{"whole.address@mailfirst", "whole.address@", "mailfirst.example", "@mailfirst.example"} {
		s.findsNot(t, part, p.Login)
	}
}

func (s *suite) searchFindsAWholePhoneNumberOnly(t *testing.T) {
	need(t, s.traits.PhoneSearch, "a search by telephone number")
	_, p := s.someone(t, Person{Mobile: "+47 90817263"})
	for _, whole := range []string{"+47 90817263", "+4790817263", "47 90 81 72 63"} {
		s.finds(t, whole, p.Login)
	}
	for _, part := range []string{"90817263", "908172", "+47 9081726", "7263", "+47 908172635"} {
		s.findsNot(t, part, p.Login)
	}
}

func (s *suite) searchFindsInsideNames(t *testing.T) {
	need(t, s.traits.Substrings, "a search inside names")
	_, p := s.someone(t, Person{Login: "substring.one", Surname: "Havelockmeyer"})
	s.finds(t, "lockmey", p.Login)
	rows := s.search(t, "lockmey", 50).Rows
	if len(rows) != 1 || rows[0].Rank != core.RankSubstring {
		t.Errorf("found %q with other ranks than that of a substring", logins(rows, rowPerson))
	}
}

func (s *suite) searchShowsTheState(t *testing.T) {
	_, p := s.someone(t, Person{Login: "lockedrow.one"})
	s.f.Lock(t, p.Login)
	rows := s.search(t, p.Login, 50).Rows
	if len(rows) != 1 || rows[0].State != core.RowLocked && rows[0].State != core.RowNotKnown {
		t.Errorf("found %+v; want one row that is locked", rows)
	}
}

func untrustedText(s string) string { return text(s).DisplayMax(80) }
