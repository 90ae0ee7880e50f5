package embedded

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
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
	if testing.Short() {
		t.Skip("it makes ten thousand groups")
	}
	d, _ := open(t)
	var groups []Group
	for i := range maxGroups + 1 {
		groups = append(groups, Group{Name: text(fmt.Sprint("group ", i)), MemberOf: texts(fmt.Sprint("group ", i+1))[:min(1, maxGroups-i)]})
	}
	loadBatch(t, d, Batch{Groups: groups, People: slices.Values([]Person{
		{Login: text("deep"), Groups: texts("group 0")}, {Login: text("allowed"), Groups: texts("group 1")},
	})})
	if a := account(t, d, "deep"); a.Marks.Unreadable != unreadableMany || len(a.Notes) != 1 || len(a.Groups) != maxGroups {
		t.Errorf("unreadable %q after %d groups", a.Marks.Unreadable, len(a.Groups))
	}
	if a := account(t, d, "allowed"); a.Marks.Unreadable != "" || len(a.Groups) != maxGroups {
		t.Errorf("unreadable %q after %d groups", a.Marks.Unreadable, len(a.Groups))
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
