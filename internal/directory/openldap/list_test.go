package openldap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// pages reads a list to its end.
func pages(tb testing.TB, d *Directory, q core.ListQuery) (rows []core.ListRow, n int) {
	tb.Helper()
	for {
		page, err := d.List(guarded(tb), q)
		if err != nil {
			tb.Fatalf("list %s: %v", q.State, err)
		}
		rows, q.Cursor, n = append(rows, page.Rows...), page.Next, n+1
		if page.Next == "" {
			if page.Total != len(rows) {
				tb.Errorf("list %s: %d rows, the total is %d", q.State, len(rows), page.Total)
			}
			return rows, n
		}
	}
}

func listed(rows []core.ListRow) string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Login.Raw())
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// indexed is a slapd with an index for every list, and the last sign-in of everybody.
func indexed(t *testing.T, o testlab.SlapdOptions) *testlab.SlapdServer {
	t.Helper()
	o.LastBind = true
	s := testlab.Slapd(t, o)
	s.Configure(t, "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nadd: olcDbIndex\nolcDbIndex: pwdChangedTime,pwdStartTime,pwdEndTime,pwdLastSuccess eq\n")
	return s
}

func TestEveryListHoldsWhoBelongsOnIt(t *testing.T) {
	t.Parallel()
	person := func(uid, last string) string {
		return testlab.Attributes{"objectClass": {"inetOrgPerson"}, "uid": {uid}, "cn": {uid}, "sn": {uid}, attrLastSuccess: {last}}.LDIF("uid=" + uid + ",ou=people,dc=example,dc=org")
	}
	s := indexed(t, testlab.SlapdOptions{LDIF: person("idle40", ago(40*day)) + person("idle10", ago(10*day))})
	weekly := testlab.Attributes{"objectClass": {"device", "pwdPolicy"}, "cn": {"weekly"}, "pwdAttribute": {"userPassword"}, "pwdMaxAge": {"604800"}, "pwdMustChange": {"TRUE"}}
	s.Add(t, "cn=weekly,ou=policies,"+s.Suffix, weekly)
	for uid, changes := range map[string]testlab.Attributes{
		"fine": {}, "locked": {attrLocked: {ago(time.Minute)}}, "ranout": {attrLocked: {ago(2 * time.Hour)}}, "forgood": {attrLocked: {permanentLock}},
		"expired": {attrChanged: {ago(91 * day)}}, "soon": {attrChanged: {ago(85 * day)}}, "later": {attrChanged: {ago(70 * day)}},
		"weekly8": {attrPolicy: {"cn=weekly,ou=policies," + s.Suffix}, attrChanged: {ago(8 * day)}},
		"weekly1": {attrPolicy: {"cn=weekly,ou=policies," + s.Suffix}, attrChanged: {ago(day)}},
		"reset":   {attrReset: {"TRUE"}}, "notreset": {attrReset: {"FALSE"}},
		"ended": {attrEnd: {ago(day)}}, "backwards": {attrStart: {ago(day)}, attrEnd: {ago(2 * day)}}, "notyet": {attrStart: {ahead(day)}}, "open": {attrStart: {ago(day)}, attrEnd: {ahead(day)}},
	} {
		dn, _ := add(t, s, testlab.Person{UID: uid})
		s.ModifyOperational(t, dn, changes)
	}
	d := ready(t, options(s))
	if can := d.Can(); !slices.Equal(can.ListStates, core.ListStates()) || !can.LastSignIn {
		t.Fatalf("can %+v", can)
	}
	for _, tc := range []struct {
		q    core.ListQuery
		want string
	}{
		{core.ListQuery{State: core.ListLocked}, "forgood locked"},
		{core.ListQuery{State: core.ListDisabled}, "backwards notyet"},
		{core.ListQuery{State: core.ListExpired}, "ended expired weekly8"},
		{core.ListQuery{State: core.ListExpiring, Days: 7}, "soon weekly1"},
		{core.ListQuery{State: core.ListExpiring, Days: 30}, "later soon weekly1"},
		{core.ListQuery{State: core.ListExpiring, Days: 0}, ""},
		{core.ListQuery{State: core.ListMustChange}, "reset"},
		{core.ListQuery{State: core.ListIdle, Days: 30}, "idle40"},
		{core.ListQuery{State: core.ListIdle, Days: 5}, "idle10 idle40"},
	} {
		for _, limit := range []int{1, 2, 50} {
			tc.q.Limit = limit
			rows, _ := pages(t, d, tc.q)
			if got := listed(rows); got != tc.want {
				t.Errorf("%s %d days, %d a page: %s, want %s", tc.q.State, tc.q.Days, limit, got, tc.want)
			}
			for _, r := range rows {
				if r.Since.IsZero() && !slices.Contains([]string{"forgood", "notyet"}, r.Login.Raw()) || r.ID.Directory != "corp" || r.DisplayName.IsZero() || r.Place != "OU=people,DC=example,DC=org" {
					t.Errorf("%s: row %+v", tc.q.State, r)
				}
			}
		}
	}
	_, err := d.List(guarded(t), core.ListQuery{State: core.ListIdle, Days: -1})
	want(t, err, core.CodeInvalid, core.NothingChanged, "directory.list_days")
	_, err = d.List(guarded(t), core.ListQuery{State: core.ListIdle, Days: mostDays + 1})
	want(t, err, core.CodeInvalid, core.NothingChanged, "directory.list_days")
}

