package openldap

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Every refusal has a code, a sentence in words, and says that nothing was changed.
func TestEveryRefusalOfAChangeIsSaidInWords(t *testing.T) {
	t.Parallel()
	d := open(t, offline())
	known := passwordPolicy{known: true, minLength: 12, history: 5, minAge: time.Hour}
	password := change{noRight: "openldap.no_right_password", policy: true, password: secret.FromString("a password of the test")}
	unlocking := change{noRight: "openldap.no_right_unlock"}
	for _, tc := range []struct {
		about change
		rules passwordPolicy
		code  ldapconn.Code
		why   ldapconn.PolicyError
		words string
		want  core.Code
		said  string
	}{
		{password, known, 19, ldapconn.PolicyTooShort, "", core.CodePolicy, "openldap.refused_shorter"},
		{password, passwordPolicy{}, 19, ldapconn.PolicyTooShort, "", core.CodePolicy, "openldap.refused_short"},
		{password, known, 19, ldapconn.PolicyBadQuality, "", core.CodePolicy, "openldap.refused_quality"},
		{password, known, 19, ldapconn.PolicyBadQuality, "no digit", core.CodePolicy, "openldap.refused_quality_said"},
		{password, known, 19, ldapconn.PolicyInHistory, "", core.CodePolicy, "openldap.refused_history"},
		{password, passwordPolicy{}, 19, ldapconn.PolicyInHistory, "", core.CodePolicy, "openldap.refused_used"},
		{password, known, 19, ldapconn.PolicyTooYoung, "", core.CodePolicy, "openldap.refused_young"},
		{password, known, 19, ldapconn.PolicyTooLong, "", core.CodePolicy, "openldap.refused_long"},
		{password, known, 50, ldapconn.PolicyMustSupplyOld, "", core.CodePolicy, "openldap.refused_old_needed"},
		{password, known, 53, ldapconn.PolicyModNotAllowed, "", core.CodePolicy, "openldap.refused_not_allowed"},
		{password, known, 19, ldapconn.PolicyUnknownErrorCode, "", core.CodePolicy, "openldap.refused_password"},
		{password, known, 19, "", "something else", core.CodePolicy, "openldap.refused_password_said"},
		{password, known, 50, ldapconn.PolicyMustChange, "", core.CodeDenied, "openldap.no_right_password"},
		{password, known, 8, "", "", core.CodeDenied, "openldap.no_right_password"},
		{password, known, 65, "", "", core.CodeUnavailable, "openldap.no_attribute"},
		{password, known, 52, "", "", core.CodeUnavailable, "openldap.busy_write"},
		{password, known, 53, "", "", core.CodeUnavailable, "openldap.unwilling"},
		{password, known, 1, "", "out of memory", core.CodeUnavailable, "openldap.unwilling_said"},
		{password, known, 65535, "", "", core.CodeUnavailable, "openldap.unwilling"},
		{unlocking, known, 19, "", "", core.CodeUnavailable, "openldap.unwilling"},
		{unlocking, known, 50, "", "", core.CodeDenied, "openldap.no_right_unlock"},
		{unlocking, known, 32, "", "", core.CodeNotFound, "directory.not_found"},
		{unlocking, known, 122, "", "", core.CodeConflict, "directory.changed_meanwhile"},
		{unlocking, known, 10, "", "", core.CodeUnavailable, "openldap.is_copy"},
	} {
		tc.about.rules = tc.rules
		result := &ldapconn.ResultError{Code: tc.code, Diagnostic: raw(tc.words), Policy: ldapconn.PasswordPolicy{Given: true, Error: tc.why}}
		e := want(t, d.writeFault(t.Context(), tc.about, result), tc.want, core.NothingChanged, tc.said)
		if e.Ref != fmt.Sprintf("LDAP %d", tc.code) || !errors.Is(e, result) {
			t.Errorf("%s: reference %q, cause %v", tc.said, e.Ref, errors.Unwrap(e))
		}
	}
}

