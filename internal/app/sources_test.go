package app

import (
	"os"
	"path/filepath"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// level1 is the group whose members are Level 1.
const level1 = "CN=Helpdesk L1, OU=Groups, DC=corp"

// member is an account in a group.
func member(dir *coretest.Directory, login, mail string, groups ...core.Group) core.Account {
	a := core.Account{State: core.State{Enabled: true}, Groups: groups}
	a.Login, a.Contacts.Mail = untrusted.New(login), untrusted.New(mail)
	return dir.Put(a)
}

// sources are operators of a configuration and of a group, over a directory in memory and a store on disk.
func sources(t *testing.T, configured ...config.Operator) (*operators, *coretest.Directory, *bench) {
	t.Helper()
	b := newBench(t)
	dir := coretest.NewDirectory("corp", b.clock)
	return &operators{
		store: b.store, directories: func() []core.Directory { return []core.Directory{dir} },
		configured: func() []config.Operator { return configured },
		groups: func() []config.RoleGroup {
			return []config.RoleGroup{{Name: rbac.PasswordAdministrator, Directory: "corp", Group: level1}}
		},
		own: &whereabouts{clock: b.clock},
	}, dir, b
}

func inLevel1() core.Group { return core.Group{ID: "cn=helpdesk l1,ou=groups,dc=corp"} }

// A member of a group who signs in by their mail address must not become the configured operator of the same login.
func TestAMailAddressIsNoWayToTheRolesOfAConfiguredOperator(t *testing.T) {
	t.Parallel()
	ops, dir, b := sources(t, config.Operator{Login: "jane", Roles: []rbac.Role{rbac.GlobalAdministrator}})
	jane := member(dir, "jane", "jane.doe@corp.example", inLevel1())
	op, err := ops.Operator(t.Context(), "jane.doe@corp.example")
	must(t, err)
	if op.Source != "config" || op.Account == jane.ID {
		t.Fatalf("%+v", op)
	}
	auth := &authenticator{operators: ops, store: b.store, attempts: b.store, methods: b.store, clock: b.clock}
	if id, err := auth.Password(t.Context(), "jane.doe@corp.example", secret.FromString("whatever")); err == nil {
		t.Fatalf("signed in as %s with the password of an account that is not the operator's", id)
	}
	member(dir, "omar", "omar@corp.example", inLevel1())
	if op, err = ops.Operator(t.Context(), "omar@corp.example"); err != nil || op.ID != "omar" || len(op.Roles) != 1 {
		t.Fatalf("a member without another source: %+v, %v", op, err)
	}
}

// What people may write into their own entry neither makes them somebody else nor keeps somebody else out.
func TestAMailAddressThatIsAnOperatorsLoginIsNotTheOperator(t *testing.T) {
	t.Parallel()
	ops, dir, _ := sources(t, config.Operator{Login: "bob", Account: "corp:bob", Roles: []rbac.Role{rbac.GlobalAdministrator}})
	mallory := member(dir, "mallory", "bob")
	if op, err := ops.Operator(t.Context(), "bob"); err != nil || op.Account == mallory.ID {
		t.Fatalf("%+v, %v", op, err)
	}
	bob := member(dir, "bob", "bob@corp.example")
	if op, err := ops.Operator(t.Context(), "bob"); err != nil || op.Account != bob.ID {
		t.Fatalf("%+v, %v", op, err)
	}
	member(dir, "eve", "carol")
	carol := member(dir, "carol", "carol@corp.example", inLevel1())
	if op, err := ops.Operator(t.Context(), "carol"); err != nil || op.Account != carol.ID {
		t.Fatalf("an operator is kept out by somebody's mail address: %+v, %v", op, err)
	}
}

// Whoever makes a group chooses its name: a distinguished name in the configuration is not compared with that.
func TestAGroupIsNotAnotherOneBecauseOfItsName(t *testing.T) {
	t.Parallel()
	ops, dir, _ := sources(t)
	member(dir, "mallory", "", core.Group{ID: "cn=x,ou=own groups,dc=corp", Name: untrusted.New(level1)})
	_, err := ops.Operator(t.Context(), "mallory")
	if core.CodeOf(err) != core.CodeNotFound {
		t.Fatal(err)
	}
}

// Enabling somebody again gives them back what their source says, not what it said on the day they were disabled.
func TestAMemberWhoWasDisabledAndEnabledStillLosesTheRoleWithTheGroup(t *testing.T) {
	t.Parallel()
	ops, dir, b := sources(t)
	jane := member(dir, "jane", "", inLevel1())
	b.operators = ops
	must(t, b.DisableOperator(t.Context(), "jane", true))
	if op, err := ops.Operator(t.Context(), "jane"); err != nil || !op.Disabled {
		t.Fatalf("%+v, %v", op, err)
	}
	must(t, b.DisableOperator(t.Context(), "jane", false))
	if op, err := ops.Operator(t.Context(), "jane"); err != nil || op.Disabled || op.Account != jane.ID {
		t.Fatalf("%+v, %v", op, err)
	}
	jane.Groups = nil
	dir.Put(jane)
	_, err := ops.Operator(t.Context(), "jane")
	if core.CodeOf(err) != core.CodeNotFound {
		t.Fatal(err)
	}
}

func TestAddingAnOperatorReplacesNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	must(t, b.AddOperator(t.Context(), NewOperator{Login: "carol", Role: string(rbac.GlobalAdministrator)}))
	must(t, b.DisableOperator(t.Context(), "carol", true))
	for _, login := range []string{"carol", "CAROL", "admin"} {
		if err := b.AddOperator(t.Context(), NewOperator{Login: login, Role: string(rbac.PasswordAdministrator)}); err == nil {
			t.Errorf("%s was replaced", login)
		}
	}
	if op, err := b.operators.Operator(t.Context(), "carol"); err != nil || !op.Disabled || op.Roles[0] != rbac.GlobalAdministrator {
		t.Errorf("%+v, %v", op, err)
	}
}

