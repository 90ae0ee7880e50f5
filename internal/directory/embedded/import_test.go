package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const goodCSV = `login,given_name,surname,display_name,department,mail,alternate_mails,mobile,business_phones,manager,place,groups,roles,disabled,account_expires
jane.doe,Jane,Doe,Jane Doe,Finance,jane@demo.example,jd@home.example; jd2@home.example,+47 91234567,,per.holm,"ou=Finance,o=demo",Controllers; Everybody,,no,
per.holm,Per,Holm,Per Holm,Finance,per@demo.example,,,+47 22000000;+47 22000001,,"OU=Finance, O=demo",everybody,Helpdesk Administrator,no,
old.timer,Old,Timer,,,,,,,,,,,yes,2026-01-31
`

const goodJSON = `{"groups": [{"name": "Controllers", "member_of": ["Finance people"], "roles": ["Reports Reader"]}],
"people": [
  {"login": "jane.doe", "given_name": "Jane", "surname": "Doe", "manager": "per.holm", "groups": ["Controllers"], "alternate_mails": ["jd@home.example"]},
  {"login": "per.holm", "display_name": "Per \u001b[31mHolm", "disabled": true, "account_expires": "2027-01-02T03:04:05Z"}
]}`

func imported(tb testing.TB, d *Directory, content string, f Format) Report {
	tb.Helper()
	report, err := d.Import(tb.Context(), strings.NewReader(content), f)
	if err != nil {
		tb.Fatalf("import: %v, %+v", err, report)
	}
	return report
}

func count(tb testing.TB, d *Directory, table string) (n int) {
	tb.Helper()
	one(tb, d, &n, `SELECT count(*) FROM `+table)
	return n
}

func TestAFileOfPeopleIsImported(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	if r := imported(t, d, goodCSV, CSV); r.Added != 3 || r.Changed != 0 || r.Groups != 2 || r.BadRows != 0 {
		t.Errorf("report %+v", r)
	}
	jane, per, old := account(t, d, "jane.doe"), account(t, d, "per.holm"), account(t, d, "old.timer")
	for _, c := range []struct{ what, got, want string }{
		{"manager", jane.Manager.Login.Raw(), "per.holm"},
		{"place", jane.Place, "OU=Finance,O=demo"},
		{"place written otherwise", per.Place, "OU=Finance,O=demo"},
		{"mobile", jane.Contacts.Mobile.Raw(), "+47 91234567"},
		{"alternate mails", fmt.Sprint(jane.Contacts.AlternateMails), "[jd@home.example jd2@home.example]"},
		{"phones", fmt.Sprint(per.Contacts.BusinessPhones), "[+47 22000000 +47 22000001]"},
		{"groups", fmt.Sprint(groupNames(jane)), "[Controllers Everybody]"},
		{"id of a group", jane.Groups[0].ID, "CN=Controllers,OU=Groups"},
		{"roles", fmt.Sprint(per.Roles), "[Helpdesk Administrator]"},
		{"a display name that was missing", old.DisplayName.Raw(), "Old Timer"},
		{"states", fmt.Sprint(per.State.Enabled, old.State.Enabled, old.State.AccountExpired), "true false true"},
		{"found", fmt.Sprint(find(t, d, "jane doe")), "[jane.doe]"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
		}
	}
	for _, m := range jane.Methods {
		if m.RegisteredBy != "import" || m.RegisteredAt.IsZero() {
			t.Errorf("method %+v", m)
		}
	}
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	t.Parallel()
	for f, content := range map[Format]string{CSV: goodCSV, JSON: goodJSON} {
		d, _ := open(t)
		first := imported(t, d, content, f)
		versions := map[string]string{}
		for _, login := range []string{"jane.doe", "per.holm"} {
			versions[login] = account(t, d, login).Version
		}
		again := imported(t, d, content, f)
		if again.Added != 0 || again.Changed != 0 || again.Unchanged != first.Added || again.Groups != 0 {
			t.Errorf("%s: at first %+v, then %+v", f, first, again)
		}
		for login, version := range versions {
			if now := account(t, d, login).Version; now != version {
				t.Errorf("%s: version of %s was %s and is %s", f, login, version, now)
			}
		}
	}
}

