package verbs_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// twoDirectories is a bench with a second directory in which somebody is locked too.
func twoDirectories(t *testing.T) (*coretest.Bench, *coretest.Directory) {
	t.Helper()
	b := coretest.NewBench(t)
	two := coretest.NewDirectory("two", b.Clock)
	two.Put(coretest.Jane(b.Clock.Now()))
	b.Parts.Directories = append(b.Parts.Directories, two)
	b.Desk = core.NewDesk(b.Parts)
	return b, two
}

func TestAListOfAnOperatorWithAScopeHasTheirDirectoriesOnly(t *testing.T) {
	t.Parallel()
	b, _ := twoDirectories(t)
	o, _ := b.Operators.Operator(t.Context(), "l1")
	o.Scope.Directories = []string{"two"}
	b.Operators.Put(o)
	f := fields(t, b, coretest.L1(), "user", "list", "--state", "locked")
	if f["total"] != 1.0 {
		t.Fatalf("%v", f)
	}
	if _, _, exit := line(t, b, coretest.L1(), "", "user", "list", "--state", "locked", "--directory", "corp"); exit != 3 {
		t.Errorf("a directory outside the scope: exit %d", exit)
	}
	if _, _, exit := line(t, b, coretest.L1(), "", "user", "list", "--state", "locked", "--directory", "nowhere"); exit != 5 {
		t.Errorf("a directory that is not there: exit %d", exit)
	}
}

func TestADeadDirectoryDoesNotKeepTheListOfTheOthersBack(t *testing.T) {
	t.Parallel()
	b, two := twoDirectories(t)
	two.Fail("List", 0, core.Fail(core.CodeUnavailable, sentence.Of("directory.down")))
	out, _, exit := line(t, b, coretest.L1(), "", "user", "list", "--state", "locked", "--json")
	var f struct {
		Total       int
		Unavailable []string
	}
	if err := json.Unmarshal([]byte(out), &f); err != nil || exit != 9 || f.Total != 1 || !slices.Equal(f.Unavailable, []string{"two"}) {
		t.Fatalf("exit %d, %v: %s", exit, err, out)
	}
	out, _, exit = line(t, b, coretest.L1(), "", "user", "list", "--state", "locked")
	if exit != 9 || !strings.Contains(out, "not complete") {
		t.Fatalf("exit %d: %s", exit, out)
	}
	out, errOut, exit := line(t, b, coretest.L1(), "", "user", "list", "--state", "locked", "--csv")
	if exit != 9 || strings.Count(out, "\n") != 2 || errOut == "" {
		t.Fatalf("exit %d: %s%s", exit, out, errOut)
	}
}

func TestTwoMatchesAreListedInJSON(t *testing.T) {
	t.Parallel()
	b, _ := twoDirectories(t)
	_, errOut, exit := line(t, b, coretest.L1(), "", "user", "show", "jane.doe", "--json")
	var f struct{ Matches []string }
	if err := json.Unmarshal([]byte(errOut), &f); err != nil || exit != 6 || !slices.Equal(f.Matches, []string{"corp:id-jane.doe", "two:id-jane.doe"}) {
		t.Fatalf("exit %d, %v: %s", exit, err, errOut)
	}
}

// The trail of one person is for those who read the whole trail, although they may not look people up.
func TestAnAuditorListsTheTrailOfOnePerson(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	b.OpenCase(t, coretest.L1(), b.Jane.ID)
	f := fields(t, b, coretest.Auditor(), "audit", "list", "--user", "jane.doe")
	records, _ := f["records"].([]any)
	oldest, _ := records[len(records)-1].(map[string]any)
	if oldest["verb"] != "case.open" || oldest["operator"] != "l1" {
		t.Fatalf("%v", f)
	}
}
