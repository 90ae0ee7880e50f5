package openldap

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func find(tb testing.TB, d *Directory, query string, limit int) core.Found {
	tb.Helper()
	found, err := d.Search(guarded(tb), core.Query{Text: raw(query), Limit: limit})
	if err != nil {
		tb.Fatalf("search %q: %v", query, err)
	}
	return found
}

func loginsOf(rows []core.Row) []string {
	out := make([]string, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.Login.Raw())
	}
	return out
}

func TestSearchRanksWhatItFinds(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := ready(t, options(s))
	for _, p := range []testlab.Person{
		{UID: "hans", GivenName: "Zoe", Surname: "Last", EmployeeNumber: "E100"},
		{UID: "a1", GivenName: "Hans", Surname: "Olsen", Mail: "hans.olsen@example.org", Mobile: "+47 91234567"},
		{UID: "a2", GivenName: "Anne", Surname: "Hansen", EmployeeNumber: "E1001"},
		{UID: "a3", GivenName: "Ola", Surname: "Johanson", Mail: "ola@hansberg.example"},
		{UID: "a4", GivenName: "Anna Hansine", Surname: "Vik", More: testlab.Attributes{"displayName": {"Hansine Vik"}}},
		{UID: "a5", GivenName: "Per", Surname: "Vik", More: testlab.Attributes{"uid": {"a5", "hanske"}}},
	} {
		add(t, s, p)
	}
	for _, tc := range []struct {
		query string
		want  string // login:rank
	}{
		{"hans", "[hans:1 a2:2 a1:2 a4:2 a5:2 a3:3]"}, // a4 is found inside of its name and begins a word of it
		{"HANS", "[hans:1 a2:2 a1:2 a4:2 a5:2 a3:3]"},
		{"ｈａｎｓ", "[hans:1 a2:2 a1:2 a4:2 a5:2 a3:3]"},
		{"hans olsen", "[a1:2]"},
		{"olsen  hans", "[a1:2]"},
		{"hansen anne hansen", "[a2:2]"},
		{"hanson", "[a3:3]"},
		{"E100", "[hans:1 a2:2]"},
		{"e1001", "[a2:1]"},
		{"hans.ol", "[a1:2]"},
		{"hans.olsen@example.org", "[a1:1]"},
		{"hans.olsen@example", "[]"},
		{"hans@", "[]"},
		{"hansberg", "[]"},
		{"+47 91234567", "[a1:1]"},
		{"0047 91 23 45 67", "[a1:1]"},
		{"91234567", "[]"},
		{"anne +47 91234567", "[]"},
		{"vi", "[a4:2 a5:2]"},
		{"vik ha", "[a5:2]"}, // what begins a second word is inside of the value: from four letters on
		{"vik hans", "[a4:2 a5:2]"},
		{"ik", "[]"}, // too short for the inside of names
		{"v", "[]"},
		{"", "[]"},
		{"   ", "[]"},
		{strings.Repeat("hans ", 60), "[]"},
		{"h a n s o l v i k", "[]"},
	} {
		var got []string
		for _, r := range find(t, d, tc.query, 50).Rows {
			got = append(got, fmt.Sprintf("%s:%d", r.Login.Raw(), r.Rank))
		}
		slices.SortStableFunc(got, func(a, b string) int { return int(a[len(a)-1]) - int(b[len(b)-1]) })
		if want := tc.want; fmt.Sprint(got) != want && !sameRanks(got, want) {
			t.Errorf("%q finds %v, want %s", tc.query, got, want)
		}
	}
}

// sameRanks compares without the order of rows of one rank, which is by name.
func sameRanks(got []string, want string) bool {
	wanted := strings.Fields(strings.Trim(want, "[]"))
	slices.Sort(wanted)
	got = slices.Sorted(slices.Values(got))
	return slices.Equal(got, wanted)
}

func TestTheExactLoginComesFirstAlsoAmongMoreThanFit(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 300})
	d := ready(t, options(s))
	want := testlab.SyntheticPerson(299)
	add(t, s, testlab.Person{UID: want.GivenName, Surname: "Latecomer"})
	found := find(t, d, want.GivenName, 5)
	if len(found.Rows) != 5 || !found.More || found.Rows[0].Login.Raw() != want.GivenName || found.Rows[0].Rank != core.RankExact {
		t.Errorf("found %v, more: %v", loginsOf(found.Rows), found.More)
	}
}