func TestColumnsThatAFileHasNotAreLeftAsTheyAre(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	imported(t, d, goodCSV, CSV)
	before, record0 := account(t, d, "jane.doe"), record(t, d, "jane.doe")
	if r := imported(t, d, "login,surname,display_name\nJANE.DOE,Married,Jane Married\n", CSV); r.Changed != 1 || r.Added != 0 {
		t.Fatalf("report %+v", r)
	}
	record0.Login, record0.Surname, record0.DisplayName = text("JANE.DOE"), text("Married"), text("Jane Married")
	if now := record(t, d, "jane.doe"); overlay(now, record0, columns(), allColumns) {
		t.Errorf("more was changed than was given: %+v", account(t, d, "jane.doe"))
	}
	if a := account(t, d, "jane.doe"); a.ID != before.ID || a.Version == before.Version {
		t.Errorf("id %v, version %s; before %v, %s", a.ID, a.Version, before.ID, before.Version)
	}
	for _, query := range []string{"jane married", "jane doe"} { // by the new name, and by the login
		if got := find(t, d, query); len(got) != 1 {
			t.Errorf("%q finds %q", query, got)
		}
	}
	imported(t, d, "login,manager,groups,mobile\njane.doe,,,\n", CSV)
	if a := account(t, d, "jane.doe"); !a.Manager.ID.IsZero() || len(a.Groups) > 0 || !a.Contacts.Mobile.IsZero() {
		t.Errorf("empty cells did not empty: %+v", a)
	}
}

func TestAnAddressThatStaysKeepsWhenItWasRegistered(t *testing.T) {
	t.Parallel()
	d, clock := open(t)
	imported(t, d, goodCSV, CSV)
	then := clock.Now()
	clock.pass(time.Hour)
	imported(t, d, "login,alternate_mails\njane.doe,new@home.example;jd2@home.example\n", CSV)
	want := map[string]time.Time{"jane@demo.example": then, "+47 91234567": then, "jd2@home.example": then, "new@home.example": clock.Now()}
	methods := account(t, d, "jane.doe").Methods
	for _, m := range methods {
		if at, known := want[m.Destination.Raw()]; !known || !m.RegisteredAt.Equal(at) {
			t.Errorf("%s was registered at %v, want %v", m.Destination, m.RegisteredAt, at)
		}
	}
	if len(methods) != len(want) {
		t.Errorf("methods %+v", methods)
	}
}

