package openldap

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// access replaces the access rules of the database.
func access(t *testing.T, s *testlab.SlapdServer, rules ...string) {
	t.Helper()
	var ldif strings.Builder
	ldif.WriteString("dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcAccess\n")
	for i, rule := range rules {
		fmt.Fprintf(&ldif, "olcAccess: {%d}%s\n", i, rule)
	}
	s.Configure(t, ldif.String())
}

// usualAccess are the rules of the recipe.
func usualAccess(s *testlab.SlapdServer) []string {
	by := ` by dn.exact="` + s.HelpdeskDN + `" `
	return []string{
		"to attrs=userPassword" + by + "=w by self =xw by anonymous auth by * none",
		`to dn.subtree="ou=people,` + s.Suffix + `" attrs=pwdAccountLockedTime,pwdReset,pwdFailureTime,pwdChangedTime,pwdPolicySubentry` + by + "manage by * none",
		"to *" + by + "read by self read by * none",
	}
}

// T12: what may not be read is never taken for something that is not there.
func TestWhatMayNotBeReadMakesTheAccountUnreadable(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane", Mail: "jane@example.org"})
	if a := mustAccount(t, d, id); a.Marks.Unreadable != "" || len(a.Notes) != 0 || a.State.WrongPasswords != 0 {
		t.Fatalf("everything can be read, and yet: %+v, %v", a.Marks, a.Notes)
	}
	by := ` by dn.exact="` + s.HelpdeskDN + `" `
	for _, level := range []string{"none", "search", "compare", "disclose"} {
		for _, attribute := range []string{attrMemberOf, attrLocked, attrTmpLocked, attrReset, attrChanged, attrPolicy, attrStart, attrEnd} {
			access(t, s, append([]string{"to attrs=" + attribute + by + level}, usualAccess(s)...)...)
			s.ModifyOperational(t, dn, testlab.Attributes{attrLocked: {ago(time.Minute)}, attrReset: {"TRUE"}})
			a := mustAccount(t, d, id)
			hiding := level != "search" || !slices.Contains([]string{attrMemberOf, attrTmpLocked, attrPolicy, attrStart, attrEnd}, attribute)
			if hidden := a.Marks.Unreadable == attribute && says(a, "openldap.note_hidden"); hidden != hiding {
				t.Errorf("%s %s: unreadable %q, notes %v", attribute, level, a.Marks.Unreadable, a.Notes)
			}
		}
	}
	access(t, s, append([]string{"to attrs=pwdFailureTime" + by + "none"}, usualAccess(s)...)...)
	if a := mustAccount(t, d, id); a.State.WrongPasswords != -1 || a.Marks.Unreadable != "" || !says(a, "openldap.note_hidden") {
		t.Errorf("hidden failures: %d wrong passwords, unreadable %q", a.State.WrongPasswords, a.Marks.Unreadable)
	}
	access(t, s, append([]string{`to dn.subtree="ou=groups,` + s.Suffix + `"` + by + "none"}, usualAccess(s)...)...)
	s.AddGroup(t, "hidden", dn)
	if a := mustAccount(t, d, id); a.Marks.Unreadable != groupsHidden || !says(a, "openldap.note_groups_hidden") || len(a.Groups) != 1 {
		t.Errorf("a group that may not be read: unreadable %q, groups %v", a.Marks.Unreadable, a.Groups)
	}
	access(t, s, append([]string{`to dn.subtree="ou=groups,` + s.Suffix + `" attrs=memberOf` + by + "none"}, usualAccess(s)...)...)
	if a := mustAccount(t, d, id); a.Marks.Unreadable != groupsHidden {
		t.Errorf("groups whose groups may not be read: unreadable %q", a.Marks.Unreadable)
	}
}

