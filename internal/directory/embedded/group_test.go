package embedded

import (
	"slices"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

func groupNames(a core.Account) (out []string) {
	for _, g := range a.Groups {
		out = append(out, g.Name.Raw())
	}
	return out
}

func TestRolesComeFromThePersonAndFromEveryGroup(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	loadBatch(t, d, Batch{
		Groups: []Group{
			{Name: text("Desk"), MemberOf: texts("Staff", "Helpers"), Roles: texts("Helpdesk Administrator")},
			{Name: text("Helpers"), MemberOf: texts("Staff"), Roles: texts("Helpdesk Administrator", "Reports Reader")},
			{Name: text("Staff")},
		},
		People: slices.Values([]Person{
			{Login: text("kofi"), Groups: texts("desk"), Roles: texts("Password Administrator")},
			{Login: text("nobody")},
		}),
	})
	a := account(t, d, "kofi")
	if want := []rbac.Role{rbac.PasswordAdministrator, rbac.HelpdeskAdministrator, rbac.ReportsReader}; !slices.Equal(a.Roles, want) {
		t.Errorf("roles %v, want %v", a.Roles, want)
	}
	if got := groupNames(a); len(got) != 3 || got[0] != "desk" || a.Groups[0].Nested || !a.Groups[1].Nested || a.Marks.Unreadable != "" {
		t.Errorf("groups %+v, unreadable %q", a.Groups, a.Marks.Unreadable)
	}
	if a := account(t, d, "nobody"); len(a.Groups)+len(a.Roles) > 0 {
		t.Errorf("nobody has %v, %v", a.Groups, a.Roles)
	}
}

func TestGroupsInACircleMakeAnAccountUnreadable(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	loadBatch(t, d, Batch{
		Groups: []Group{
			{Name: text("A"), MemberOf: texts("B")},
			{Name: text("B"), MemberOf: texts("C")},
			{Name: text("C"), MemberOf: texts("B")},
			{Name: text("Self"), MemberOf: texts("Self")},
			{Name: text("Diamond"), MemberOf: texts("L", "R")},
			{Name: text("L"), MemberOf: texts("Top")},
			{Name: text("R"), MemberOf: texts("Top")},
		},
		People: slices.Values([]Person{
			{Login: text("inside"), Groups: texts("A")}, {Login: text("selfish"), Groups: texts("Self")}, {Login: text("fine"), Groups: texts("Diamond")},
		}),
	})
	for login, unreadable := range map[string]string{"inside": unreadableCycle, "selfish": unreadableCycle, "fine": ""} {
		a := account(t, d, login)
		if a.Marks.Unreadable != unreadable || (unreadable == "") != (len(a.Notes) == 0) {
			t.Errorf("%s: unreadable %q, notes %v; want %q", login, a.Marks.Unreadable, a.Notes, unreadable)
		}
	}
	if got := groupNames(account(t, d, "fine")); len(got) != 4 {
		t.Errorf("two ways to one group: %q", got)
	}
}

func TestTooManyGroupsMakeAnAccountUnreadable(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, Person{Login: text("deep")}, Person{Login: text("allowed")})
	chain := []string{ // each group is in the next one
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10001) INSERT INTO groups SELECT i, 'group ' || i, 'group ' || i, 'CN=' || i FROM n`,
		`INSERT INTO nestings SELECT id, id + 1 FROM groups WHERE id <= 10000`,
		`INSERT INTO memberships SELECT id, CASE login WHEN 'deep' THEN 1 ELSE 2 END FROM people`,
		`INSERT INTO group_roles VALUES (10001, 'Global Administrator')`,
	}
	err := d.db.Write(t.Context(), func(ctx ctx, tx *sqlitedb.Tx) error {
		for _, statement := range chain {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := account(t, d, "deep"); a.Marks.Unreadable != unreadableMany || len(a.Notes) != 1 || len(a.Groups) != maxGroups {
		t.Errorf("unreadable %q after %d groups", a.Marks.Unreadable, len(a.Groups))
	}
	a := account(t, d, "allowed")
	if a.Marks.Unreadable != "" || len(a.Groups) != maxGroups || !slices.Equal(a.Roles, []rbac.Role{rbac.GlobalAdministrator}) {
		t.Errorf("unreadable %q after %d groups, roles %v", a.Marks.Unreadable, len(a.Groups), a.Roles)
	}
	if a.Groups[0].Nested || !a.Groups[maxGroups-1].Nested || a.Groups[maxGroups-1].Name.Raw() != "group 10001" {
		t.Errorf("the nearest group is %+v, the last %+v", a.Groups[0], a.Groups[maxGroups-1])
	}
}

func TestServiceAndBuiltInAccountsAreMarked(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, Person{Login: text("svc"), Service: true}, Person{Login: text("root"), BuiltIn: true}, Person{Login: text("plain")})
	for login, want := range map[string]core.Marks{"svc": {Service: true}, "root": {BuiltIn: true}, "plain": {}} {
		if got := account(t, d, login).Marks; got != want {
			t.Errorf("%s has %+v, want %+v", login, got, want)
		}
	}
}