func TestABadRowIsNamedAndNothingIsImported(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", longestValue+1)
	for _, c := range []struct {
		name, content string
		format        Format
		line          int
		said          string
	}{
		{"a login twice", "login\njane\nPer\nJANE\n", CSV, 4, "directory.import_twice"},
		{"no login", "login,surname\njane,Doe\n,Nobody\n", CSV, 3, "directory.import_no_login"},
		{"a login of spaces", "login\n\"  \"\n", CSV, 2, "directory.import_no_login"},
		{"spaces around a login", "login\n\" jane\"\n", CSV, 2, "directory.import_login"},
		{"a control in a login", "login\n\"ja\x07ne\"\n", CSV, 2, "directory.import_login"},
		{"a manager nobody knows", "login,manager\njane,nobody\n", CSV, 2, "directory.import_manager"},
		{"a place that is no name", "login,place\njane,Finance\n", CSV, 2, "directory.import_place"},
		{"a word that is not yes or no", "login,disabled\njane,maybe\n", CSV, 2, "directory.import_yes_no"},
		{"a date nobody knows", "login,account_expires\njane,31.12.2026\n", CSV, 2, "directory.import_time"},
		{"a date before time", "login,account_expires\njane,1601-01-01\n", CSV, 2, "directory.import_time"},
		{"a cell too many", "login,surname\njane,Doe,x\n", CSV, 2, "directory.import_cells"},
		{"a cell too few", "login,surname\njane\n", CSV, 2, "directory.import_cells"},
		{"bytes that are not UTF-8", "login,surname\njane,D\xff\n", CSV, 2, "directory.import_not_utf8"},
		{"Latin 1", "login,surname\njane,M\xfcller\n", CSV, 2, "directory.import_not_utf8"},
		{"a NUL", "login,surname\njane,D\x00e\n", CSV, 2, "directory.import_nul"},
		{"a value too long", "login,surname\njane," + long + "\n", CSV, 2, "directory.import_long"},
		{"too many values", "login,groups\njane,\"" + manyGroups() + "\"\n", CSV, 2, "directory.import_many"},
		{"a quote left open", "login,surname\njane,\"Doe\nper,Holm\n", CSV, 2, "directory.import_quotes"},
		{"a quote in a cell", "login,surname\njane,D\"oe\n", CSV, 2, "directory.import_quotes"},
		{"a huge row", "login,surname\njane,\"" + strings.Repeat("x", 2*longestRow) + "\"\n", CSV, 1, "directory.import_long_row"},
		{"an endless row", "login," + strings.Repeat("x", 2*longestRow), CSV, 1, "directory.import_long_row"},
		{"a column nobody knows", "login,password\njane,secret\n", CSV, 1, "directory.import_column_unknown"},
		{"a column twice", "login,LOGIN\njane,jane\n", CSV, 1, "directory.import_column_twice"},
		{"no column of logins", "surname\nDoe\n", CSV, 1, "directory.import_no_login_column"},
		{"nothing", "", CSV, 1, "directory.import_empty"},
		{"UTF-16", "\xff\xfel\x00o\x00g\x00i\x00n\x00\n\x00", CSV, 1, "directory.import_encoding"},
		{"a program", "\x7fELF\x02\x01\x01\x00\x00", CSV, 1, "directory.import_column_unknown"},
		{"a login twice", "[{\"login\":\"a\"},\n{\"login\":\"A\"}]", JSON, 2, "directory.import_twice"},
		{"an unknown name", "[\n{\"login\":\"a\"},\n\n{\"login\":\"b\", \"password\":\"x\"}]", JSON, 4, "directory.import_column_unknown"},
		{"no login", "[{\"surname\":\"a\"}]", JSON, 1, "directory.import_no_login"},
		{"a number for a name", "[{\"login\":\"a\",\"surname\":7}]", JSON, 1, "directory.import_value"},
		{"a word for yes", "[{\"login\":\"a\",\"disabled\":\"yes\"}]", JSON, 1, "directory.import_yes_no"},
		{"a number for a time", "[{\"login\":\"a\",\"account_expires\":7}]", JSON, 1, "directory.import_time"},
		{"a date nobody knows", "[{\"login\":\"a\",\"account_expires\":\"soon\"}]", JSON, 1, "directory.import_time"},
		{"a NUL", "[{\"login\":\"a\",\"surname\":\"\\u0000\"}]", JSON, 1, "directory.import_nul"},
		{"bytes that are not UTF-8", "[{\"login\":\"a\",\"surname\":\"\xff\"}]", JSON, 1, "directory.import_encoding"},
		{"no object", "[7]", JSON, 1, "directory.import_shape"},
		{"null", "[null]", JSON, 1, "directory.import_shape"},
		{"a word", "\"people\"", JSON, 1, "directory.import_shape"},
		{"another object", "{\"users\": []}", JSON, 1, "directory.import_shape"},
		{"people that are no list", "{\"people\": {}}", JSON, 1, "directory.import_shape"},
		{"more after the end", "[]\n[]", JSON, 2, "directory.import_shape"},
		{"half a file", "[{\"login\":\"a\"},\n{\"login\":", JSON, 2, "directory.import_json"},
		{"not JSON", "login,surname", JSON, 1, "directory.import_json"},
		{"nothing", "", JSON, 1, "directory.import_empty"},
		{"a huge value", "[{\"login\":\"" + strings.Repeat("x", 2*longestRow) + "\"}]", JSON, 1, "directory.import_long_row"},
		{"a group without a name", "{\"groups\":[{\"name\":\" \"}],\"people\":[]}", JSON, 1, "directory.import_no_group_name"},
		{"a group of another shape", "{\"groups\":[\n{\"name\":\"a\",\"owner\":\"x\"}],\"people\":[]}", JSON, 2, "directory.import_group"},
		{"deep nesting", "[" + strings.Repeat("[", 20_000), JSON, 1, "directory.import_json"},
	} {
		t.Run(string(c.format)+" with "+c.name, func(t *testing.T) {
			t.Parallel()
			d, _ := open(t)
			report, err := d.Import(t.Context(), strings.NewReader(c.content), c.format)
			wantError(t, err, core.CodeInvalid, "directory.import_refused")
			if len(report.Bad) != 1 || report.Bad[0].Line != c.line || report.Bad[0].Said.ID != c.said {
				t.Errorf("bad rows %.300v, want line %d: %s", report.Bad, c.line, c.said)
			}
			if report.Added != 0 || count(t, d, "people") != 0 || count(t, d, "groups") != 0 || count(t, d, "names") != 0 {
				t.Errorf("something was imported: %+v", report)
			}
		})
	}
}

