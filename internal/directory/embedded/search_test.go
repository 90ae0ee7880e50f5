package embedded

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/index"
)

func staff() []Person {
	return []Person{
		{
			Login: text("jane.doe"), GivenName: text("Jane"), Surname: text("Doe"), DisplayName: text("Jane Doe"), Department: text("Finance"),
			Mail: text("jane.doe@demo.example"), AlternateMails: texts("jd@home.example"), Mobile: text("+47 912 34 567"), EmployeeNumber: text("40017"), UPN: text("jane@corp.demo.example"),
		},
		{Login: text("jane"), GivenName: text("Jane"), Surname: text("Zwick"), DisplayName: text("Jane Zwick"), Mail: text("zwick@demo.example"), Mobile: text("12345")},
		{Login: text("jdahl"), GivenName: text("Jane"), Surname: text("Dahl"), DisplayName: text("Jane Dahl"), Mail: text("shared@demo.example"), BusinessPhones: texts("+47 2200 0000")},
		{Login: text("mjane"), DisplayName: text("Marijane Berg"), Mail: text("shared@demo.example"), BusinessPhones: texts("004722000000")},
		{Login: text("u40017"), DisplayName: text("Not The Number")},
		{Login: text("xm.wang"), DisplayName: text("王小明")},
		{Login: text("jmuller"), GivenName: text("Jürgen"), Surname: text("Müller"), DisplayName: text("Jürgen Müller")},
		{Login: text("eve"), DisplayName: text("\x1b]0;owned\x07Eve \x1b[31mRed\u202e")},
	}
}

