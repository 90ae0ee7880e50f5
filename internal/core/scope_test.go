package core_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// scopes are ways in which Jane lies outside the scope of an operator who reaches Omar.
func scopes() map[string]core.Scope {
	return map[string]core.Scope{
		"another directory": {Directories: []string{"two"}},
		"another unit":      {Units: []string{"OU=Oslo, DC=corp"}},
		"another group":     {Groups: []string{"CN=Sales, DC=corp"}},
	}
}

// twoPeople puts Jane outside and Omar inside of every one of scopes, and limits the Level 2 operator to one of them.
func twoPeople(t *testing.T, s core.Scope) (b *coretest.Bench, omar core.Account) {
	t.Helper()
	b = coretest.NewBench(t)
	a := b.Jane
	a.Place, a.Groups = "ou=bergen,dc=corp", []core.Group{{ID: "cn=finance,dc=corp"}}
	b.Jane = b.Dir.Put(a)
	a = coretest.Jane(b.Clock.Now())
	a.Login, a.DisplayName = text("omar.haddad"), text("Omar Haddad")
	a.Place, a.Groups = "ou=desk,ou=oslo,dc=corp", []core.Group{{ID: "cn=sales,dc=corp", Nested: true}}
	home := b.Dir
	if len(s.Directories) > 0 {
		home = coretest.NewDirectory("two", b.Clock)
		b.Parts.Directories = append(b.Parts.Directories, home)
	}
	omar = home.Put(a)
	b.Desk = core.NewDesk(b.Parts)
	scope(b, s)
	return b, omar
}

// everything says what an operator got to see, to be searched for a name.
func everything(of ...any) string { return strings.ToLower(fmt.Sprintf("%+v", of)) }

func TestNothingOutsideTheScopeCanBeLearntOrChanged(t *testing.T) {
	t.Parallel()
	for name, s := range scopes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, omar := twoPeople(t, s)
			looks(t, b, omar)
			waits(t, b, omar)
			acts(t, b)
		})
	}
}

// looks tries every way of reading.
func looks(t *testing.T, b *coretest.Bench, omar core.Account) {
	t.Helper()
	ctx, l2 := t.Context(), coretest.L2()
	var found core.SearchResult
	for _, typed := range []string{"jane", "omar"} {
		if err := b.Desk.Search(ctx, l2, text(typed), func(r core.SearchResult) { found = r }); err != nil || len(found.Rows) > 1 {
			t.Fatalf("%v, %v", found.Rows, err)
		}
		if strings.Contains(everything(found), "jane") {
			t.Errorf("a search shows %v", found.Rows)
		}
	}
	if len(found.Rows) != 1 || found.Rows[0].ID != omar.ID {
		t.Errorf("who is inside is not found: %v", found.Rows)
	}
	resolves(t, b, omar)
	for _, dir := range b.Parts.Directories {
		page, err := b.Desk.List(ctx, l2, dir.Name(), core.ListQuery{State: core.ListLocked, Limit: 50})
		if err == nil && (strings.Contains(everything(page), "jane") || (page.Total == 2 && dir.Name() == "corp")) {
			t.Errorf("the list of %s shows %v of %d", dir.Name(), page.Rows, page.Total)
		}
	}
	_, err := b.Desk.Card(ctx, l2, b.Jane.ID)
	code(t, err, core.CodeDenied)
	_, err = b.Desk.Again(ctx, l2, b.Jane.ID)
	code(t, err, core.CodeDenied)
}

// resolves tries every name.
func resolves(t *testing.T, b *coretest.Bench, omar core.Account) {
	t.Helper()
	ctx, l2 := t.Context(), coretest.L2()
	for _, name := range []string{"jane.doe", "corp:jane.doe", b.Jane.ID.Key, "nobody.at.all"} {
		_, all, err := b.Desk.Resolve(ctx, l2, text(name))
		if e := code(t, err, core.CodeNotFound); e.Said.ID != "search.nobody" || len(all) != 0 {
			t.Errorf("%s: %+v, %v", name, e.Said, all)
		}
	}
	if id, _, err := b.Desk.Resolve(ctx, l2, text("omar.haddad")); err != nil || id != omar.ID {
		t.Errorf("who is inside is not resolved: %v, %v", id, err)
	}
}