func TestEverySilenceIsSaidInWords(t *testing.T) {
	t.Parallel()
	d := open(t, offline())
	for said, cause := range map[string]error{
		"openldap.identity_must_change": ldapconn.ErrIdentityMustChange,
		"openldap.identity_rejected":    ldapconn.ErrIdentityRejected,
		"openldap.too_much":             ldapconn.ErrEndlessPages,
		"openldap.all_busy":             ldapconn.ErrBusy,
		"openldap.closed":               ldapconn.ErrClosed,
		"openldap.filter":               ldapconn.ErrFilter,
		"openldap.certificate":          x509.UnknownAuthorityError{},
		"openldap.start_tls":            &ldapconn.SetupError{Step: ldapconn.StepStartTLS},
		"openldap.down":                 errors.New("anything else"),
	} {
		wrapped := &ldapconn.UnavailableError{URL: "ldaps://x", Err: fmt.Errorf("x: %w", cause)}
		want(t, d.fault(t.Context(), wrapped), core.CodeUnavailable, core.NothingChanged, said)
		want(t, d.writeFault(t.Context(), change{}, &ldapconn.WriteError{Err: wrapped}), core.CodeUnavailable, core.NothingChanged, said)
		want(t, d.writeFault(t.Context(), change{}, &ldapconn.WriteError{Sent: true, Err: wrapped}), core.CodeUnknown, core.ChangeUnknown, "openldap.no_answer")
	}
	if err := d.fault(t.Context(), nil); err != nil {
		t.Errorf("no error is %v", err)
	}
	if err := d.writeFault(t.Context(), change{}, nil); err != nil {
		t.Errorf("no error is %v", err)
	}
}

func TestWordsOfTheServerAreBounded(t *testing.T) {
	t.Parallel()
	long := raw("\x1b[31m" + strings.Repeat("x", 10_000))
	if got := bounded(long); len(got.Raw()) > 210 || strings.Contains(got.Raw(), "\x1b") {
		t.Errorf("%d bytes", len(got.Raw()))
	}
}

