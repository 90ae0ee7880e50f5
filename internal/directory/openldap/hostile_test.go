package openldap

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// Text of the directory is hostile: it is kept as it is and shown with visible escapes.
func TestHostileValuesAreShownWithVisibleEscapes(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := ready(t, options(s))
	const name = "\x1b]8;;http://x\x07Eve\x1b[31m \u202eexe.gnp \u200b\u009b31m"
	dn, id := add(t, s, testlab.Person{UID: "eve", Department: name, More: testlab.Attributes{"displayName": {name}, "title": {name}, "mobile": {"+47 1 x"}}})
	s.Add(t, "cn="+"group\\1b[31m"+",ou=groups,"+s.Suffix, testlab.Attributes{"objectClass": {"groupOfNames"}, "cn": {"group\x1b[31m"}, "member": {dn}})
	a := mustAccount(t, d, id)
	rows := find(t, d, "eve", 5).Rows
	if len(rows) != 1 || a.DisplayName.Raw() != name || len(a.Groups) != 1 || a.Groups[0].Name.Raw() != "group\x1b[31m" {
		t.Fatalf("read as %q, %d rows, groups %v", a.DisplayName.Raw(), len(rows), a.Groups)
	}
	for _, shown := range []string{
		a.DisplayName.String(), a.Title.String(), a.Department.String(), rows[0].DisplayName.String(), rows[0].Department.String(),
		a.Groups[0].Name.String(), a.Groups[0].ID, a.Place,
	} {
		if strings.ContainsAny(shown, "\x1b\x07\u202e\u200b\u009b") {
			t.Errorf("%q reaches a terminal", shown)
		}
	}
}

// entry encodes a search entry of a hostile server, without the head of the message.
func entry(dn string, attributes map[string][]string) []byte {
	var list [][]byte
	for name, values := range attributes {
		var encoded [][]byte
		for _, v := range values {
			encoded = append(encoded, testlab.BERString(v))
		}
		list = append(list, testlab.BER(0x30, testlab.BERString(name), testlab.BER(0x31, encoded...)))
	}
	return testlab.BER(0x64, testlab.BERString(dn), testlab.BER(0x30, list...))
}

const hostileKey = "6317d220-7abd-1041-8ed7-39da089704ec"

// hostileServer answers every search with these attributes beside what makes an account.
func hostileServer(t *testing.T, attributes map[string][]string) *Directory {
	t.Helper()
	all := map[string][]string{
		"entryUUID": {hostileKey}, "entryCSN": {"20260101000000.000000Z#000000#000#000000"}, "uid": {"eve"}, "cn": {"Eve"}, "objectClass": {"inetOrgPerson"},
		"supportedControl": {"1.3.6.1.4.1.42.2.27.8.5.1", "1.3.6.1.1.12"},
	}
	for name, values := range attributes {
		all[name] = values
	}
	eve := entry("uid=eve,ou=people,dc=example,dc=org", all)
	server := testlab.ScriptedLDAP(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		if r.Op != testlab.OpSearch {
			peer.Send(testlab.Answer(r.MessageID, 0x67, 0, ""))
			return
		}
		peer.Send(testlab.BER(0x30, testlab.BERInt(r.MessageID), eve), testlab.Answer(r.MessageID, 0x65, 0, ""))
	})
	o := offline()
	o.URLs, o.CA, o.OpTimeout = []string{server.URL}, server.CA.PEM(), 20*time.Second
	return open(t, o)
}

