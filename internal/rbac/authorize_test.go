package rbac_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func decide(role rbac.Role, p rbac.Permission, target rbac.Target) rbac.Decision {
	a := rbac.NewAuthorizer(rbac.DefaultGrants())
	_, d := a.Authorize(rbac.Request{Subject: rbac.Subject{ID: "op", Roles: []rbac.Role{role}}, Permission: p, Target: target, Operation: "1"})
	return d
}

func TestTheDefaultGrants(t *testing.T) {
	t.Parallel()
	want := map[rbac.Permission]string{ // L1, L2, Global Administrator, Reports Reader
		rbac.Find: "yyyn", rbac.CaseWork: "yyyn", rbac.ResetPassword: "yyyn", rbac.Unlock: "nyyn", rbac.Reveal: "nyyn", rbac.SetContact: "nyyn",
		rbac.ManageMethods: "nyyn", rbac.ShowPassword: "nnnn", rbac.EditPolicy: "nnyn", rbac.EditOperators: "nnyn",
		rbac.TrailOwn: "yyyn", rbac.TrailHanded: "nyyn", rbac.TrailAll: "nnyy",
	}
	personas := []rbac.Role{rbac.PasswordAdministrator, rbac.UserAdministrator, rbac.GlobalAdministrator, rbac.ReportsReader}
	for _, p := range rbac.Permissions() {
		row, ok := want[p]
		if !ok {
			t.Fatalf("%s is in no row of the table", p)
		}
		for i, role := range personas {
			if got := decide(role, p, rbac.Target{}).Allowed; got != (row[i] == 'y') {
				t.Errorf("%s: %s is %v, want %c", role, p, got, row[i])
			}
		}
	}
}

func TestWhyARequestIsRefused(t *testing.T) {
	t.Parallel()
	plain := rbac.Target{Key: "corp:1", Class: rbac.Plain}
	with := func(class rbac.Class, roles ...rbac.Role) rbac.Target {
		return rbac.Target{Key: "corp:1", Class: class, Roles: roles}
	}
	for _, tc := range []struct {
		name   string
		role   rbac.Role
		perm   rbac.Permission
		target rbac.Target
		want   rbac.Rule
	}{
		{"Level 1 resets a plain account", rbac.PasswordAdministrator, rbac.ResetPassword, plain, rbac.RuleAllowed},
		{"Level 1 may not unlock", rbac.PasswordAdministrator, rbac.Unlock, plain, rbac.RuleNotGranted},
		{"forbidden is forbidden for everybody", rbac.GlobalAdministrator, rbac.ResetPassword, with(rbac.Forbidden), rbac.RuleForbidden},
		{"no class at all is forbidden", rbac.GlobalAdministrator, rbac.ResetPassword, with(""), rbac.RuleForbidden},
		{"a role outside the column", rbac.PasswordAdministrator, rbac.ResetPassword, with(rbac.Guarded, rbac.GlobalAdministrator), rbac.RuleTargetRole},
		{"a role nobody knows", rbac.GlobalAdministrator, rbac.ResetPassword, with(rbac.Guarded, "Chief Imposter"), rbac.RuleUnknownRole},
		{"guarded needs a second operator", rbac.GlobalAdministrator, rbac.ResetPassword, with(rbac.Guarded, rbac.HelpdeskAdministrator), rbac.RuleSecondOperator},
		{"a permission nobody knows", rbac.GlobalAdministrator, "password.guess", plain, rbac.RuleNotGranted},
		{"no role", "", rbac.Find, rbac.Target{}, rbac.RuleNotGranted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if d := decide(tc.role, tc.perm, tc.target); d.Rule != tc.want || d.Allowed != (tc.want == rbac.RuleAllowed) {
				t.Fatalf("decided %+v, want %s", d, tc.want)
			}
		})
	}
}

func TestAnOperatorWithoutARoleIsToldSo(t *testing.T) {
	t.Parallel()
	a := rbac.NewAuthorizer(rbac.DefaultGrants())
	if d := a.Decide(rbac.Request{Permission: rbac.Find}); d.Allowed || d.Rule != rbac.RuleNoRole {
		t.Fatalf("%+v", d)
	}
}

func TestAnApprovalOpensAGuardedTargetWithinTheTable(t *testing.T) {
	t.Parallel()
	target := rbac.Target{Key: "corp:1", Class: rbac.Guarded, Roles: []rbac.Role{rbac.HelpdeskAdministrator}, Approved: true}
	if d := decide(rbac.UserAdministrator, rbac.ResetPassword, target); !d.Allowed {
		t.Fatalf("%+v", d)
	}
	if d := decide(rbac.PasswordAdministrator, rbac.ResetPassword, target); d.Allowed {
		t.Fatal("an approval widened the published table")
	}
}

func TestWhoCanNamesTheWeakestFirstAndOnlyThoseWhoReallyCan(t *testing.T) {
	t.Parallel()
	d := decide(rbac.PasswordAdministrator, rbac.Unlock, rbac.Target{Key: "corp:1", Class: rbac.Plain})
	if len(d.WhoCan) == 0 || !slices.Contains(d.WhoCan, rbac.UserAdministrator) || slices.Contains(d.WhoCan, rbac.PasswordAdministrator) {
		t.Fatalf("who can unlock: %v", d.WhoCan)
	}
	d = decide(rbac.PasswordAdministrator, rbac.ResetPassword, rbac.Target{Key: "corp:1", Class: rbac.Guarded, Roles: []rbac.Role{rbac.GlobalAdministrator}})
	if want := []rbac.Role{rbac.PrivilegedAuthenticationAdministrator, rbac.GlobalAdministrator}; !slices.Equal(d.WhoCan, want) {
		t.Fatalf("who can reset a Global Administrator: %v", d.WhoCan)
	}
}