func TestWhatIsTypedFindsWhoIsMeant(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	for query, want := range map[string]string{
		"jane":                     "jane jdahl jane.doe mjane", // the login first, then by name, then inside
		"jane d":                   "jdahl jane.doe",
		"jane doe":                 "jane.doe",
		"JANE.DOE":                 "jane.doe",
		"40017":                    "jane.doe u40017", // the number before a login that holds it
		"4001":                     "jane.doe u40017",
		"jane.doe@demo.example":    "jane.doe",
		"JANE.DOE@DEMO.EXAMPLE":    "jane.doe",
		"jd@home.example":          "jane.doe",
		"jane@corp.demo.example":   "jane.doe",
		"shared@demo.example":      "jdahl mjane",
		"shared@demo.exampl":       "",
		"shared@":                  "",
		"shared":                   "jdahl mjane", // the local part is looked for like a name
		"zwick@demo":               "",
		"+47 912 34 567":           "jane.doe",
		"004791234567":             "jane.doe",
		"(47) 91-23-45.67":         "jane.doe",
		"91234567":                 "",
		"+47 912 34 56":            "",
		"+47 22000000":             "jdahl mjane",
		"12345":                    "", // too short to be looked for
		"jane shared@demo.example": "jdahl mjane",
		"dahl shared@demo.example": "jdahl",
		"doe +4791234567":          "jane.doe",
		"zwick +4791234567":        "",
		"jd@home.example 40017":    "jane.doe",
		"muller":                   "jmuller",
		"Mueller":                  "jmuller",
		"王":                        "xm.wang",
		"小明":                       "xm.wang",
		"eve red":                  "eve",
		"finance":                  "", // departments are shown, not searched
		"\x1b":                     "eve",
		"\u202e":                   "",
		"":                         "",
	} {
		if got := strings.Join(find(t, d, query), " "); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

// T54: what means something to a query language is a letter like any other.
func TestSearchTextsAreNotInterpreted(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, append(staff(), Person{Login: text("star*"), DisplayName: text("Star (*) %_ \\2a")})...)
	for query, want := range map[string]string{
		"*": "", "star*": "star*", "%": "star*", "%_": "star*", "_": "", "(*)": "star*", `\2a`: "star*", ")(uid=*": "", "*)(|(objectClass=*": "",
		"(&(": "", "' OR 1=1 --": "", "\x00": "", "jane\x00": "", "\xff": "", "jane\xff": "", "（uid＝＊）": "", "🙂": "", "(＊)": "star*",
		strings.Repeat("a", 10<<10): "", strings.Repeat("jane ", 2<<10): "",
	} {
		if got := strings.Join(find(t, d, query), " "); got != want {
			t.Errorf("%.40q finds %q, want %q", query, got, want)
		}
	}
}

// T84: rows carry hostile names whole, and show them harmlessly.
func TestHostileNamesAreShownAsVisibleEscapes(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	var hostile strings.Builder
	for c := rune(1); c < 0xa0; c++ {
		if c < 0x20 || c >= 0x7f {
			hostile.WriteRune(c)
		}
	}
	name := "Mallory " + hostile.String() + "\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://x\x1b\\\u202e\u2066\u200b\ufeff\U000e0041"
	load(t, d, Person{Login: text("mallory"), DisplayName: text(name), Department: text(name), Title: text(name), Office: text(name), Manager: text("mallory")})
	found, err := d.Search(t.Context(), core.Query{Text: text("mallory")})
	if err != nil || len(found.Rows) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	a := account(t, d, "mallory")
	for what, v := range map[string]fmt.Stringer{
		"row": found.Rows[0].DisplayName, "department": found.Rows[0].Department, "name": a.DisplayName, "title": a.Title, "office": a.Office, "manager": a.Manager.DisplayName,
	} {
		if shown := v.String(); strings.ContainsFunc(shown, func(r rune) bool {
			return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x200b || r == 0xfeff
		}) {
			t.Errorf("%s is shown as %q", what, shown)
		}
	}
	if a.DisplayName.Raw() != name {
		t.Errorf("the name was kept as %q", a.DisplayName.Raw())
	}
}

func TestRowsAreRankedAndTheLimitIsHonest(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	for limit, wantMore := range map[int]bool{1: true, 3: true, 4: false, 5: false} {
		found, err := d.Search(t.Context(), core.Query{Text: text("jane"), Limit: limit})
		if err != nil || len(found.Rows) != min(limit, 4) || found.More != wantMore || found.Indexing {
			t.Errorf("limit %d: %d rows, more %v, indexing %v, %v", limit, len(found.Rows), found.More, found.Indexing, err)
		}
	}
	found, err := d.Search(t.Context(), core.Query{Text: text("jane")})
	if err != nil {
		t.Fatal(err)
	}
	var ranks []core.Rank
	for _, r := range found.Rows {
		ranks = append(ranks, r.Rank)
	}
	if want := []core.Rank{core.RankExact, core.RankPrefix, core.RankPrefix, core.RankSubstring}; !slices.Equal(ranks, want) {
		t.Errorf("ranks %v, want %v", ranks, want)
	}
}

func TestWhileTheIndexIsBuiltTheDatabaseAnswers(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	d.finder.refreshing.Lock() // nobody finishes an index
	d.finder.state.Store(nil)
	defer d.finder.refreshing.Unlock()
	for query, want := range map[string]string{
		"jane": "jane jdahl jane.doe", "jane do": "jane.doe", "doe ja": "jane.doe", "mull": "jmuller", "40017": "jane.doe",
		"shared@demo.example": "jdahl mjane", "zzz": "", "": "",
	} {
		found, err := d.Search(t.Context(), core.Query{Text: text(query), Limit: 50})
		if got := strings.Join(logins(found.Rows), " "); err != nil || got != want || !found.Indexing {
			t.Errorf("%q finds %q, indexing %v, %v; want %q", query, got, found.Indexing, err, want)
		}
	}
	if h := d.Probe(t.Context()); h.Level != core.Amber || h.Said.ID != "directory.indexing" {
		t.Errorf("health %+v", h)
	}
}

func TestAnImportByAnotherProcessIsFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(scratch(t), "people.db")
	mine, err := openAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mine.Close() }()
	load(t, mine, staff()...)
	theirs, err := openAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = theirs.Close() }()
	load(t, theirs, Person{Login: text("newcomer"), DisplayName: text("Nora Newcomer")}, Person{Login: text("jdahl"), DisplayName: text("Jane Married")})
	until(t, func() bool {
		return slices.Equal(find(t, mine, "nora new"), []string{"newcomer"}) && slices.Equal(find(t, mine, "married"), []string{"jdahl"})
	})
	if got := find(t, mine, "jane dahl"); len(got) != 1 || got[0] != "jdahl" {
		t.Errorf("by the old surname: %q", got) // the surname was not given, and stays
	}
}

