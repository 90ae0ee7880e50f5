package embedded

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

func setPassword(tb testing.TB, d *Directory, login, password string) error {
	tb.Helper()
	id := resolve(tb, d, login)
	return d.SetPassword(tb.Context(), grant(tb, rbac.ResetPassword, id), core.PasswordChange{Account: id, Password: secret.FromString(password)})
}

func TestAPasswordIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	adapt(t, d, func(p *Policy) { p.MinClasses = 3 })
	load(t, d, Person{Login: text("jane"), GivenName: text("Jane"), Surname: text("Dovregubben"), DisplayName: text("Jane Dovregubben")})
	for password, said := range map[string]string{
		"":                           "directory.refused_empty",
		"Ab1-x":                      "directory.refused_short",
		strings.Repeat("Ab1-", 65):   "directory.refused_long",
		"only small letters here":    "directory.refused_classes",
		"My dovregubben 77":          "directory.refused_name",
		"Bell\a and Escape\x1b 77":   "directory.refused_characters",
		"not utf-8 \xff\xfe At all7": "directory.refused_characters",
	} {
		err := setPassword(t, d, "jane", password)
		wantError(t, err, core.CodePolicy, said)
		if password != "" && strings.Contains(err.Error(), password) {
			t.Errorf("the error shows the password: %v", err)
		}
	}
	if a := account(t, d, "jane"); a.Version != "1" || !a.State.PasswordSet.IsZero() {
		t.Errorf("a refused password changed the account: %+v", a.State)
	}
}

func TestTheLastPasswordsAreRefusedAndOlderOnesAreNot(t *testing.T) {
	t.Parallel()
	d, _ := jane(t) // the policy remembers three
	for _, p := range []string{"first password", "second password"} {
		if err := setPassword(t, d, "jane", p); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
	}
	for _, used := range []string{rightPassword, "first password", "second password"} {
		wantError(t, setPassword(t, d, "jane", used), core.CodePolicy, "directory.refused_history")
	}
	if err := setPassword(t, d, "jane", "third password"); err != nil {
		t.Fatal(err)
	}
	if err := setPassword(t, d, "jane", rightPassword); err != nil {
		t.Errorf("a password from before the history: %v", err)
	}
	var kept int
	if one(t, d, &kept, `SELECT count(*) FROM password_history`); kept != 2 {
		t.Errorf("%d former hashes are kept beside the present one, want 2", kept)
	}
}

func TestWithoutAHistoryAPasswordMayBeUsedAgain(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	for _, history := range []int{0, 1} {
		adapt(t, d, func(p *Policy) { p.History = history })
		err := setPassword(t, d, "jane", rightPassword)
		if refused := err != nil; refused != (history == 1) {
			t.Errorf("history of %d: %v", history, err)
		}
	}
	var kept int
	if one(t, d, &kept, `SELECT count(*) FROM password_history`); kept != 0 {
		t.Errorf("%d former hashes are kept", kept)
	}
}

func TestANewPasswordBeginsToAgeNow(t *testing.T) {
	t.Parallel()
	d, clock := jane(t)
	clock.pass(91 * 24 * time.Hour)
	if s := account(t, d, "jane").State; !s.PasswordExpired || core.RowStateOf(s) != core.RowExpired {
		t.Fatalf("after 91 days: %+v", s)
	}
	if err := setPassword(t, d, "jane", "a new password"); err != nil {
		t.Fatal(err)
	}
	s := account(t, d, "jane").State
	if s.PasswordExpired || !s.PasswordSet.Equal(clock.Now()) || !s.PasswordExpires.Equal(clock.Now().Add(90*24*time.Hour)) {
		t.Errorf("state %+v", s)
	}
}

func TestAHashThatCannotBeReadIsNotAnEmptyHistory(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, Person{Login: text("jane"), Seed: Seed{PasswordHash: "$md5$garbage"}})
	err := setPassword(t, d, "jane", "a new password")
	wantError(t, err, core.CodeUnavailable, "directory.unavailable")
	if !errors.Is(err, errHash) {
		t.Errorf("error %v", err)
	}
}

func TestWithoutEntropyNoPasswordIsSet(t *testing.T) {
	t.Parallel()
	d, _ := jane(t)
	d.hasher.entropy = strings.NewReader("")
	wantError(t, setPassword(t, d, "jane", "a new password"), core.CodeUnavailable, "directory.unavailable")
	if _, err := d.HashPassword(t.Context(), secret.FromString("x")); core.CodeOf(err) != core.CodeUnavailable {
		t.Errorf("hash: %v", err)
	}
	if !signIn(t, d, "jane", rightPassword) {
		t.Error("the old password was lost")
	}
}

func TestHashesAreWrittenAndReadInPHCForm(t *testing.T) {
	t.Parallel()
	m := newHasher(cheap(), rand.Reader)
	h, err := m.create(t.Context(), secret.FromString("x"))
	if err != nil {
		t.Fatal(err)
	}
	read, err := parseHash(h.String())
	if err != nil || read.String() != h.String() || !strings.HasPrefix(h.String(), "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("%s was read as %s, %v", h, read, err)
	}
	other, err := m.create(t.Context(), secret.FromString("x"))
	if err != nil || other.String() == h.String() {
		t.Errorf("two hashes of one password are equal: no salt (%v)", err)
	}
}

func TestHashesOutOfBoundsAreNotComputed(t *testing.T) {
	t.Parallel()
	const salt, digest = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if _, err := parseHash("$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + digest); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	for _, s := range []string{
		"", "$", "plain", "$argon2i$v=19$m=8,t=1,p=1$" + salt + "$" + digest, "$argon2id$v=16$m=8,t=1,p=1$" + salt + "$" + digest,
		"$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + digest, "$argon2id$v=19$m=8,t=4294967295,p=1$" + salt + "$" + digest,
		"$argon2id$v=19$m=8,t=1,p=255$" + salt + "$" + digest, "$argon2id$v=19$m=8,t=0,p=1$" + salt + "$" + digest,
		"$argon2id$v=19$m=8,t=1,p=1$" + salt + "$", "$argon2id$v=19$m=8,t=1,p=1$$" + digest, "$argon2id$v=19$m=8,t=1,p=1$!$!",
		"$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + strings.Repeat("A", 1000), "$argon2id$v=19$m=-8,t=1,p=1$" + salt + "$" + digest,
	} {
		if h, err := parseHash(s); !errors.Is(err, errHash) {
			t.Errorf("%.60q was read as %+v", s, h.cost)
		}
	}
}
