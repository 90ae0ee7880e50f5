package canonical

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var morning = time.Date(2026, 3, 2, 8, 15, 30, 12000, time.UTC)

// full is a record with every field set.
func full() Record {
	return Record{
		V: Version, Seq: 7, Prev: Genesis, Boot: "b_1", At: morning, Kind: "outcome", Verb: "password.reset", Operation: "op_1",
		Actor: Actor{Operator: "alice", Credential: "key:SHA256:x", Session: "s1", Source: "192.0.2.7"},
		Roles: []string{"User Administrator", "Reports Reader"}, Desk: "São Paulo", Policy: "default", Case: 42, Ticket: "INC \"7\" <&>\\",
		Subject: "p_abc", Class: "plain", Reason: "why", Outcome: "done", Code: "policy", Evidence: []string{"ev_1", "ev_2"},
		Assurance: "strong", Approval: "ap_1", Intent: 6,
		Before: Before{Version: "v\t1", PasswordSet: morning.Add(-time.Hour), Locked: true, MustChange: true},
		Detail: map[string]string{"b": "2", "a": "1\x01\u2028", "ab": ""}, Personal: Genesis,
	}
}

func encode(t *testing.T, r Record) []byte {
	t.Helper()
	data, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestARecordIsWrittenAsTheFormatSays(t *testing.T) {
	t.Parallel()
	want := strings.Join([]string{
		`{"actor":{"credential":"key:SHA256:x","operator":"alice","session":"s1","source":"192.0.2.7"}`,
		`"approval":"ap_1","assurance":"strong","at":"2026-03-02T08:15:30.000012000Z"`,
		`"before":{"locked":true,"must_change":true,"password_set":"2026-03-02T07:15:30.000012000Z","version":"v\t1"}`,
		`"boot":"b_1","case":42,"class":"plain","code":"policy","desk":"São Paulo"`,
		`"detail":{"a":"1\u0001` + "\u2028" + `","b":"2"},"evidence":["ev_1","ev_2"],"intent":6,"kind":"outcome","operation":"op_1"`,
		`"outcome":"done","personal":"` + Genesis + `","policy":"default","prev":"` + Genesis + `","reason":"why"`,
		`"roles":["User Administrator","Reports Reader"],"seq":7,"subject":"p_abc","ticket":"INC \"7\" <&>\\","v":1,"verb":"password.reset"}`,
	}, ",")
	if got := string(encode(t, full())); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestEmptyFieldsAreLeftOut(t *testing.T) {
	t.Parallel()
	r := Record{V: Version, Seq: 1, At: morning, Kind: "system", Detail: map[string]string{"empty": ""}, Roles: []string{}}
	const want = `{"at":"2026-03-02T08:15:30.000012000Z","kind":"system","seq":1,"v":1}`
	if got := string(encode(t, r)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTimesAreWrittenInUTC(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 9*3600)
	a, b := full(), full()
	b.At, b.Before.PasswordSet = a.At.In(east), a.Before.PasswordSet.In(east)
	if !bytes.Equal(encode(t, a), encode(t, b)) {
		t.Error("one instant is written in two ways")
	}
}

func TestEveryRecordIsOneLineOfCompactJSONWithSortedKeys(t *testing.T) {
	t.Parallel()
	data := encode(t, full())
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil || !bytes.Equal(compact.Bytes(), data) || bytes.ContainsRune(data, '\n') {
		t.Errorf("not compact: %s (%v)", data, err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	last := -1
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		at := bytes.Index(data, append([]byte(`"`+key+`":`), fields[key]...))
		if at <= last {
			t.Errorf("%s stands at %d, the key before it at %d", key, at, last)
		}
		last = at
	}
}

func TestWhatHasNoFormIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Record){
		"too large":           func(r *Record) { r.Ticket = strings.Repeat("x", MaxRecord) },
		"a key of raw bytes":  func(r *Record) { r.Detail = map[string]string{"\xff": "x"} },
		"an empty key":        func(r *Record) { r.Detail = map[string]string{"": "x"} },
		"the year 10000":      func(r *Record) { r.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"before the year one": func(r *Record) { r.Before.PasswordSet = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		r := full()
		change(&r)
		if _, err := Encode(r); !errors.Is(err, ErrForm) {
			t.Errorf("%s: got %v, want ErrForm", name, err)
		}
	}
}

func TestBytesThatAreNotUTF8AreReplaced(t *testing.T) {
	t.Parallel()
	r := full()
	r.Ticket, r.Detail = "a\xffb", map[string]string{"k": "\xc3("}
	back, err := Decode(encode(t, r))
	if err != nil {
		t.Fatal(err)
	}
	if back.Ticket != "a\ufffdb" || back.Detail["k"] != "\ufffd(" {
		t.Errorf("got %q and %q", back.Ticket, back.Detail["k"])
	}
}

func TestNothingButTheCanonicalFormIsRead(t *testing.T) {
	t.Parallel()
	good := string(encode(t, full()))
	if _, err := Decode([]byte(good)); err != nil {
		t.Fatal(err)
	}
	swap := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	for name, bad := range map[string]string{
		"nothing":               "",
		"null":                  "null",
		"an empty object":       "{}",
		"a blank":               swap(`,"boot"`, `, "boot"`),
		"a line feed at end":    good + "\n",
		"two records":           good + good,
		"another order":         swap(`"approval":"ap_1","assurance":"strong"`, `"assurance":"strong","approval":"ap_1"`),
		"a key twice":           swap(`"case":42`, `"case":42,"case":42`),
		"an unknown key":        swap(`"case":42`, `"caze":1,"case":42`),
		"a key in capitals":     swap(`"case":42`, `"CASE":42`),
		"an empty field":        swap(`"approval":"ap_1"`, `"approval":""`),
		"a null field":          swap(`"approval":"ap_1"`, `"approval":null`),
		"a fraction":            swap(`"case":42`, `"case":42.0`),
		"an exponent":           swap(`"case":42`, `"case":4.2e1`),
		"a needless escape":     swap(`"alice"`, `"\u0061lice"`),
		"capitals in an escape": swap(`\u0001`, `\U0001`),
		"a shorter time":        swap(`.000012000Z`, `.000012Z`),
		"a zone":                swap(`08:15:30.000012000Z`, `09:15:30.000012000+01:00`),
		"another version":       swap(`"v":1`, `"v":2`),
		"raw bytes":             swap(`"alice"`, "\"al\xffce\""),
		"cut":                   good[:len(good)-1],
		"too long":              `{"ticket":"` + strings.Repeat("x", MaxRecord) + `","v":1}`,
	} {
		if _, err := Decode([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: got %v, want ErrForm", name, err)
		}
	}
}

func TestARecordComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		stamp := rapid.Custom(func(t *rapid.T) time.Time {
			return time.Unix(rapid.Int64Range(-1e10, 2e11).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).UTC()
		})
		want := full()
		want.Ticket, want.Desk, want.At = text.Draw(t, "ticket"), text.Draw(t, "desk"), stamp.Draw(t, "at")
		want.Before.PasswordSet = stamp.Draw(t, "set")
		want.Seq, want.Case = rapid.Int64().Draw(t, "seq"), rapid.Int64().Draw(t, "case")
		want.Evidence = rapid.SliceOfN(text, 0, 5).Draw(t, "evidence")
		want.Detail = rapid.MapOfN(rapid.StringN(1, 10, -1), rapid.StringN(1, 10, -1), 0, 5).Draw(t, "detail")
		data, err := Encode(want)
		if err != nil {
			t.Skip(err)
		}
		got, err := Decode(data)
		if err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
	})
}

func FuzzDecodeTakesOnlyWhatEncodeWrites(f *testing.F) {
	data, err := Encode(full())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"at":"2026-03-02T08:15:30.000012000Z","kind":"system","seq":1,"v":1}`))
	f.Add([]byte(`{"detail":{"a":"\u001f\b"},"v":1}`))
	f.Add([]byte(`{"before":{"locked":true},"roles":[""],"v":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			if !errors.Is(err, ErrForm) {
				t.Fatalf("%v is not ErrForm", err)
			}
			return
		}
		again, err := Encode(r)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%q was read and would be written as %q (%v)", data, again, err)
		}
	})
}