func TestAGrantIsGoodForOnePermissionOnOneTarget(t *testing.T) {
	t.Parallel()
	a := rbac.NewAuthorizer(rbac.DefaultGrants())
	g, d := a.Authorize(rbac.Request{
		Subject: rbac.Subject{ID: "l1", Roles: []rbac.Role{rbac.PasswordAdministrator}}, Permission: rbac.ResetPassword,
		Target: rbac.Target{Key: "corp:1", Class: rbac.Plain}, Operation: "op-1",
	})
	if !d.Allowed || !g.Allows(rbac.ResetPassword, "corp:1") || g.Operator() != "l1" || g.Operation() != "op-1" {
		t.Fatalf("%+v, %+v", g, d)
	}
	for _, wrong := range []struct {
		p rbac.Permission
		t string
	}{{rbac.Unlock, "corp:1"}, {rbac.ResetPassword, "corp:2"}, {rbac.ResetPassword, ""}} {
		if g.Allows(wrong.p, wrong.t) {
			t.Errorf("the grant is good for %s on %q", wrong.p, wrong.t)
		}
	}
	if (rbac.Grant{}).Allows(rbac.ResetPassword, "") || (rbac.Grant{}).Allows("", "") {
		t.Error("the zero grant allows something")
	}
}

func TestARefusalCarriesNoGrant(t *testing.T) {
	t.Parallel()
	perms := append(rbac.Permissions(), "unknown")
	rapid.Check(t, func(t *rapid.T) {
		req := rbac.Request{
			Subject:    rbac.Subject{ID: "op", Roles: drawRoles(t, "operator", append(rbac.OperatorRoles(), "Unknown"))},
			Permission: rapid.SampledFrom(perms).Draw(t, "permission"),
			Target: rbac.Target{
				Key: rapid.SampledFrom([]string{"", "corp:1"}).Draw(t, "key"), Roles: drawRoles(t, "target", rbac.TargetRoles()),
				Class:    rapid.SampledFrom([]rbac.Class{"", rbac.Forbidden, rbac.Guarded, rbac.Plain}).Draw(t, "class"),
				Approved: rapid.Bool().Draw(t, "approved"),
			},
		}
		g, d := rbac.NewAuthorizer(rbac.DefaultGrants()).Authorize(req)
		if !d.Allowed && g.Allows(req.Permission, req.Target.Key) {
			t.Fatalf("refused by %s, but the grant allows it", d.Rule)
		}
		changes := slices.Contains([]rbac.Permission{rbac.ResetPassword, rbac.Unlock, rbac.SetContact, rbac.ManageMethods, rbac.ShowPassword}, req.Permission)
		if d.Allowed && changes && req.Target.Key != "" && req.Target.Class != rbac.Plain && !req.Target.Approved {
			t.Fatalf("a %s target was allowed without approval", req.Target.Class)
		}
	})
}

// T10: the whole cube of role, permission and class against the rules, written out independently.
func TestTheWholeCube(t *testing.T) {
	t.Parallel()
	grants := rbac.DefaultGrants()
	for _, role := range rbac.OperatorRoles() {
		for _, p := range rbac.Permissions() {
			for _, class := range []rbac.Class{rbac.Forbidden, rbac.Guarded, rbac.Plain} {
				for _, held := range rbac.TargetRoles() {
					got := decide(role, p, rbac.Target{Key: "corp:1", Class: class, Roles: []rbac.Role{held}}).Allowed
					if want := expected(grants, role, p, class, held); got != want {
						t.Fatalf("%s %s a %s holder of %s: %v, want %v", role, p, class, held, got, want)
					}
				}
			}
		}
	}
}

func expected(g rbac.Grants, role rbac.Role, p rbac.Permission, class rbac.Class, held rbac.Role) bool {
	if !slices.Contains(g[role], p) {
		return false
	}
	tables := map[rbac.Permission]rbac.Table{
		rbac.ResetPassword: rbac.ResetTable(), rbac.Unlock: rbac.ResetTable(), rbac.ShowPassword: rbac.ResetTable(),
		rbac.SetContact: rbac.SensitiveTable(), rbac.ManageMethods: rbac.SensitiveTable(),
	}
	table, limited := tables[p]
	return !limited || (class == rbac.Plain && slices.Contains(table[held], role))
}

func TestNamesAreParsedExactly(t *testing.T) {
	t.Parallel()
	for _, r := range rbac.OperatorRoles() {
		if got, ok := rbac.ParseOperatorRole(string(r)); !ok || got != r {
			t.Errorf("%s is not parsed", r)
		}
	}
	for _, bad := range []string{"", "password administrator", "Directory Readers", "Global Administrator "} {
		if _, ok := rbac.ParseOperatorRole(bad); ok {
			t.Errorf("%q is an operator role", bad)
		}
	}
	if _, ok := rbac.ParsePermission("password.guess"); ok {
		t.Error("an unknown permission was parsed")
	}
	levels := map[rbac.Role]int{rbac.PasswordAdministrator: 1, rbac.UserAdministrator: 2, rbac.GlobalAdministrator: 3, rbac.ReportsReader: 0}
	for r, want := range levels {
		if r.Level() != want {
			t.Errorf("%s is level %d", r, r.Level())
		}
	}
}