func manyGroups() string {
	var cell strings.Builder
	for i := range mostValues + 1 {
		fmt.Fprintf(&cell, "group %d;", i)
	}
	return cell.String()
}

func TestAllBadRowsAreCountedAndTheFirstHundredListed(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, staff()...)
	before := account(t, d, "jane.doe")
	var file strings.Builder
	file.WriteString("login,surname,manager\njane.doe,Changed,\nsomebody.new,New,\n")
	for i := range 150 {
		fmt.Fprintf(&file, "bad%d,x,nobody%d\n", i, i)
	}
	report, err := d.Import(t.Context(), strings.NewReader(file.String()), CSV)
	wantError(t, err, core.CodeInvalid, "directory.import_refused")
	if report.BadRows != 150 || len(report.Bad) != mostBad || report.Bad[0].Line != 4 {
		t.Errorf("%d bad rows, %d listed, the first in line %d", report.BadRows, len(report.Bad), report.Bad[0].Line)
	}
	if after := account(t, d, "jane.doe"); after.Version != before.Version || count(t, d, "people") != len(staff()) {
		t.Error("an import with bad rows changed something")
	}
	if got := find(t, d, "new"); len(got) != 0 {
		t.Errorf("found %q, whom nobody imported", got)
	}
}

func TestMarksAndLineEndsOfOtherSystemsAreTaken(t *testing.T) {
	t.Parallel()
	for f, content := range map[Format]string{
		CSV:  "\ufeff" + strings.ReplaceAll(goodCSV, "\n", "\r\n"),
		JSON: "\ufeff" + strings.ReplaceAll(goodJSON, "\n", "\r\n"),
	} {
		d, _ := open(t)
		if r := imported(t, d, content, f); r.Added < 2 {
			t.Errorf("%s: %+v", f, r)
		}
		if a := account(t, d, "jane.doe"); a.Surname.Raw() != "Doe" {
			t.Errorf("%s: surname %q", f, a.Surname.Raw())
		}
	}
}

func TestColumnsAreNamedInAnyCaseAndOrder(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	imported(t, d, " Surname ,LOGIN\nDoe,jane\n\n\nHolm,per\n", CSV)
	if a := account(t, d, "per"); a.Surname.Raw() != "Holm" {
		t.Errorf("surname %q", a.Surname.Raw())
	}
}