func TestMoreIsSaidWhenMoreIsInsideOfNames(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := ready(t, options(s))
	for i := range 3 {
		add(t, s, testlab.Person{UID: fmt.Sprintf("first%d", i), Surname: "Lockhart"})
		add(t, s, testlab.Person{UID: fmt.Sprintf("second%d", i), Surname: "Havelockson"})
	}
	for limit, want := range map[int]bool{2: true, 3: true, 5: true, 6: false, 50: false} {
		found := find(t, d, "lock", limit)
		if found.More != want || len(found.Rows) != min(limit, 6) || found.Rows[0].Rank != core.RankPrefix {
			t.Errorf("limit %d: %v, more: %v", limit, loginsOf(found.Rows), found.More)
		}
	}
}

func TestRowsShowTheWorstOfTheState(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := ready(t, options(s))
	for uid, tc := range map[string]struct {
		changes testlab.Attributes
		want    core.RowState
	}{
		"row.fine": {nil, core.RowFine}, "row.locked": {testlab.Attributes{attrLocked: {ago(time.Minute)}, attrReset: {"TRUE"}}, core.RowLocked},
		"row.expired": {testlab.Attributes{attrChanged: {ago(100 * day)}}, core.RowExpired}, "row.reset": {testlab.Attributes{attrReset: {"TRUE"}}, core.RowMustChange},
		"row.off": {testlab.Attributes{attrStart: {ahead(day)}, attrLocked: {ago(time.Minute)}}, core.RowDisabled},
	} {
		dn, _ := add(t, s, testlab.Person{UID: uid})
		if tc.changes != nil {
			s.ModifyOperational(t, dn, tc.changes)
		}
		if rows := find(t, d, uid, 5).Rows; len(rows) != 1 || rows[0].State != tc.want || rows[0].Place != "OU=people,DC=example,DC=org" {
			t.Errorf("%s: %+v", uid, rows)
		}
	}
	access(t, s, append([]string{"to attrs=" + attrLocked + " by * none"}, usualAccess(s)...)...)
	if err := d.learn(guarded(t)); err != nil {
		t.Fatal(err)
	}
	if rows := find(t, d, "row.fine", 5).Rows; len(rows) != 1 || rows[0].State != core.RowNotKnown {
		t.Errorf("what may not be read is shown as %+v", rows)
	}
	if rows := find(t, d, "row.reset", 5).Rows; len(rows) != 1 || rows[0].State != core.RowMustChange {
		t.Errorf("what may be read is shown as %+v", rows)
	}
	if lists := d.Can().ListStates; len(lists) != 0 {
		t.Errorf("lists %v of what may not be read", lists)
	}
}