// waits hands a case about each over, and looks at what waits.
func waits(t *testing.T, b *coretest.Bench, omar core.Account) {
	t.Helper()
	ctx, l2 := t.Context(), coretest.L2()
	hand := func(id core.AccountID) (core.Case, core.Result) {
		c := b.OpenCase(t, coretest.L1(), id)
		res, err := b.Desk.Perform(ctx, coretest.L1(), core.HandOff{ID: b.Op(), Case: c.Number, To: rbac.UserAdministrator, Reason: text("x")})
		if err != nil {
			t.Fatal(err)
		}
		return c, res
	}
	janes, told := hand(b.Jane.ID)
	if len(told.More) != 1 || told.More[0].ID != "handoff.nobody_there" {
		t.Errorf("somebody who cannot take the case counts as being there: %v", told.More)
	}
	if list, err := b.Desk.ListCases(ctx, l2, core.CasesWaiting); err != nil || len(list) != 0 {
		t.Errorf("waiting: %v, %v", list, err)
	}
	_, _, err := b.Desk.CaseOf(ctx, l2, janes.Number)
	code(t, err, core.CodeDenied)
	for _, number := range []int64{0, janes.Number} {
		_, err = b.Desk.Perform(ctx, l2, core.TakeHandoff{ID: b.Op(), Case: number})
		code(t, err, core.CodeNotFound)
	}
	omars, told := hand(omar.ID)
	if len(told.More) != 0 {
		t.Errorf("nobody seems to be there: %v", told.More)
	}
	if res, err := b.Desk.Perform(ctx, l2, core.TakeHandoff{ID: b.Op()}); err != nil || res.Case.Number != omars.Number {
		t.Errorf("took %v, %v", res.Case.Number, err)
	}
}

// acts tries every way of changing something.
func acts(t *testing.T, b *coretest.Bench) {
	t.Helper()
	ctx, l2 := t.Context(), coretest.L2()
	_, err := b.Desk.CheckAgain(ctx, l2, b.Jane.ID)
	code(t, err, core.CodeDenied)
	for _, op := range []core.Operation{
		core.OpenCase{ID: b.Op(), Account: b.Jane.ID},
		core.Reveal{ID: b.Op(), Account: b.Jane.ID, Method: "mail:1", Reason: text("curious")},
	} {
		res, err := b.Desk.Perform(ctx, l2, op)
		if code(t, err, core.CodeDenied); strings.Contains(everything(res), "jane") {
			t.Errorf("%s told %+v", op.Verb(), res)
		}
	}
	o, _ := b.Operators.Operator(ctx, "l2")
	inside := o.Scope
	o.Scope = core.Scope{}
	b.Operators.Put(o)
	c := b.OpenCase(t, l2, b.Jane.ID)
	b.Prove(t, l2, c.Number)
	o.Scope = inside // it was made narrower in the middle of the call
	b.Operators.Put(o)
	for _, op := range []core.Operation{
		core.Reset{ID: b.Op(), Case: c.Number, Account: b.Jane.ID},
		core.Unlock{ID: b.Op(), Case: c.Number, Account: b.Jane.ID},
		core.StartProof{ID: b.Op(), Case: c.Number, Kind: core.ProofMail},
		core.ConfirmProof{ID: b.Op(), Challenge: "ch_unknown", Code: secret.FromString("1")},
	} {
		_, err := b.Desk.Perform(ctx, l2, op)
		if got := core.CodeOf(err); got != core.CodeDenied && got != core.CodeNotFound {
			t.Errorf("%s: %v", op.Verb(), err)
		}
	}
	_, err = b.Desk.ProofState(ctx, l2, c.Number, core.VerbReset)
	code(t, err, core.CodeDenied)
	if b.Dir.Writes() != 0 {
		t.Error("the directory was touched")
	}
}