// T12: a group that another server holds is not followed there, and not forgotten either.
func TestAGroupBehindAReferralMakesTheAccountUnreadable(t *testing.T) {
	t.Parallel()
	person := testlab.Attributes{"objectClass": {"inetOrgPerson"}, "uid": {"jane"}, "cn": {"Jane"}, "sn": {"Doe"}, attrMemberOf: {"cn=admins,ou=away,dc=example,dc=org"}}
	away := testlab.Attributes{"objectClass": {"referral", "extensibleObject"}, "ou": {"away"}, "ref": {"ldap://127.0.0.1:1/ou=away,dc=example,dc=org"}}
	s := testlab.Slapd(t, testlab.SlapdOptions{
		LDIF: away.LDIF("ou=away,dc=example,dc=org") + person.LDIF("uid=jane,ou=people,dc=example,dc=org"),
	})
	d := open(t, options(s))
	if a := mustAccount(t, d, d.id(keyOf(t, s, s.PersonDN("jane")))); a.Marks.Unreadable != groupsHidden || len(a.Groups) != 1 {
		t.Errorf("unreadable %q, groups %v", a.Marks.Unreadable, a.Groups)
	}
}

// T11: groups in groups, in a circle, and too many of them.
func TestGroupsAreFollowedToTheirEndOrTheAccountIsUnreadable(t *testing.T) {
	t.Parallel()
	const suffix = "dc=example,dc=org"
	group := func(name string, memberOf ...string) string {
		for i, m := range memberOf {
			memberOf[i] = "cn=" + m + ",ou=groups," + suffix
		}
		return testlab.Attributes{"objectClass": {"groupOfNames"}, "cn": {name}, "member": {"cn=nobody"}, attrMemberOf: memberOf}.LDIF("cn=" + name + ",ou=groups," + suffix)
	}
	person := func(uid string, memberOf ...string) string {
		for i, m := range memberOf {
			memberOf[i] = "cn=" + m + ",ou=groups," + suffix
		}
		return testlab.Attributes{"objectClass": {"inetOrgPerson"}, "uid": {uid}, "cn": {uid}, "sn": {uid}, attrMemberOf: memberOf}.LDIF("uid=" + uid + ",ou=people," + suffix)
	}
	many := make([]string, 0, maxGroups+1)
	for i := range maxGroups + 1 {
		many = append(many, fmt.Sprintf("many%d", i))
	}
	var ldif strings.Builder
	for i := range 49 {
		ldif.WriteString(group(fmt.Sprintf("chain%d", i), fmt.Sprintf("chain%d", i+1)))
	}
	ldif.WriteString(group("chain49", "helpdesk-admins") + group("helpdesk-admins"))
	ldif.WriteString(group("circle1", "circle2") + group("circle2", "circle3") + group("circle3", "circle1") + group("self", "self"))
	ldif.WriteString(group("left", "top") + group("right", "top") + group("top"))
	ldif.WriteString(group("wide", slices.Clone(many)...))
	ldif.WriteString(person("deep", "chain0") + person("round", "circle1") + person("own", "self") + person("diamond", "left", "right") +
		person("direct", "helpdesk-admins") + person("crowd", slices.Clone(many)...) + person("wide", "wide") + person("gone", "no-such-group") + person("plain"))
	s := testlab.Slapd(t, testlab.SlapdOptions{LDIF: ldif.String(), MapSize: 1 << 28})
	d := open(t, options(s))
	admin := []rbac.Role{rbac.HelpdeskAdministrator}
	for _, tc := range []struct {
		uid        string
		groups     int
		unreadable string
		roles      []rbac.Role
	}{
		{"plain", 0, "", nil},
		{"direct", 1, "", admin},
		{"diamond", 3, "", nil},
		{"deep", 51, "", admin},
		{"round", 3, groupsCircle, nil},
		{"own", 1, groupsCircle, nil},
		{"crowd", 0, groupsMany, nil},
		{"wide", 1, groupsMany, nil},
		{"gone", 1, groupsHidden, nil},
	} {
		began := time.Now()
		a := mustAccount(t, d, d.id(keyOf(t, s, "uid="+tc.uid+",ou=people,"+suffix)))
		if a.Marks.Unreadable != tc.unreadable || !slices.Equal(a.Roles, tc.roles) || len(a.Groups) != tc.groups {
			t.Errorf("%s: unreadable %q, roles %v, %d groups", tc.uid, a.Marks.Unreadable, a.Roles, len(a.Groups))
		}
		if tc.unreadable != "" && len(a.Notes) == 0 {
			t.Errorf("%s: nothing says why", tc.uid)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", tc.uid, took)
		}
	}
	deep := mustAccount(t, d, d.id(keyOf(t, s, "uid=deep,ou=people,"+suffix))).Groups
	if deep[0].Nested || deep[0].Name.Raw() != "chain0" || !deep[50].Nested || deep[50].ID != "CN=helpdesk-admins,OU=groups,DC=example,DC=org" {
		t.Errorf("the groups are not the nearest first: %v, %v", deep[0], deep[50])
	}
}