func TestGroupsOfAFileAreNestedAndGiveRoles(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	imported(t, d, goodJSON, JSON)
	a := account(t, d, "jane.doe")
	if len(a.Groups) != 2 || a.Groups[0].Nested || !a.Groups[1].Nested || !slices.Equal(a.Roles, []rbac.Role{rbac.ReportsReader}) {
		t.Errorf("groups %+v, roles %v", a.Groups, a.Roles)
	}
	if a := account(t, d, "per.holm"); a.DisplayName.Raw() != "Per \x1b[31mHolm" || a.State.Enabled || a.State.AccountExpires.IsZero() {
		t.Errorf("per: %+v", a)
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	_, err := d.Import(t.Context(), strings.NewReader(""), "xml")
	wantError(t, err, core.CodeInvalid, "directory.import_format")
	wantError(t, d.Export(t.Context(), io.Discard, "xml"), core.CodeInvalid, "directory.import_format")
}

func TestAnImportThatIsCancelledLeavesNothing(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	_, err := d.Load(ctx, Batch{People: func(yield func(Person) bool) {
		for p := range crowd(5000, "") {
			if n++; n == 4000 {
				cancel()
			}
			if !yield(p) {
				return
			}
		}
	}})
	if core.CodeOf(err) != core.CodeUnavailable || count(t, d, "people") != 0 {
		t.Errorf("error %v, %d people", err, count(t, d, "people"))
	}
}

func TestAFileThatCannotBeReadToItsEndIsNotImported(t *testing.T) {
	t.Parallel()
	for f, content := range map[Format]string{CSV: goodCSV, JSON: goodJSON} {
		d, _ := open(t)
		broken := io.MultiReader(strings.NewReader(content[:len(content)-20]), failing{})
		report, err := d.Import(t.Context(), broken, f)
		wantError(t, err, core.CodeInvalid, "directory.import_refused")
		if count(t, d, "people") != 0 || report.BadRows == 0 || report.Bad[0].Said.ID == "directory.import_manager" {
			t.Errorf("%s: %d people, %+v", f, count(t, d, "people"), report)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestAnImportInPiecesKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	people := slices.Collect(crowd(25, ""))
	people[17].Login = people[3].Login
	report, err := d.Load(t.Context(), Batch{People: slices.Values(people), Pieces: 10})
	wantError(t, err, core.CodeInvalid, "directory.import_refused")
	if count(t, d, "people") != 10 || report.Added != 10 || report.BadRows != 1 {
		t.Errorf("%d people, %+v", count(t, d, "people"), report)
	}
	people[17].Login = text("another")
	if r := loadBatch(t, d, Batch{People: slices.Values(people), Pieces: 10}); r.Added != 15 || r.Unchanged != 10 {
		t.Errorf("again: %+v", r)
	}
}

func TestWhatIsExportedIsImportedAgain(t *testing.T) {
	t.Parallel()
	for _, f := range []Format{CSV, JSON} {
		from, _ := open(t)
		imported(t, from, goodJSON, JSON)
		people := slices.Collect(crowd(30, ""))
		people[0].BusinessPhones = texts("+47 1", "0047 2")
		people[1].Office, people[1].Title = text("=1+1"), text("'quoted")
		people[2].Office, people[2].Title = text("-7"), text("@x, \"y\"")
		people[3].AccountExpires = time.Date(2027, 5, 6, 7, 8, 9, 0, time.UTC)
		people[4].Groups, people[4].Roles = texts("B", "A"), texts("Reports Reader")
		people[5].Service, people[5].BuiltIn, people[5].MustChange, people[5].PasswordNeverExpires = true, true, true, true
		people[6].Manager = people[7].Login
		load(t, from, people...)
		var file, again bytes.Buffer
		if err := from.Export(t.Context(), &file, f); err != nil {
			t.Fatal(err)
		}
		into, _ := open(t)
		imported(t, into, file.String(), f)
		if err := into.Export(t.Context(), &again, f); err != nil {
			t.Fatal(err)
		}
		if f == JSON && file.String() != again.String() {
			t.Errorf("%s\nbecame\n%s", file.String(), again.String())
		}
		for _, p := range people {
			if a, b := record(t, from, p.Login.Raw()), record(t, into, p.Login.Raw()); overlay(a, b, columns(), allColumns) {
				t.Errorf("%s: %s changed on the way", f, p.Login)
			}
		}
		if r := imported(t, from, file.String(), f); r.Changed > 1 || f == JSON && r.Changed > 0 { // CSV shows the controls of one name as escapes
			t.Errorf("%s: into the same directory: %+v", f, r)
		}
	}
}

func TestEveryTextSurvivesAnExportAsJSON(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		value := func(what string) untrusted.Text {
			return text(strings.ReplaceAll(rapid.StringN(0, 40, 200).Draw(rt, what), "\x00", ""))
		}
		p := Person{Login: text("x"), DisplayName: value("name"), Title: value("title"), Mail: value("mail"), AlternateMails: []untrusted.Text{value("alternate")}}
		load(t, d, p)
		before := record(t, d, "x")
		var file bytes.Buffer
		if err := d.Export(t.Context(), &file, JSON); err != nil {
			rt.Fatal(err)
		}
		if r := imported(t, d, file.String(), JSON); r.Changed != 0 || r.Unchanged != 1 {
			rt.Errorf("%+v was exported as %s and is %+v", before, file.String(), record(t, d, "x"))
		}
	})
}

// T91: no cell of an exported file is computed by a spreadsheet, none carries a terminal control.
func TestExportedCellsAreSafe(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, Person{
		Login: text("eve"), DisplayName: text("=HYPERLINK(\"http://x\")"), Title: text("\x1b]0;x\x07"), Office: text("@SUM(A1)"),
		Mobile: text("+47 1"), BusinessPhones: texts("=1", "+2"),
	})
	var file bytes.Buffer
	if err := d.Export(t.Context(), &file, CSV); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"'=HYPERLINK(""http://x"")"`, `\x1b]0;x\x07`, `'@SUM(A1)`, `'+47 1`, `'=1; '+2`} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("no %s in\n%s", want, file.String())
		}
	}
	if strings.ContainsAny(file.String(), "\x1b\x07") {
		t.Errorf("controls in\n%q", file.String())
	}
}

func TestAnExportToNowhereFails(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	load(t, d, slices.Collect(crowd(200, ""))...)
	for _, f := range []Format{CSV, JSON} {
		if err := d.Export(t.Context(), full{}, f); core.CodeOf(err) != core.CodeUnavailable {
			t.Errorf("%s: %v", f, err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
