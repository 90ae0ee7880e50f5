package stage_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func folder(t *testing.T, people int) stage.Folder {
	t.Helper()
	f, err := stage.NewFolder(t.Context(), filepath.Join(testlab.ScratchDir(t), "state"), people)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func directory(t *testing.T, f stage.Folder) *embedded.Directory {
	t.Helper()
	d, err := f.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := stage.Indexed(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return d
}

func find(t *testing.T, d core.Directory, q string) (logins []string, more bool) {
	t.Helper()
	found, err := d.Search(t.Context(), core.Query{Text: untrusted.New(q), Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found.Rows {
		logins = append(logins, r.Login.Raw())
	}
	return logins, found.More
}

func TestEveryTextOfATypingSessionFillsATableWithOtherPeople(t *testing.T) {
	t.Parallel()
	d := directory(t, folder(t, stage.TypingPeople))
	stem, more := find(t, d, stage.Stem)
	if len(stem) != 50 || !more {
		t.Fatalf("the stem finds %d people, more: %t", len(stem), more)
	}
	keys, seen := stage.Keys(0), map[string]bool{}
	typed := ""
	for range len(stage.Stem) + 40 {
		if k := keys(); k == 0x7f {
			typed = typed[:len(typed)-1]
		} else {
			typed += string(rune(k))
		}
		if len(typed) != len(stage.Stem)+1 || seen[typed] {
			continue
		}
		seen[typed] = true
		logins, _ := find(t, d, typed)
		same := 0
		for _, l := range logins {
			if slices.Contains(stem, l) {
				same++
			}
		}
		if len(logins) != 50 || same > 10 {
			t.Errorf("%q finds %d people, %d of them those of the stem", typed, len(logins), same)
		}
	}
	if len(seen) != 13 {
		t.Errorf("%d texts were typed, want every letter once", len(seen))
	}
}

func TestSessionsTypeTheStemFirstAndThenDifferentLetters(t *testing.T) {
	t.Parallel()
	a, b := stage.Keys(0), stage.Keys(1)
	var first, second string
	for range len(stage.Stem) + 1 {
		first, second = first+string(rune(a())), second+string(rune(b()))
	}
	if !strings.HasPrefix(first, stage.Stem) || !strings.HasPrefix(second, stage.Stem) || first == second {
		t.Errorf("they type %q and %q", first, second)
	}
	if k := a(); k != 0x7f {
		t.Errorf("after the letter comes its removal, not %q", k)
	}
}

func TestTheMixHasOneAndTwoWordsHitsAndMisses(t *testing.T) {
	t.Parallel()
	d := directory(t, folder(t, 20_000))
	counts := map[int]int{}
	full, none := 0, 0
	for _, q := range stage.Mix() {
		counts[len(strings.Fields(q))]++
		logins, _ := find(t, d, q)
		switch len(logins) {
		case 0:
			none++
		case 50:
			full++
		}
		if utf8.RuneCountInString(q) < policy.Defaults().Search.MinLetters {
			t.Errorf("%q is too short to be looked for", q)
		}
	}
	if counts[1] < 15 || counts[2] < 8 || len(counts) != 2 {
		t.Errorf("the mix has %v queries by their words", counts)
	}
	if full < 10 || none < 3 || none > 8 {
		t.Errorf("of the mix %d find 50 people and %d find nobody", full, none)
	}
}

func TestTheEmbeddedDirectoryHasTheSamePeopleAsSlapd(t *testing.T) {
	t.Parallel()
	n := 0
	for p := range stage.People(30) {
		s := testlab.SyntheticPerson(n)
		if p.Login.Raw() != s.UID || p.Mail.Raw() != s.Mail || p.Surname.Raw() != s.Surname || p.Department.Raw() != s.Department {
			t.Errorf("person %d is %+v there and %+v here", n, s, p)
		}
		n++
	}
	if n != 30 {
		t.Errorf("%d people", n)
	}
	for range stage.People(30) {
		break // a loop may end early
	}
}

func TestAFolderHasAConfigurationTheProgramTakes(t *testing.T) {
	t.Parallel()
	f := folder(t, 20)
	cfg, err := config.Load(f.Config())
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Operators) != 1 || cfg.Operators[0].Login != stage.Login || cfg.Directories[0].Name != stage.DirectoryName {
		t.Errorf("got %+v", cfg.Operators)
	}
	signer, err := f.Signer()
	if err != nil || !strings.Contains(cfg.Operators[0].Keys[0], signer.PublicKey().Type()) {
		t.Errorf("the operator's key: %v", err)
	}
	info, err := os.Stat(filepath.Join(f.Dir, "operator"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the private key is readable by others: %v, %v", info, err)
	}
	if _, err := (stage.Folder{Dir: t.TempDir()}).Signer(); err == nil {
		t.Error("an empty folder has no key")
	}
}

func TestAFolderIsMadeOnce(t *testing.T) {
	t.Parallel()
	f := folder(t, 1)
	if _, err := stage.NewFolder(t.Context(), f.Dir, 1); err == nil {
		t.Error("a second one would lie over the first")
	}
}

func TestADeskResetsAPasswordLikeTheProgram(t *testing.T) {
	t.Parallel()
	f := folder(t, 20)
	d, err := f.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	desk, err := stage.OpenDesk(t.Context(), f.StoreOf("desk"), d)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := desk.Close(); err != nil {
			t.Error(err)
		}
	}()
	op, _, err := desk.WhoAmI(t.Context(), stage.Actor())
	if err != nil || op.Login != stage.Login || op.Account.IsZero() {
		t.Fatalf("the operator is %+v, %v", op, err)
	}
	id, _, err := desk.Resolve(t.Context(), stage.Actor(), untrusted.New(testlab.SyntheticPerson(5).UID))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := desk.Perform(t.Context(), stage.Actor(), core.OpenCase{ID: rand.Text(), Account: id})
	if err != nil {
		t.Fatal(err)
	}
	_, err = desk.Perform(t.Context(), stage.Actor(), core.Reset{ID: rand.Text(), Case: opened.Case.Number, Account: id})
	if core.CodeOf(err) != core.CodeUnverified {
		t.Errorf("without a proof: %v", err)
	}
	_, err = desk.Perform(t.Context(), stage.Actor(), core.ConfirmProof{
		ID: rand.Text(), Challenge: "none", Code: secret.FromString(coretest.RightCode),
	})
	if err == nil {
		t.Error("nothing was started that could be confirmed")
	}
}

func TestTheOwnAccountOfTheOperatorIsTheirs(t *testing.T) {
	t.Parallel()
	f := folder(t, 20)
	d, err := f.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	desk, err := stage.OpenDesk(t.Context(), f.StoreOf("desk"), d)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = desk.Close() }()
	op, err := desk.Operators.Operator(t.Context(), stage.Login)
	if err != nil {
		t.Fatal(err)
	}
	own, err := d.Account(t.Context(), op.Account.Key)
	if err != nil {
		t.Fatal(err)
	}
	if owner, err := desk.Operators.Owner(t.Context(), own); err != nil || owner != stage.Login {
		t.Errorf("it belongs to %q, %v", owner, err)
	}
	if owner, err := desk.Operators.Owner(t.Context(), core.Account{}); err != nil || owner != "" {
		t.Errorf("nobody's account belongs to %q, %v", owner, err)
	}
	if name := desk.Operators.Name(t.Context(), stage.Login); name.IsZero() {
		t.Error("the operator has a name")
	}
}

func TestTheDirectoryInMemoryFindsByTheBeginningOfTheSurname(t *testing.T) {
	t.Parallel()
	m := stage.NewMemory(stage.TypingPeople)
	stem, more := find(t, m, stage.Stem)
	if len(stem) != 50 || !more {
		t.Fatalf("the stem finds %d people, more: %t", len(stem), more)
	}
	keys := stage.Keys(0)
	for range stage.Stem {
		keys()
	}
	for range 13 {
		q := stage.Stem + string(rune(keys()))
		keys()
		if logins, _ := find(t, m, q); len(logins) != 50 || !strings.Contains(logins[0], "."+q) || slices.Contains(stem, logins[0]) {
			t.Errorf("%q finds %v", q, logins)
		}
	}
	if logins, more := find(t, m, "zzz"); len(logins) != 0 || more {
		t.Errorf("nobody is %v", logins)
	}
	if logins, _ := find(t, m, "ZIMTASON"); !slices.ContainsFunc(logins, func(l string) bool { return strings.Contains(l, ".zimtason") }) {
		t.Errorf("upper case finds %v", logins)
	}
}