// Whatever is typed, what is sent is a filter, and never one that matches everybody.
func TestWhateverIsTypedBecomesAFilterOrNothing(t *testing.T) {
	t.Parallel()
	d := open(t, offline())
	c := d.clauses()
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z*()\\@+0-9 ]{0,40}`), rapid.SampledFrom(hostile())).Draw(r, "text")
		q, ok := newQuery(text)
		if !ok {
			return
		}
		if len(q.words) == 0 || len(q.words) > mostWords || !utf8.ValidString(q.text) {
			r.Fatalf("query %+v", q)
		}
		for _, inside := range []bool{false, true} {
			f, indexed := c.words(q, inside)
			if indexed && f.Err() != nil {
				r.Fatalf("%q: %v", text, f.Err())
			}
		}
		for _, f := range c.exact(q) {
			if f.Err() != nil {
				r.Fatalf("%q: %v", text, f.Err())
			}
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, text := range hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, ok := newQuery(text)
		if ok && (len(q.text) > longestQuery || len(q.words) == 0) {
			t.Errorf("query %+v", q)
		}
		for _, number := range phoneSpellings(text) {
			if strings.Trim(number, "+0123456789") != "" || len(number) < fewestDigits-2 {
				t.Errorf("%q is spelled %q", text, number)
			}
		}
		_ = beginnings([]untrusted.Text{raw(text)})
	})
}

func TestBeginningsAreThoseOfWords(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(beginnings([]untrusted.Text{raw("Anna-Lise O'Brien"), raw("jane.doe")}))
	if want := "[anna-lise o'brien lise o'brien o'brien brien jane.doe doe]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := len(beginnings([]untrusted.Text{raw(strings.Repeat("a ", 1<<20))})); n > 4096 {
		t.Errorf("%d beginnings of one value", n)
	}
}

func TestFoldMakesAlikeWhatSlapdTakesForAlike(t *testing.T) {
	t.Parallel()
	for a, b := range map[string]string{"JANE": "jane", "ｊａｎｅ": "jane", "Jane   Doe ": " jane doe", "ÅSE": "åse", "Zoe\u0308": "zoë"} {
		if fold(a) != fold(b) {
			t.Errorf("%q and %q differ", a, b)
		}
	}
	for a, b := range map[string]string{"jane": "jané", "а": "a", "janes": "jane"} {
		if fold(a) == fold(b) {
			t.Errorf("%q and %q are alike", a, b)
		}
	}
}

func TestOnlyTheOneSpellingOfAKeyIsAKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		hostileKey: true, strings.ToUpper(hostileKey): false, hostileKey + " ": false, "": false, strings.ReplaceAll(hostileKey, "-", ""): false,
		strings.Repeat("-", 36): false, "6317d220-7abd-1041-8ed7-39da089704eg": false, "6317d2207-abd-1041-8ed7-39da089704ec": false, strings.Repeat("0", 36): false,
	} {
		if isUUID(key) != want {
			t.Errorf("%q: %v", key, !want)
		}
	}
	if one, other := randomUUID(), randomUUID(); !isUUID(one) || one == other {
		t.Error("a random key is none, or always the same")
	}
}

func TestACursorHasOneSpelling(t *testing.T) {
	t.Parallel()
	table := newListTable(nil, neverSame{})
	w, err := table.begin(core.ListQuery{State: core.ListLocked}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer table.forget(w)
	find := func(c string) bool {
		_, _, ok := table.find(core.ListQuery{State: core.ListLocked, Cursor: c})
		return ok
	}
	if !find(cursor(w.id, 2)) {
		t.Fatal("the cursor itself is not found")
	}
	for _, c := range []string{
		w.id, w.id + "-", w.id + "-2", w.id + "-000000002", w.id + "-0000000A", w.id + "-+0000002", strings.ToUpper(cursor(w.id, 2)) + " ", "-00000002",
		cursor("", 2), cursor(w.id+"x", 2), w.id + "-ffffffff", "\x00", strings.Repeat("x", 1<<20),
	} {
		if find(c) {
			t.Errorf("%.80q is found", c)
		}
	}
}

func TestTheSuffixIsTheNamingContextAroundThePeople(t *testing.T) {
	t.Parallel()
	base, err := dn.Parse("ou=people,dc=example,dc=org")
	if err != nil {
		t.Fatal(err)
	}
	p := plan{base: base, baseDN: "ou=people,dc=example,dc=org"}
	for contexts, want := range map[string]string{
		"dc=other;DC=Example, dc=org": "DC=Example, dc=org", "dc=other": p.baseDN, "": p.baseDN, "not a name;dc=org": "dc=org", "ou=deep,ou=people,dc=example,dc=org": p.baseDN,
	} {
		if got := suffixOf(ldapconn.RootDSE{NamingContexts: strings.Split(contexts, ";")}, p); got != want {
			t.Errorf("%q: %q, want %q", contexts, got, want)
		}
	}
}

func TestWithoutASchemaOnlyWhatEverySlapdHasIsAskedFor(t *testing.T) {
	t.Parallel()
	unseen := &server{}
	if got := unseen.known(append(decidingAttributes(), attrFailures)...); !slices.Equal(got, []string{attrMemberOf, attrLocked, attrReset, attrChanged, attrPolicy, attrFailures}) {
		t.Errorf("asks for %v", got)
	}
	seen := &server{types: map[string]bool{"pwdreset": true, "pwdendtime": true}}
	if got := seen.known(append(stateAttributes(), attrMemberOf)...); !slices.Equal(got, []string{attrReset, attrEnd}) {
		t.Errorf("asks for %v", got)
	}
}

func TestNamesOfAttributeTypesAreFoundInTheirDescriptions(t *testing.T) {
	t.Parallel()
	for description, want := range map[string]string{
		"( 1.2.840.113556.1.2.102 NAME 'memberOf' DESC 'NAME ''x''' SYNTAX 1 )": "memberOf",
		"( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )":                       "cn commonName",
		"( 1.2.3 DESC 'without' SYNTAX 1 )":                                     "",
	} {
		var got []string
		if names := attributeNames.FindStringSubmatch(description); names != nil {
			if names[1] != "" {
				got = append(got, names[1])
			}
			for _, name := range quotedName.FindAllStringSubmatch(names[2], -1) {
				got = append(got, name[1])
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q", description, got)
		}
	}
}

func TestMemoryIsBelievedForAWhileAndNotFromTheFuture(t *testing.T) {
	t.Parallel()
	now := time.Now()
	var m serverMemory
	m.keep(&server{at: now})
	for after, want := range map[time.Duration]bool{0: true, serverLife - 1: true, serverLife: false, -time.Second: false} {
		if got := m.fresh(now.Add(after)) != nil; got != want {
			t.Errorf("after %v: %v", after, got)
		}
	}
	c := chainMemory{at: now, chains: []ldapconn.Chain{{Err: errors.New("x")}}}
	if _, ok := c.fresh(now.Add(noChainLife)); ok {
		t.Error("a chain that could not be seen is believed too long")
	}
	c.chains[0].Err = nil
	if _, ok := c.fresh(now.Add(chainLife - 1)); !ok {
		t.Error("a chain is not believed")
	}
	if _, ok := c.fresh(now.Add(-time.Second)); ok {
		t.Error("a chain from the future is believed")
	}
}

func TestCirclesAreFoundAndDiamondsAreNone(t *testing.T) {
	t.Parallel()
	for edges, want := range map[string]bool{
		"": false, "a>b b>c": false, "a>b a>c b>d c>d": false, "a>a": true, "a>b b>a": true, "a>b b>c c>d d>b": true, "a>b c>d d>e e>c": true,
	} {
		w := &walk{known: map[string]*membership{}}
		group := func(name string) (*membership, dn.Name) {
			parsed, err := dn.Parse("cn=" + name)
			if err != nil {
				t.Fatal(err)
			}
			if w.known[parsed.Key()] == nil {
				w.known[parsed.Key()] = &membership{}
			}
			return w.known[parsed.Key()], parsed
		}
		for edge := range strings.FieldsSeq(edges) {
			below, above, _ := strings.Cut(edge, ">")
			_, parent := group(above)
			child, _ := group(below)
			child.parents = append(child.parents, parent)
		}
		if w.circular() != want {
			t.Errorf("%q: circle %v", edges, !want)
		}
	}
}

func TestThePolicyOfThoseWithoutOneIsTheConfiguredTheOnlyOrTheOneCalledDefault(t *testing.T) {
	t.Parallel()
	named := func(names ...string) *policies {
		p := &policies{all: map[string]passwordPolicy{}}
		for _, name := range names {
			parsed, err := dn.Parse("cn=" + name + ",ou=policies")
			if err != nil {
				t.Fatal(err)
			}
			p.all[parsed.Key()] = passwordPolicy{known: true, name: raw(name)}
		}
		return p
	}
	configured, err := dn.Parse("CN=two,ou=Policies")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		all  *policies
		set  dn.Name
		want string
	}{
		{named(), dn.Name{}, ""},
		{named("one"), dn.Name{}, "one"},
		{named("one", "two"), dn.Name{}, ""},
		{named("one", "Default", "two"), dn.Name{}, "Default"},
		{named("one", "default", "two"), configured, "two"},
		{named("one"), configured, ""},
	} {
		if got := tc.all.choose(tc.set); got.name.Raw() != tc.want || got.known != (tc.want != "") {
			t.Errorf("of %d: %q, want %q", len(tc.all.all), got.name.Raw(), tc.want)
		}
	}
}

func TestSettingsHaveTheirDefaults(t *testing.T) {
	t.Parallel()
	s := open(t, offline()).plan.settings
	if got := fmt.Sprint(s.prefix, s.inside, s.addresses, s.phones, s.insideFrom, s.exop); got != "[uid givenName sn cn mail employeeNumber] [uid givenName sn cn] [mail] [mobile] 4 false" {
		t.Error(got)
	}
	o := offline()
	o.Attributes = map[string]string{"display_name": "displayName", "surname": "", "employee_number": "uid"}
	o.Settings = map[string]string{"search_phones": " mobile , telephoneNumber,", "search_inside": "", "search_inside_from": "3", "password_change": "modify"}
	s = open(t, o).plan.settings
	if got := fmt.Sprint(s.prefix, s.inside, s.addresses, s.phones, s.insideFrom); got != "[uid givenName displayName mail] [] [mail] [mobile telephoneNumber] 3" {
		t.Error(got)
	}
}