// until polls a condition; the search itself asks for the index to be brought up to date.
func until(tb testing.TB, condition func() bool) {
	tb.Helper()
	again, guard := time.NewTicker(2*time.Millisecond), time.NewTimer(time.Minute)
	defer again.Stop()
	defer guard.Stop()
	for !condition() {
		select {
		case <-again.C:
		case <-guard.C:
			tb.Fatal("it did not happen")
		}
	}
}

func TestManyChangesLeadToANewIndex(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	loadBatch(t, d, Batch{People: crowd(mostFresh+10, "")})
	until(t, func() bool {
		x, upToDate := d.finder.current(2)
		return upToDate && x.Fresh() == 0 && x.Len() == mostFresh+10+len(staff())
	})
	if got := find(t, d, "anna smith"); len(got) != 12 {
		t.Errorf("found %d", len(got))
	}
}

func TestSearchFindsWhatLookingAtEverybodyFinds(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	people := slices.Collect(crowd(700, ""))
	load(t, d, people...)
	texts := map[string]string{}
	for _, p := range people {
		texts[p.Login.Raw()] = derive(&p).text
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SampledFrom(people).Draw(rt, "somebody")
		part := func(s string) string {
			from := rapid.IntRange(0, len([]rune(s))-1).Draw(rt, "from")
			return string([]rune(s)[from:min(len([]rune(s)), from+rapid.IntRange(1, 5).Draw(rt, "length"))])
		}
		query := part(p.GivenName.Raw())
		if rapid.Bool().Draw(rt, "two words") {
			query += " " + part(rapid.SampledFrom(people).Draw(rt, "another").Surname.Raw())
		}
		q := index.NewQuery(query)
		want := map[string]core.Rank{}
		for login, text := range texts {
			if m := q.Match(text); m != index.NoMatch {
				want[login] = rankOf(m)
			}
		}
		found, err := d.Search(t.Context(), core.Query{Text: text(query), Limit: 1000})
		if err != nil || len(found.Rows) != len(want) || found.More {
			rt.Fatalf("%q: %d rows, want %d, %v", query, len(found.Rows), len(want), err)
		}
		for _, r := range found.Rows {
			if want[r.Login.Raw()] != r.Rank {
				rt.Errorf("%q: %s has rank %d, want %d", query, r.Login, r.Rank, want[r.Login.Raw()])
			}
		}
	})
}

func TestNamesResolveToWhoeverHasThem(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	for name, want := range map[string]int{
		"jane.doe": 1, "JANE.DOE": 1, " jane.doe ": 1, "jane@corp.demo.example": 1, "jane.doe@demo.example": 1, "shared@demo.example": 2,
		"jd@home.example": 0, // an alternate address is not a name
		"+47 912 34 567":  0, "40017": 0, "jane.d": 0, "": 0, "*": 0, "\x00": 0, strings.Repeat("x", 1<<20): 0,
	} {
		ids, err := d.Resolve(t.Context(), text(name))
		if err != nil || len(ids) != want {
			t.Errorf("%.40q resolves to %v, %v; want %d", name, ids, err, want)
		}
	}
	id := resolve(t, d, "jane.doe")
	if again := resolve(t, d, id.Key); again != id || len(id.Key) != 32 {
		t.Errorf("id %v resolves to %v", id, again)
	}
}