// T57: what a server sends is bounded, and an answer that is too long is an error and not a part of the truth.
func TestAnAnswerThatIsTooLongIsAnError(t *testing.T) { // not beside others: it looks at the memory of the process
	manyValues := make([]string, 0, 100_000)
	for i := range cap(manyValues) {
		manyValues = append(manyValues, fmt.Sprint(i))
	}
	for name, attributes := range map[string]map[string][]string{
		"an attribute of 1 MiB": {"displayName": {strings.Repeat("x", 1<<20)}},
		"100,000 values":        {"memberOf": manyValues},
		"100,000 addresses":     {"mail": manyValues},
	} {
		t.Run(name, func(t *testing.T) {
			d := hostileServer(t, attributes)
			before := heap()
			_, err := d.Account(guarded(t), hostileKey)
			want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.too_much")
			_, err = d.Search(guarded(t), core.Query{Text: raw("eve")})
			want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.too_much")
			err = reset(t, d, core.AccountID{Directory: "corp", Key: hostileKey}, true)
			want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.too_much")
			if held := heap() - before; held > 64<<20 {
				t.Errorf("%d bytes are held", held)
			}
		})
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}

// T58: values that make no sense do no harm.
func TestValuesThatMakeNoSenseDoNoHarm(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]map[string][]string{
		"times":            {"pwdLockout": {"TRUE"}, attrLocked: {"99999999999999Z"}, attrChanged: {"-1"}, attrFailures: {"", "x", "20260231000000Z"}, attrEnd: {"16010101000000Z"}, attrStart: {"\xff"}},
		"names":            {"memberOf": {"", "not a name", "cn=a,,dc=b", strings.Repeat("cn=x,", 9000) + "dc=y"}, "manager": {"nobody"}},
		"a policy":         {"objectClass": {"pwdPolicy"}, "pwdMaxAge": {"999999999999999999999"}, "pwdLockoutDuration": {"-1"}, "pwdMinLength": {"x"}, "pwdLockout": {"maybe"}},
		"bytes":            {"displayName": {"\xff\xfe\x00"}, "uid": {"\x00"}, "mail": {"\x1b@\x00"}, "mobile": {"\x00"}},
		"several keys":     {"entryUUID": {hostileKey, "another"}},
		"empty attributes": {"mail": {""}, "mobile": {""}, "displayName": {""}, attrReset: {""}, "departmentNumber": {""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := hostileServer(t, attributes)
			a, err := d.Account(guarded(t), hostileKey)
			if err != nil {
				t.Fatal(err)
			}
			if name == "times" && (!a.State.Locked || a.State.Enabled) {
				t.Errorf("state %+v: what cannot be understood must not let anybody in", a.State)
			}
			if name == "names" && a.Marks.Unreadable == "" {
				t.Error("groups that cannot be understood count as none")
			}
			if _, err := d.Search(guarded(t), core.Query{Text: raw("eve")}); err != nil {
				t.Errorf("search: %v", err)
			}
			_ = fmt.Sprint(a, d.Probe(guarded(t)), d.Examine(guarded(t)))
		})
	}
}

func TestAnotherEntryThanTheOneAskedForIsNotTaken(t *testing.T) {
	t.Parallel()
	d := hostileServer(t, map[string][]string{"entryUUID": {"00000000-0000-4000-8000-000000000000"}})
	_, err := d.Account(guarded(t), hostileKey)
	want(t, err, core.CodeNotFound, core.NothingChanged, "directory.not_found")
	err = reset(t, d, core.AccountID{Directory: "corp", Key: hostileKey}, true)
	want(t, err, core.CodeNotFound, core.NothingChanged, "directory.not_found")
}

func TestAServerThatAgreesWithEverythingProvesNothing(t *testing.T) {
	t.Parallel()
	d := hostileServer(t, nil)
	a, err := d.Account(guarded(t), hostileKey)
	if err != nil || len(a.Roles) != 0 || a.Login.Raw() != "eve" {
		t.Fatalf("account %+v, %v", a, err)
	}
	if err := reset(t, d, d.id(hostileKey), false); err != nil {
		t.Errorf("reset: %v", err)
	}
	if page, err := d.List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: mostPage}); core.CodeOf(err) != core.CodeUnavailable {
		t.Errorf("pages that never say whether there is another: %+v, %v", page, err)
	}
}
