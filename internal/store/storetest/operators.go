package storetest

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func operatorTests() []func(*desk) {
	return []func(*desk){
		anOperatorComesBackAsSaved, aLoginBelongsToOneOperator, anOperatorIsReplacedUnderTheirID, aKeyBelongsToOneOperator,
		aRemovedKeyIsGone, keysAreListedOfOneOrAll,
	}
}

func operator(id, login string) core.Operator {
	return core.Operator{
		ID: id, Login: login, Name: untrusted.New("Name of " + id + " \x9b"), Roles: []rbac.Role{rbac.UserAdministrator, rbac.ReportsReader},
		Scope: core.Scope{Directories: []string{"corp"}, Units: []string{"ou=Lisbon,dc=corp"}, Groups: []string{"g1", "g2"}},
		Desk:  "Lisbon", Account: core.AccountID{Directory: "corp", Key: "key:" + id}, TOTP: true, Source: "host",
	}
}

func (d *desk) saved(o core.Operator) core.Operator {
	d.Helper()
	d.must(d.SaveOperator(d.Context(), o, d.record(d.alice, core.Person{})))
	return o
}

func (d *desk) operators() []core.Operator {
	d.Helper()
	all, err := d.StoredOperators(d.Context())
	d.must(err)
	return all
}

// anOperatorComesBackAsSaved with roles, scope and account; also one who has nothing of it.
func anOperatorComesBackAsSaved(d *desk) {
	d.same(d.operators(), []core.Operator{})
	full := d.saved(operator("o1", "berta"))
	bare := d.saved(core.Operator{ID: "o2", Login: "Anton", Disabled: true})
	d.same(d.operators(), []core.Operator{bare, full})
	if d.last().Kind != core.KindDesk {
		d.Fatal("it was not recorded")
	}
}

// aLoginBelongsToOneOperator whatever its case.
func aLoginBelongsToOneOperator(d *desk) {
	d.saved(operator("o1", "Berta"))
	before := d.last().Seq
	err := d.SaveOperator(d.Context(), operator("o2", "berta"), d.record(d.alice, core.Person{}))
	d.wants(err, core.CodeConflict, "operator.login_taken")
	d.same(len(d.operators()), 1)
	if d.last().Seq != before {
		d.Fatal("a refused change is recorded")
	}
}

// anOperatorIsReplacedUnderTheirID, the login too.
func anOperatorIsReplacedUnderTheirID(d *desk) {
	d.saved(operator("o1", "berta"))
	renamed := operator("o1", "bertha")
	renamed.Disabled, renamed.Roles, renamed.Scope = true, nil, core.Scope{}
	d.saved(renamed)
	d.same(d.operators(), []core.Operator{renamed})
	d.saved(operator("o2", "berta"))
	d.same(len(d.operators()), 2)
}

func (d *desk) key(operator, fingerprint string) core.OperatorKey {
	return core.OperatorKey{
		OperatorID: operator, Fingerprint: fingerprint, Authorized: "ssh-ed25519 AAAA " + fingerprint, Comment: "laptop", AddedAt: d.now, AddedBy: "root",
	}
}

func (d *desk) keys(operator string) []core.OperatorKey {
	d.Helper()
	all, err := d.Keys(d.Context(), operator)
	d.must(err)
	return all
}

// aKeyBelongsToOneOperator; adding it again to the same one is no conflict.
func aKeyBelongsToOneOperator(d *desk) {
	k := d.key("o1", "SHA256:a")
	d.must(d.AddKey(d.Context(), k, d.record(d.alice, core.Person{})))
	err := d.AddKey(d.Context(), d.key("o2", "SHA256:a"), d.record(d.alice, core.Person{}))
	d.wants(err, core.CodeConflict, "operator.key_taken")
	d.same(d.keys(""), []core.OperatorKey{k})
	again := k
	again.Comment = "new laptop"
	d.must(d.AddKey(d.Context(), again, d.record(d.alice, core.Person{})))
	d.same(d.keys("o1"), []core.OperatorKey{again})
}

// aRemovedKeyIsGone, and only its operator's can be removed.
func aRemovedKeyIsGone(d *desk) {
	d.must(d.AddKey(d.Context(), d.key("o1", "SHA256:a"), d.record(d.alice, core.Person{})))
	d.wants(d.RemoveKey(d.Context(), "o2", "SHA256:a", d.record(d.alice, core.Person{})), core.CodeNotFound, "operator.key_not_found")
	d.must(d.RemoveKey(d.Context(), "o1", "SHA256:a", d.record(d.alice, core.Person{})))
	d.same(d.keys(""), []core.OperatorKey{})
	d.wants(d.RemoveKey(d.Context(), "o1", "SHA256:a", d.record(d.alice, core.Person{})), core.CodeNotFound, "operator.key_not_found")
}

// keysAreListedOfOneOrAll in the order in which they were added.
func keysAreListedOfOneOrAll(d *desk) {
	var all []core.OperatorKey
	for _, k := range []core.OperatorKey{d.key("o1", "SHA256:z"), d.key("o2", "SHA256:m"), d.key("o1", "SHA256:a")} {
		k.AddedAt = d.later(time.Minute)
		d.must(d.AddKey(d.Context(), k, d.record(d.alice, core.Person{})))
		all = append(all, k)
	}
	d.same(d.keys(""), all)
	d.same(d.keys("o1"), []core.OperatorKey{all[0], all[2]})
	d.same(d.keys("o3"), []core.OperatorKey{})
}