// hostile are search texts that mean something to a query language, a terminal or a database.
func hostile() []string {
	return []string{
		"*", "**", "a*", ")(uid=*", "*)(|(objectClass=*", "*)(uid=*))(|(uid=*", "(&(", "(|(", `\2a`, `\`, `\\2a`, "\x00", "jane\x00", "\xff", "\xffjane",
		"\u202ejane*", "（uid＝＊）", "🙂🙂", strings.Repeat("a", 10<<10), "jane)(objectClass=*", "jane*", "jan?", "uid=jane", "*)(userPassword=*",
		"ｊane＊", "\u0000\u0000", "ja\u0000ne", "jane\n(uid=*)", "%2a", "&&", "||", "!jane", "=*", ">=a", "~=jane",
	}
}

// T54: on the wire a hostile text is one value in the same filter that an ordinary word gets.
func TestHostileTextIsAValueAndNothingElse(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	_, id := add(t, s, testlab.Person{UID: "jane", GivenName: "Jane", Surname: "Doe", Mail: "jane@example.org"})
	shapes := func(do func()) []string {
		before := len(proxy.Requests(testlab.OpSearch))
		do()
		var out []string
		for _, r := range proxy.Requests(testlab.OpSearch)[before:] {
			out = append(out, filterShape(t, r.Raw))
		}
		return out
	}
	var ordinary []string
	for _, word := range []string{"q", "qq", "qqqq", "qq qq", "q q", "q qq", "qqq qqqq", "q q q", "qq@qq", "qqqq qq@"} {
		ordinary = append(ordinary, shapes(func() { find(t, d, word, 5) })...)
	}
	resolving := shapes(func() { _, _ = d.Resolve(guarded(t), raw("qq")) })
	for _, text := range hostile() {
		for _, shape := range shapes(func() {
			if found := find(t, d, text, 5); len(found.Rows) > 0 {
				t.Errorf("%q finds %v", text, loginsOf(found.Rows))
			}
		}) {
			if !slices.Contains(ordinary, shape) {
				t.Errorf("%q makes another filter: %s", text, shape)
			}
		}
		for _, shape := range shapes(func() {
			if ids, err := d.Resolve(guarded(t), raw(text)); err != nil || len(ids) > 0 {
				t.Errorf("%q resolves to %v, %v", text, ids, err)
			}
		}) {
			if shape != resolving[0] {
				t.Errorf("%q makes another filter: %s", text, shape)
			}
		}
	}
	if found := find(t, d, "jane", 5); len(found.Rows) != 1 || found.Rows[0].ID != id {
		t.Errorf("the harness finds nobody at all: %v", found)
	}
}

// filterShape is the filter of a search request with its values left out (RFC 4511 section 4.5.1).
func filterShape(t *testing.T, message []byte) string {
	t.Helper()
	_, message, _ = tlv(t, message)  // LDAPMessage
	_, _, message = tlv(t, message)  // messageID
	_, request, _ := tlv(t, message) // searchRequest
	for range 6 {                    // base, scope, deref, size, time, types
		_, _, request = tlv(t, request)
	}
	tag, content, _ := tlv(t, request)
	return shapeOf(t, tag, content)
}

func shapeOf(t *testing.T, tag byte, content []byte) string {
	t.Helper()
	const and, or, not = 0xa0, 0xa1, 0xa2
	if tag != and && tag != or && tag != not {
		if tag == 0x87 { // present: the content is the attribute
			return "present " + string(content)
		}
		_, attribute, rest := tlv(t, content)
		valueTag, value, _ := tlv(t, rest)
		if valueTag == 0x30 { // substrings: which parts there are
			parts := ""
			for len(value) > 0 {
				var part byte
				part, _, value = tlv(t, value)
				parts += fmt.Sprintf(" %#x", part)
			}
			return fmt.Sprintf("%#x %s%s", tag, attribute, parts)
		}
		return fmt.Sprintf("%#x %s", tag, attribute)
	}
	var inner []string
	for len(content) > 0 {
		var t2 byte
		var c []byte
		t2, c, content = tlv(t, content)
		inner = append(inner, shapeOf(t, t2, c))
	}
	return fmt.Sprintf("%#x(%s)", tag, strings.Join(inner, ", "))
}

// tlv takes one BER element off b.
func tlv(t *testing.T, b []byte) (tag byte, content, rest []byte) {
	t.Helper()
	if len(b) < 2 {
		t.Fatal("a request that ends within a header")
	}
	length, at := int(b[1]), 2
	if length >= 0x80 {
		n := length & 0x7f
		length = 0
		for _, octet := range b[2 : 2+n] {
			length = length<<8 | int(octet)
		}
		at += n
	}
	return b[0], b[at : at+length], b[at+length:]
}

// T56: two people with one address are both told, so that the caller must say which.
func TestTwoPeopleWithOneAddressAreBothResolved(t *testing.T) {
	t.Parallel()
	s := slapdWithSharedMail(t)
	d := open(t, options(s))
	_, a := add(t, s, testlab.Person{UID: "one", Mail: "shared@example.org"})
	_, b := add(t, s, testlab.Person{UID: "two", Mail: "Shared@Example.org"})
	ids, err := d.Resolve(guarded(t), raw("shared@example.org"))
	if err != nil || len(ids) != 2 || !slices.Contains(ids, a) || !slices.Contains(ids, b) {
		t.Errorf("resolves to %v, %v", ids, err)
	}
	if found := find(t, d, "shared@example.org", 5); len(found.Rows) != 2 || found.Rows[0].Rank != core.RankExact {
		t.Errorf("finds %v", found)
	}
}

func TestASearchEndsWithTheNextKey(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	add(t, s, testlab.Person{UID: "jane"})
	struck := proxy.Arm(testlab.Fault{Op: testlab.OpSearch, Act: testlab.ActDelay, Delay: guardTime})
	ctx, cancel := context.WithCancel(guarded(t))
	go func() {
		<-struck
		cancel()
	}()
	began := time.Now()
	_, err := d.Search(ctx, core.Query{Text: raw("jane")})
	want(t, err, core.CodeUnavailable, core.NothingChanged, "error.cancelled")
	if took := time.Since(began); took > guardTime/2 {
		t.Errorf("it took %v to notice", took)
	}
	if found := find(t, d, "jane", 5); len(found.Rows) != 1 {
		t.Errorf("the next search finds %v", found)
	}
}

// With the index missing slapd would read every entry: a search goes without that attribute.
func TestNoSearchUsesAnAttributeWithoutItsIndex(t *testing.T) {
	t.Parallel()
	d := open(t, offline())
	slow := func(all ...index) *indexes {
		x := &indexes{slow: map[index]bool{}}
		for _, i := range all {
			x.slow[i] = true
		}
		return x
	}
	c := d.clauses()
	names := c.settings.prefix
	count := func(x *indexes, text string, inside bool) (words int, indexed bool) {
		c.indexes = x
		q, ok := newQuery(text)
		if !ok {
			t.Fatalf("%q is no query", text)
		}
		_, indexed = c.words(q, inside)
		return len(c.word(q.words[0], inside)), indexed
	}
	if n, ok := count(slow(), "jane", true); n != len(names)+len(c.settings.inside) || !ok {
		t.Errorf("with every index: %d clauses, %v", n, ok)
	}
	if n, ok := count(slow(), "jan", true); n != len(names) || !ok {
		t.Errorf("three letters inside of names: %d clauses, %v", n, ok)
	}
	if _, ok := count(slow(), "j", false); ok {
		t.Error("one letter is looked for")
	}
	if _, ok := count(slow(), "j doe", false); !ok {
		t.Error("one letter beside a word is not looked for")
	}
	if n, _ := count(slow(index{indexPart, "cn"}), "jane", true); n != len(names)+len(c.settings.inside)-1 {
		t.Errorf("without cn sub: %d clauses; cn is still compared as a whole", n)
	}
	if n, _ := count(slow(index{indexPart, "cn"}, index{indexEqual, "cn"}), "jane", true); n != len(names)+len(c.settings.inside)-2 {
		t.Errorf("without any index of cn: %d clauses", n)
	}
	var none []index
	for _, name := range names {
		none = append(none, index{indexPart, name}, index{indexEqual, name})
	}
	if n, ok := count(slow(none...), "jane", true); n != 0 || ok {
		t.Errorf("without any index: %d clauses, %v", n, ok)
	}
	if c.indexes = slow(none...); len(c.exact(query{text: "jane"})) != 0 {
		t.Error("an exact search without an index")
	}
}

// offline are options of a directory that nobody asks anything.
func offline() Options {
	return Options{
		Name: "corp", URLs: []string{"ldaps://127.0.0.1:1"}, BindDN: "cn=x", BindPassword: rawSecret(), Base: "ou=people,dc=example,dc=org",
		Clock: systemClock{}, Entropy: strings.NewReader(strings.Repeat("0123456789abcdef", 64)),
	}
}

func TestATelephoneNumberIsLookedForInEverySpelling(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"+47 90 81 72 63": "[+4790817263 4790817263]",
		"004790817263":    "[+4790817263 4790817263 004790817263]",
		"47-9081.7263":    "[+4790817263 4790817263]",
		"(47) 90817263":   "[+4790817263 4790817263]",
		"1234567":         "[+1234567 1234567]",
		"123456":          "[]",
		"+123456":         "[]",
		"12345678x":       "[]",
		"1234567+":        "[]",
		"٤٧٩٠٨١٧٢٦٣":      "[]",
		"++4790817263":    "[]",
		"":                "[]",
	} {
		if got := fmt.Sprint(phoneSpellings(typed)); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}