func TestPersonalDataComeBackAndAreDigestedWithTheirSalt(t *testing.T) {
	t.Parallel()
	want := Personal{Account: "corp:7c6b", Data: map[string]string{"name": "Jane “JD” Doe", "login": "jane"}}
	data, err := EncodePersonal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != `{"account":"corp:7c6b","data":{"login":"jane","name":"Jane “JD” Doe"}}` {
		t.Errorf("written as %s", data)
	}
	got, err := DecodePersonal(data)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	if PersonalDigest([]byte("salt one"), data) == PersonalDigest([]byte("salt two"), data) {
		t.Error("the digest says something about the data without the salt")
	}
	if PersonalDigest(nil, data) != Digest(data) || len(Digest(nil)) != len(Genesis) {
		t.Error("the digest is not SHA-256 in hex")
	}
	if _, err := DecodePersonal([]byte(`{"data":{},"account":"x"}`)); !errors.Is(err, ErrForm) {
		t.Errorf("got %v, want ErrForm", err)
	}
	if _, err := EncodePersonal(Personal{Account: strings.Repeat("x", MaxPersonal)}); !errors.Is(err, ErrForm) {
		t.Errorf("got %v, want ErrForm", err)
	}
}

func TestEveryFieldIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/audit-format.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[Record](), reflect.TypeFor[Actor](), reflect.TypeFor[Before](), reflect.TypeFor[Personal]()} {
		for i := range of.NumField() {
			if key := of.Field(i).Tag.Get("json"); !bytes.Contains(page, []byte("`"+key+"`")) {
				t.Errorf("docs/audit-format.md does not name the field %s", key)
			}
		}
	}
}
