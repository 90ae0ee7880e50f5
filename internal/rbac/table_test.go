package rbac_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// published is "who can reset passwords" as Microsoft prints it, a letter for every operator column:
// p Password, h Helpdesk, a Authentication, u User, v Privileged Authentication, g Global Administrator.
const published = `
Authentication Administrator            a  vg
Directory Readers                       phauvg
Global Administrator                    vg
Groups Administrator                    uvg
Guest Inviter                           phauvg
Helpdesk Administrator                  huvg
Message Center Reader                   hauvg
Password Administrator                  phauvg
Privileged Authentication Administrator vg
Privileged Role Administrator           vg
Reports Reader                          hauvg
-                                       phauvg
(member or owner of a role-assignable group) vg
(role scoped to a restricted-management administrative unit) vg
User Administrator                      uvg
User Experience Success Manager         hauvg
Usage Summary Reports Reader            hauvg
(any other role)                        vg`

// sensitive is "who can perform sensitive actions".
const sensitive = `
Authentication Administrator            avg
Global Administrator                    vg
Privileged Authentication Administrator vg
Privileged Role Administrator           vg
Groups Administrator                    uvg
Helpdesk Administrator                  uvg
User Administrator                      uvg
Directory Readers                       auvg
Guest Inviter                           auvg
Message Center Reader                   auvg
Password Administrator                  auvg
Reports Reader                          auvg
-                                       auvg
User Experience Success Manager         auvg
Usage Summary Reports Reader            auvg
(member or owner of a role-assignable group) vg
(role scoped to a restricted-management administrative unit) vg
(any other role)                        vg`

func columns() map[rune]rbac.Role {
	return map[rune]rbac.Role{
		'p': rbac.PasswordAdministrator, 'h': rbac.HelpdeskAdministrator, 'a': rbac.AuthenticationAdministrator,
		'u': rbac.UserAdministrator, 'v': rbac.PrivilegedAuthenticationAdministrator, 'g': rbac.GlobalAdministrator,
	}
}

// rows reads a printed table: the letters are the last words of a line.
func rows(t *testing.T, printed string) map[rbac.Role]string {
	t.Helper()
	out := map[rbac.Role]string{}
	for line := range strings.Lines(strings.TrimSpace(printed)) {
		words := strings.Fields(line)
		letters := ""
		for len(words) > 1 && strings.Trim(words[len(words)-1], "phauvg") == "" {
			letters = words[len(words)-1] + letters
			words = words[:len(words)-1]
		}
		name := strings.Join(words, " ")
		if name == "-" {
			name = ""
		}
		out[rbac.Role(name)] = letters
	}
	return out
}

// T10: every cell of both tables, an unknown target role and an unknown operator role.
func TestEveryCellOfThePublishedTables(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		table   rbac.Table
		printed string
	}{"reset": {rbac.ResetTable(), published}, "sensitive": {rbac.SensitiveTable(), sensitive}} {
		want := rows(t, tc.printed)
		if len(want) != len(tc.table) || len(want) != len(rbac.TargetRoles())+1 {
			t.Fatalf("%s: %d rows, want %d and %d", name, len(tc.table), len(want), len(rbac.TargetRoles())+1)
		}
		for target, letters := range want {
			held := []rbac.Role{target}
			if target == rbac.NoRole {
				held = nil
			}
			for letter, operator := range columns() {
				got, _ := tc.table.Allows(operator, held)
				if got != strings.ContainsRune(letters, letter) {
					t.Errorf("%s: %s on a holder of %q is %v", name, operator, target, got)
				}
			}
			for _, other := range []rbac.Role{rbac.ReportsReader, "", "Chief Imposter"} {
				if ok, _ := tc.table.Allows(other, held); ok {
					t.Errorf("%s: %q has no column, but may act on %q", name, other, target)
				}
			}
		}
		for _, operator := range columns() {
			if ok, held := tc.table.Allows(operator, []rbac.Role{"Chief Imposter"}); ok || held != "Chief Imposter" {
				t.Errorf("%s: %s may act on an unknown role", name, operator)
			}
		}
	}
}

func drawRoles(t *rapid.T, label string, from []rbac.Role) []rbac.Role {
	return rapid.SliceOfN(rapid.SampledFrom(from), 0, 4).Draw(t, label)
}

func TestAnotherRoleOfTheTargetNeverWidens(t *testing.T) {
	t.Parallel()
	all := append(rbac.TargetRoles(), "Unknown Role")
	rapid.Check(t, func(t *rapid.T) {
		held := drawRoles(t, "held", all)
		more := rapid.SampledFrom(all).Draw(t, "more")
		operator := rapid.SampledFrom(rbac.OperatorRoles()).Draw(t, "operator")
		for _, table := range []rbac.Table{rbac.ResetTable(), rbac.SensitiveTable()} {
			before, _ := table.Allows(operator, held)
			after, _ := table.Allows(operator, append(slices.Clone(held), more))
			if after && !before && len(held) > 0 {
				t.Fatalf("%s may not act on %v, but may on it with %s", operator, held, more)
			}
		}
	})
}