// T14: a unit is compared as a name, not as a text.
func TestWhetherAnAccountBelongsToAServiceIsDecidedByItsName(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	people := "ou=people," + s.Suffix
	for dn, ou := range map[string]string{
		"ou=Robots," + people: "Robots", "ou=inner,ou=Robots," + people: "inner", `ou=not\2Cou\3Drobots,` + people: "not,ou=robots", "ou=robots2," + people: "robots2",
	} {
		s.Add(t, dn, testlab.Attributes{"objectClass": {"organizationalUnit"}, "ou": {ou}})
	}
	o := options(s)
	o.ServiceUnits = []string{"OU = robots , ou=people,DC=Example,dc=org"}
	d := open(t, o)
	for dn, tc := range map[string]struct {
		service bool
		place   string
	}{
		"uid=a,ou=Robots," + people:            {true, "OU=Robots,OU=people,DC=example,DC=org"},
		"uid=b,ou=inner,ou=Robots," + people:   {true, "OU=inner,OU=Robots,OU=people,DC=example,DC=org"},
		`uid=c,ou=not\2Cou\3Drobots,` + people: {false, `OU=not\,ou=robots,OU=people,DC=example,DC=org`},
		"uid=d,ou=robots2," + people:           {false, "OU=robots2,OU=people,DC=example,DC=org"},
		`uid=e\2Cou\3Drobots,` + people:        {false, "OU=people,DC=example,DC=org"},
		"uid=f+cn=F," + people:                 {false, "OU=people,DC=example,DC=org"},
	} {
		uid := "e,ou=robots"
		if !strings.Contains(dn, `uid=e\`) {
			uid = dn[4:5]
		}
		s.Add(t, dn, testlab.Attributes{"objectClass": {"inetOrgPerson"}, "uid": {uid}, "cn": {"F"}, "sn": {"x"}})
		a := mustAccount(t, d, d.id(keyOf(t, s, dn)))
		if a.Marks.Service != tc.service || a.Place != tc.place {
			t.Errorf("%s: service %v, place %q", dn, a.Marks.Service, a.Place)
		}
	}
}

// T15: the account that the program itself signs in with.
func TestTheProgramsOwnAccountIsAServiceAccount(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	o := options(s)
	o.Base, o.PeopleClass = s.Suffix, "organizationalRole"
	d := open(t, o)
	if a := mustAccount(t, d, d.id(keyOf(t, s, s.HelpdeskDN))); !a.Marks.Service {
		t.Errorf("marks %+v", a.Marks)
	}
}

func TestRolesComeFromGroupsByNameOrByPlace(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	o := options(s)
	o.RoleGroups = map[string]string{
		"User Administrator": "CN=Desk Two, OU=Groups,dc=EXAMPLE,dc=org", "Something Else": "odd", "Global Administrator": "cn=root," + s.Suffix,
	}
	d := open(t, o)
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.AddGroup(t, "desk two", dn)
	s.AddGroup(t, "Odd", dn)
	s.AddGroup(t, "root", dn) // of that name, but elsewhere
	if roles := mustAccount(t, d, id).Roles; !slices.Equal(roles, []rbac.Role{"User Administrator", "Something Else"}) && !slices.Equal(roles, []rbac.Role{"Something Else", "User Administrator"}) {
		t.Errorf("roles %v", roles)
	}
}

func TestAManagerWhoCannotBeReadIsNobody(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	_, boss := add(t, s, testlab.Person{UID: "boss", GivenName: "Berta", Surname: "Boss", Department: "Top"})
	_, id := add(t, s, testlab.Person{UID: "jane", ManagerUID: "boss"})
	_, orphan := add(t, s, testlab.Person{UID: "orphan", ManagerUID: "nobody"})
	if m := mustAccount(t, d, id).Manager; m.ID != boss || m.Login.Raw() != "boss" || m.DisplayName.Raw() != "Berta Boss" || m.Department.Raw() != "Top" {
		t.Errorf("manager %+v", m)
	}
	if a := mustAccount(t, d, orphan); a.Manager != (core.Person{}) || !says(a, "openldap.note_manager") || a.Marks.Unreadable != "" {
		t.Errorf("manager %+v, notes %v", a.Manager, a.Notes)
	}
}

func TestMethodsComeFromTheMappedAttributesAndKeepTheirIDs(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	o := options(s)
	o.Attributes["phone"] = "telephoneNumber|homePhone"
	d := open(t, o)
	dn, id := add(t, s, testlab.Person{UID: "jane", Mail: "jane@example.org", AlternateMail: "jane@home.example", Mobile: "+47 91234567", More: testlab.Attributes{
		"homePhone": {"+47 22 00 00 01", "+47 22 00 00 02"},
	}})
	ids := func() map[string]string {
		out := map[string]string{}
		for _, m := range mustAccount(t, d, id).Methods {
			out[m.ID] = m.Destination.Raw()
		}
		return out
	}
	want := map[string]string{
		"mail:0": "jane@example.org", "alternateMail:0": "jane@home.example", "mobilePhone:0": "+47 91234567",
		"officePhone:0": "+47 22 00 00 01", "officePhone:1": "+47 22 00 00 02",
	}
	if got := ids(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("methods %v, want %v", got, want)
	}
	s.Modify(t, dn, testlab.Attributes{"homePhone": {"+47 22 00 00 02", "+47 22 00 00 01"}})
	if got := ids(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("in another order: %v, want %v", got, want)
	}
	s.Modify(t, dn, testlab.Attributes{"telephoneNumber": {"+47 33 00 00 00"}})
	if got := ids(); got["officePhone:0"] != "+47 33 00 00 00" || got["officePhone:1"] != "" {
		t.Errorf("with a value in the first attribute: %v", got)
	}
}

func TestTheNamesOfAttributesAreAMapping(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	o := options(s)
	o.Attributes = map[string]string{
		"login": "mail", "display_name": "gecos|cn", "department": "businessCategory|ou", "employee_number": "uid", "title": "", "office": "roomNumber",
		"mobile": "pager", "manager": "secretary",
	}
	o.Settings = map[string]string{"search_prefix": "mail,cn", "search_inside": "cn", "search_phones": ""}
	d := ready(t, o)
	_, boss := add(t, s, testlab.Person{UID: "boss", Mail: "boss@example.org"})
	_, id := add(t, s, testlab.Person{UID: "4711", GivenName: "Jane", Surname: "Doe", Mail: "jane@example.org", More: testlab.Attributes{
		"ou": {"Archive"}, "title": {"hidden"}, "roomNumber": {"B12"}, "pager": {"+47 91234567"}, "secretary": {s.PersonDN("boss")},
	}})
	a := mustAccount(t, d, id)
	got := fmt.Sprint(a.Login.Raw(), "|", a.DisplayName.Raw(), "|", a.Department.Raw(), "|", a.EmployeeNumber.Raw(), "|", a.Title.Raw(), "|", a.Office.Raw(), "|", a.Contacts.Mobile.Raw(), "|", a.Manager.ID == boss)
	if want := "jane@example.org|Jane Doe|Archive|4711||B12|+47 91234567|true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if ids, err := d.Resolve(guarded(t), raw("JANE@example.org")); err != nil || len(ids) != 1 || ids[0] != id {
		t.Errorf("resolves to %v, %v", ids, err)
	}
}

func TestOptionsThatMakeNoSenseAreNamedAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), Options{
		Name: "a:b", Base: "people", BindDN: "", GroupBase: "x", ServiceUnits: []string{"(uid=*)"}, PeopleClass: "a)(b",
		Attributes: map[string]string{"login": "uid|cn", "nickname": "x", "mail": "a b"},
		Settings:   map[string]string{"search_inside_from": "1", "password_change": "both", "default_policy": "x", "colour": "red", "search_prefix": "uid,("},
		RoleGroups: map[string]string{"Global Administrator": ""},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, key := range []string{
		"name", "clock and entropy", "base", "bind_dn", "group_base", "service_units", "people_class", "attributes.login", "attributes.nickname", "attributes.mail",
		"settings.search_inside_from", "settings.password_change", "settings.default_policy", "settings.colour", "settings.search_prefix", "role_groups",
	} {
		if !strings.Contains(err.Error(), key+": expected") {
			t.Errorf("%s is not named in: %v", key, err)
		}
	}
}
