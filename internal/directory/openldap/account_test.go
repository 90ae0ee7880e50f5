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

// hide makes an attribute, or whatever is named, invisible up to a level of access.
func hide(t *testing.T, s *testlab.SlapdServer, what, level string) {
	t.Helper()
	access(t, s, append([]string{"to " + what + ` by dn.exact="` + s.HelpdeskDN + `" ` + level}, usualAccess(s)...)...)
}

// T12: what may not be read is never taken for something that is not there.
func TestAnAttributeThatMayNotBeReadMakesTheAccountUnreadable(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane", Mail: "jane@example.org"})
	if a := mustAccount(t, d, id); a.Marks.Unreadable != "" || len(a.Notes) != 0 || a.State.WrongPasswords != 0 {
		t.Fatalf("everything can be read, and yet: %+v, %v", a.Marks, a.Notes)
	}
	absent := []string{attrMemberOf, attrTmpLocked, attrPolicy, attrStart, attrEnd}
	for _, level := range []string{"none", "search", "compare", "disclose"} {
		for _, attribute := range append([]string{attrLocked, attrReset, attrChanged}, absent...) {
			hide(t, s, "attrs="+attribute, level)
			s.ModifyOperational(t, dn, testlab.Attributes{attrLocked: {ago(time.Minute)}, attrReset: {"TRUE"}})
			a := mustAccount(t, d, id)
			hiding := level != "search" || !slices.Contains(absent, attribute) // with "search" slapd says whether it is there
			if hidden := a.Marks.Unreadable == attribute && says(a, "openldap.note_hidden"); hidden != hiding {
				t.Errorf("%s %s: unreadable %q, notes %v", attribute, level, a.Marks.Unreadable, a.Notes)
			}
		}
	}
}

func TestFailuresThatMayNotBeReadAreNotCountedAsNone(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	_, id := add(t, s, testlab.Person{UID: "jane"})
	hide(t, s, "attrs=pwdFailureTime", "none")
	if a := mustAccount(t, d, id); a.State.WrongPasswords != -1 || a.Marks.Unreadable != "" || !says(a, "openldap.note_hidden") {
		t.Errorf("%d wrong passwords, unreadable %q", a.State.WrongPasswords, a.Marks.Unreadable)
	}
}

func TestAGroupThatMayNotBeReadMakesTheAccountUnreadable(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	s.AddGroup(t, "hidden", dn)
	for _, what := range []string{`dn.subtree="ou=groups,` + s.Suffix + `"`, `dn.subtree="ou=groups,` + s.Suffix + `" attrs=memberOf`} {
		hide(t, s, what, "none")
		if a := mustAccount(t, d, id); a.Marks.Unreadable != groupsHidden || !says(a, "openldap.note_groups_hidden") || len(a.Groups) != 1 {
			t.Errorf("%s: unreadable %q, groups %v", what, a.Marks.Unreadable, a.Groups)
		}
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

// member is the LDIF of somebody, or of a group, who is in these groups. slapadd keeps memberOf as it is given.
func member(class, rdn string, memberOf ...string) string {
	const suffix = "dc=example,dc=org"
	name, value, _ := strings.Cut(rdn, "=")
	entry := testlab.Attributes{"objectClass": {class}, name: {value}}
	unit := "ou=groups,"
	if class == "inetOrgPerson" {
		entry["cn"], entry["sn"], unit = []string{value}, []string{value}, "ou=people,"
	} else {
		entry["member"] = []string{"cn=nobody"}
	}
	for _, m := range memberOf {
		entry[attrMemberOf] = append(entry[attrMemberOf], "cn="+m+",ou=groups,"+suffix)
	}
	return entry.LDIF(rdn + "," + unit + suffix)
}

// groupsOfEveryKind is a directory of groups in groups: deep, in a circle, and too many.
func groupsOfEveryKind(t *testing.T) *testlab.SlapdServer {
	t.Helper()
	many := make([]string, 0, maxGroups+1)
	for i := range maxGroups + 1 {
		many = append(many, fmt.Sprintf("many%d", i))
	}
	var ldif strings.Builder
	for i := range 49 {
		ldif.WriteString(member("groupOfNames", fmt.Sprintf("cn=chain%d", i), fmt.Sprintf("chain%d", i+1)))
	}
	for rdn, memberOf := range map[string][]string{
		"cn=chain49": {"helpdesk-admins"}, "cn=helpdesk-admins": nil, "cn=circle1": {"circle2"}, "cn=circle2": {"circle3"}, "cn=circle3": {"circle1"},
		"cn=self": {"self"}, "cn=left": {"top"}, "cn=right": {"top"}, "cn=top": nil, "cn=wide": many,
	} {
		ldif.WriteString(member("groupOfNames", rdn, memberOf...))
	}
	for rdn, memberOf := range map[string][]string{
		"uid=deep": {"chain0"}, "uid=round": {"circle1"}, "uid=own": {"self"}, "uid=diamond": {"left", "right"}, "uid=direct": {"helpdesk-admins"},
		"uid=crowd": many, "uid=wide": {"wide"}, "uid=gone": {"no-such-group"}, "uid=plain": nil,
	} {
		ldif.WriteString(member("inetOrgPerson", rdn, memberOf...))
	}
	return testlab.Slapd(t, testlab.SlapdOptions{LDIF: ldif.String()})
}

// T11: groups in groups, in a circle, and too many of them.
func TestGroupsAreFollowedToTheirEndOrTheAccountIsUnreadable(t *testing.T) {
	t.Parallel()
	s := groupsOfEveryKind(t)
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
		a := mustAccount(t, d, d.id(keyOf(t, s, s.PersonDN(tc.uid))))
		t.Logf("%s took %v", tc.uid, time.Since(began))
		if a.Marks.Unreadable != tc.unreadable || !slices.Equal(a.Roles, tc.roles) || len(a.Groups) != tc.groups {
			t.Errorf("%s: unreadable %q, roles %v, %d groups", tc.uid, a.Marks.Unreadable, a.Roles, len(a.Groups))
		}
		if (tc.unreadable != "") != (len(a.Notes) > 0) {
			t.Errorf("%s: notes %v", tc.uid, a.Notes)
		}
	}
	deep := mustAccount(t, d, d.id(keyOf(t, s, s.PersonDN("deep")))).Groups
	if deep[0].Nested || deep[0].Name.Raw() != "chain0" || !deep[50].Nested || deep[50].ID != "CN=helpdesk-admins,OU=groups,DC=example,DC=org" {
		t.Errorf("the groups are not the nearest first: %v, %v", deep[0], deep[50])
	}
}

// T14: a unit is compared as a name, not as a text.
func TestWhetherAnAccountBelongsToAServiceIsDecidedByItsName(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	people := "ou=people," + s.Suffix
	for _, unit := range [][2]string{
		{"ou=Robots," + people, "Robots"}, {"ou=inner,ou=Robots," + people, "inner"}, {`ou=not\2Cou\3Drobots,` + people, "not,ou=robots"}, {"ou=robots2," + people, "robots2"},
	} {
		s.Add(t, unit[0], testlab.Attributes{"objectClass": {"organizationalUnit"}, "ou": {unit[1]}})
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