// T24 for operators: one counter, however the login is spelt.
func TestSignInTriesAreCountedForThePersonNotTheSpelling(t *testing.T) {
	t.Parallel()
	ops, dir, b := sources(t)
	member(dir, "jessika", "jessika@corp.example", inLevel1())
	auth := &authenticator{operators: ops, store: b.store, attempts: b.store, methods: b.store, clock: b.clock}
	tried := 0
	for _, login := range []string{"jessika", "JESSIKA", "jessika@corp.example", "Jessika@Corp.example", "id-jessika", "je\u017f\u017fika"} {
		for range 5 {
			if _, err := auth.Password(t.Context(), login, secret.FromString("guess")); err == nil {
				t.Fatal("signed in with a guess")
			}
			tried++
		}
	}
	n, _, err := b.store.Recent(t.Context(), "signin:jessika", b.clock.Now(), signInWindow)
	if err != nil || n != tried {
		t.Fatalf("%d of %d tries were counted for the person, %v", n, tried, err)
	}
}

// T40: a key that is taken away ends the terminals it opened.
func TestAKeyThatIsTakenAwayIsNoticed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	held := sshd.Identity{OperatorID: "l1", Credential: "key:x", Fingerprint: gossh.FingerprintSHA256(b.keys["l1"].PublicKey())}
	check := func(want bool) {
		t.Helper()
		taken, err := b.auth.takenAway(t.Context())
		must(t, err)
		if taken(held) != want {
			t.Fatalf("taken away: %t, want %t", !want, want)
		}
	}
	check(false)
	file := filepath.Join(b.dir, "new.pub")
	must(t, os.WriteFile(file, []byte(b.newKey("new")), 0o600))
	must(t, b.AddOperatorKey(t.Context(), "L1", file))
	held.Fingerprint = gossh.FingerprintSHA256(b.keys["new"].PublicKey())
	check(false)
	must(t, b.RemoveOperatorKey(t.Context(), "L1", file))
	check(true)
	if err := b.RemoveOperatorKey(t.Context(), "l1", file); err == nil {
		t.Error("a key that is not there was removed")
	}
	held.Credential = "password:l1"
	check(false)
}