// A list is read on until somebody is inside the scope, so that a page without rows is the end.
func TestAListOfANarrowScopeIsReadOnToTheNextPersonInside(t *testing.T) {
	t.Parallel()
	b, omar := twoPeople(t, core.Scope{Units: []string{"ou=oslo,dc=corp"}})
	pages := &paged{Directory: b.Dir, pages: []core.Page{
		{Rows: []core.ListRow{{Person: b.Jane.Person}}, Next: "1", Total: 3},
		{Rows: []core.ListRow{{Person: b.Jane.Person, Place: "ou=bergen,dc=corp"}}, Next: "2", Total: 3},
		{Rows: []core.ListRow{{Person: omar.Person, Place: "ou=oslo,dc=corp"}}, Total: 3},
	}}
	b.Parts.Directories = []core.Directory{pages}
	b.Desk = core.NewDesk(b.Parts)
	page, err := b.Desk.List(t.Context(), coretest.L2(), "corp", core.ListQuery{State: core.ListLocked, Limit: 1})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != omar.ID || page.Next != "" || page.Total != -1 {
		t.Fatalf("%+v, %v", page, err)
	}
}

// paged is a directory whose list has these pages; cursors are their numbers.
type paged struct {
	*coretest.Directory
	pages []core.Page
}

func (p *paged) List(_ context.Context, q core.ListQuery) (core.Page, error) {
	n := 0
	if q.Cursor != "" {
		n = int(q.Cursor[0] - '0')
	}
	return p.pages[n], nil
}

// What a directory does not answer is not taken for "inside".
func TestAScopeThatCannotBeCheckedShowsNobody(t *testing.T) {
	t.Parallel()
	b, _ := twoPeople(t, core.Scope{Units: []string{"ou=oslo,dc=corp"}})
	b.Dir.Fail("Account", 0, core.Fail(core.CodeUnavailable, sent("directory.down")))
	var last core.SearchResult
	if err := b.Desk.Search(t.Context(), coretest.L2(), text("omar"), func(r core.SearchResult) { last = r }); err != nil {
		t.Fatal(err)
	}
	if len(last.Rows) != 0 || last.Sources[0].Status != core.SourceDown {
		t.Fatalf("%+v", last)
	}
	_, _, err := b.Desk.Resolve(t.Context(), coretest.L2(), text("omar.haddad"))
	code(t, err, core.CodeUnavailable)
}

// Who may not work on cases has no business with operations whose outcome is open.
func TestCheckingAgainNeedsTheRightToWorkOnCases(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Dir.Fail("SetPassword", 1, context.DeadlineExceeded)
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	code(t, err, core.CodeUnknown)
	before := len(b.Store.All())
	_, err = b.Desk.CheckAgain(t.Context(), coretest.Auditor(), b.Jane.ID)
	code(t, err, core.CodeDenied)
	for _, r := range b.Store.All()[before:] {
		if r.Kind == core.KindReconciled {
			t.Fatal("an auditor changed what is known about an operation")
		}
	}
}

// Protected groups and groups of a scope are distinguished names as an administrator writes them.
func TestGroupsAreComparedAsDistinguishedNames(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	a := b.Jane
	a.Groups = []core.Group{{ID: "cn=board,ou=groups,dc=corp", Name: text("Board")}}
	b.Jane = b.Dir.Put(a)
	b.Parts.Rules.Settings.Guard.ProtectedGroups = []string{"CN=Board, OU=Groups, DC=corp"}
	b.Desk = core.NewDesk(b.Parts)
	card, err := b.Desk.Card(t.Context(), coretest.L2(), b.Jane.ID)
	if err != nil || card.Class.Class != rbac.Guarded || card.Class.Reason != core.ReasonProtectedGroup {
		t.Fatalf("a member of a protected group is %+v, %v", card.Class, err)
	}
}