func TestAListWithoutWhatItIsAboutIsNotOffered(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	add(t, s, testlab.Person{UID: "jane"})
	d := ready(t, options(s))
	can := d.Can()
	if slices.Contains(can.ListStates, core.ListIdle) || can.LastSignIn || !slices.Contains(can.ListStates, core.ListLocked) {
		t.Errorf("can %+v", can)
	}
	_, err := d.List(guarded(t), core.ListQuery{State: core.ListIdle, Days: 30})
	want(t, err, core.CodeInvalid, core.NothingChanged, "openldap.list_not_offered")
	if none := open(t, offline()).Can(); len(none.ListStates) != 0 || !none.Reset || !none.Unlock || !none.MustChange {
		t.Errorf("a directory that was never reached: %+v", none)
	}
}

func TestALongListIsPagedToItsEndOnOneConnection(t *testing.T) {
	t.Parallel()
	const locked = 2500 // more than are read ahead
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 3000, Locked: locked})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	before := proxy.Connections()
	rows, n := pages(t, d, core.ListQuery{State: core.ListLocked, Limit: 100})
	if len(rows) != locked || n != locked/100 {
		t.Errorf("%d rows on %d pages", len(rows), n)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.ID.Key] = true
	}
	if len(seen) != locked {
		t.Errorf("%d different people", len(seen))
	}
	if more := proxy.Connections() - before; more != 1 {
		t.Errorf("%d connections", more)
	}
}

func TestAPageCanBeHadAgainAndAnOlderOneNot(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 20, Locked: 10})
	d := ready(t, options(s))
	q := core.ListQuery{State: core.ListLocked, Limit: 2}
	page := func(cursor string) core.Page {
		q.Cursor = cursor
		p, err := d.List(guarded(t), q)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	one := page("")
	two := page(one.Next)
	again := page(one.Next)
	if fmt.Sprint(two.Rows) != fmt.Sprint(again.Rows) || two.Next != again.Next || fmt.Sprint(one.Rows) == fmt.Sprint(two.Rows) {
		t.Errorf("%v, then %v", two, again)
	}
	three := page(two.Next)
	for what, cursor := range map[string]string{"an older page": one.Next, "a page nobody was told of": three.Next[:len(three.Next)-1] + "9"} {
		q.Cursor = cursor
		_, err := d.List(guarded(t), q)
		t.Log(what)
		want(t, err, core.CodeInvalid, core.NothingChanged, "directory.cursor")
	}
	q.State, q.Cursor = core.ListMustChange, three.Next
	_, err := d.List(guarded(t), q)
	want(t, err, core.CodeInvalid, core.NothingChanged, "directory.cursor")
}

func TestTheTotalIsSaidAsSoonAsItIsKnown(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 20, Locked: 10})
	d := ready(t, options(s))
	if page, err := d.List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: 50}); err != nil || page.Total != 10 || page.Next != "" {
		t.Errorf("one page: %d, %v", page.Total, err)
	}
	page, err := d.List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: 3})
	if err != nil || page.Total != -1 && page.Total != 10 {
		t.Errorf("first page: %d, %v", page.Total, err)
	}
}

func TestMoreListsThanConnectionsDoNotStopEachOther(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 2600, Locked: 2500})
	d := ready(t, options(s))
	var cursors []string
	for range 3 * mostListConnections {
		page, err := d.List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		cursors = append(cursors, page.Next)
	}
	for i, c := range cursors { // a connection is taken by who turns the page
		page, err := d.List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: 10, Cursor: c})
		if err != nil {
			t.Fatal(err)
		}
		cursors[i] = page.Next
	}
	alive := 0
	for _, c := range cursors {
		_, err := d.List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: 10, Cursor: c})
		if err == nil {
			alive++
			continue
		}
		want(t, err, core.CodeInvalid, core.NothingChanged, "directory.cursor")
	}
	if alive == 0 || alive > mostListConnections {
		t.Errorf("%d lists can be paged on", alive)
	}
}

func TestAListThatBreaksOffIsAnErrorAndNotAnEnd(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 60, Locked: 50})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	proxy.Arm(testlab.Fault{Op: testlab.OpSearch, N: 4, Times: -1, Point: testlab.BeforeAnswer})
	q := core.ListQuery{State: core.ListLocked, Limit: 10}
	rows := 0
	for {
		page, err := d.List(guarded(t), q)
		if err != nil {
			want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.down")
			break
		}
		if rows += len(page.Rows); page.Next == "" {
			t.Fatalf("it ends after %d rows as if that were all", rows)
		}
		q.Cursor = page.Next
	}
	_, err := d.List(guarded(t), q)
	want(t, err, core.CodeInvalid, core.NothingChanged, "directory.cursor")
}

func TestAWalkThatNobodyPagesOnIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &listTable{entropy: strings.NewReader(strings.Repeat("0123456789abcdef", 100)), walks: map[string]*listWalk{}}
		ended := make(chan error, 1)
		q := core.ListQuery{State: core.ListLocked}
		w, err := d.begin(q, func(ctx context.Context, rows chan<- core.ListRow) error {
			rows <- core.ListRow{}
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		d.launch(t.Context(), w)
		q.Cursor = cursor(w.id, 2)
		time.Sleep(walkLife - time.Second)
		if _, _, ok := d.find(q); !ok {
			t.Error("it is forgotten too early")
		}
		time.Sleep(walkLife - time.Second)
		if _, _, ok := d.find(q); !ok {
			t.Error("its use does not count")
		}
		time.Sleep(walkLife + time.Second)
		if _, _, ok := d.find(q); ok {
			t.Error("it can still be paged on")
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestAWalkThatWasForgottenIsNotLaunched(t *testing.T) {
	t.Parallel()
	d := &listTable{entropy: neverSame{}, walks: map[string]*listWalk{}}
	w, err := d.begin(core.ListQuery{}, func(context.Context, chan<- core.ListRow) error {
		t.Error("it was launched")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d.forget(w)
	if d.launch(t.Context(), w) {
		t.Error("it counts as launched")
	}
}

// A page that was asked for while its walk was forgotten must not look like the end of the list, nor like a server that is down.
func TestAPageOfAWalkThatIsForgottenMeanwhileIsStale(t *testing.T) {
	t.Parallel()
	d := &Directory{lists: &listTable{entropy: neverSame{}, walks: map[string]*listWalk{}}}
	waiting := make(chan struct{})
	w, err := d.lists.begin(core.ListQuery{}, func(ctx context.Context, _ chan<- core.ListRow) error {
		close(waiting)
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-waiting
		d.lists.forget(w)
	}()
	_, err = d.pageOf(guarded(t), w, 1, 10)
	want(t, err, core.CodeInvalid, core.NothingChanged, "directory.cursor")
	d.lists.work.Wait()
}

func TestThereAreNeverTooManyWalks(t *testing.T) {
	t.Parallel()
	d := &listTable{entropy: neverSame{}, walks: map[string]*listWalk{}}
	defer d.work.Wait()
	for range 3 * mostWalks {
		if _, err := d.begin(core.ListQuery{}, func(context.Context, chan<- core.ListRow) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.walks) > mostWalks {
		t.Errorf("%d walks", len(d.walks))
	}
	for id := range d.walks {
		d.drop(id)
	}
}

// neverSame gives the time as entropy.
type neverSame struct{}

func (neverSame) Read(p []byte) (int, error) {
	return copy(p, fmt.Sprintf("%016x", time.Now().UnixNano())), nil
}

func TestAListWithoutEntropyIsNotBegun(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 5, Locked: 5})
	o := options(s)
	o.Entropy = strings.NewReader("")
	_, err := ready(t, o).List(guarded(t), core.ListQuery{State: core.ListLocked, Limit: 2})
	if core.CodeOf(err) != core.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}
