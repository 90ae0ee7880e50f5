package home

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

const workQueue = "queue"

// detailed is for how many waiting cases it is read when the caller was proved: those that are looked at first.
const detailed = 8

// queue is what waits for the operator's roles, oldest first, and the operator's own open cases.
type queue struct {
	env     *screen.Env
	read    bool
	waiting []waitingCase
	mine    []core.Case

	waitingTable, mineTable kit.Table
}

// waitingCase is a handed-over case with the names that belong to it.
type waitingCase struct {
	core.Case
	by     string
	proved time.Time // zero when it is not known
}

type queueRead struct {
	waiting []waitingCase
	mine    []core.Case
}

func newQueue(env *screen.Env) queue {
	return queue{
		env:          env,
		waitingTable: kit.Table{Theme: env.Theme, Empty: env.Label("home.nothing_waits")},
		mineTable:    kit.Table{Theme: env.Theme, Empty: env.Label("home.no_case")},
	}
}

// columns are the same for both lists, so that they stand below each other: who, what, the proof or the ticket, and since when.
func columns(w int) []kit.Column {
	proof := kit.Column{Min: 12, Flex: 8}
	if w >= roomy {
		proof.Min = 38
	}
	return []kit.Column{{Min: 14, Flex: 2, Max: 26}, {Min: 8, Max: 12, Flex: 1}, proof, {Min: 7, Align: kit.AlignRight}}
}

// roomy is the width from which a proof is said in full, in cells.
const roomy = 76

// readQueue reads both lists, aside: nobody waits for them.
func (h *Home) readQueue() tea.Cmd {
	if !h.mayWork() {
		return nil
	}
	desk, actor := h.env.Desk, h.env.Actor
	return h.life.Aside(workQueue, func(ctx context.Context) (tea.Msg, error) {
		waiting, err := desk.ListCases(ctx, actor, core.CasesWaiting)
		if err != nil {
			return nil, err
		}
		mine, err := desk.ListCases(ctx, actor, core.CasesMine)
		if err != nil {
			return nil, err
		}
		out := queueRead{mine: mine}
		for i, c := range waiting {
			w := waitingCase{Case: c, by: desk.Operators.Name(ctx, c.Handoff.By).String()}
			if i < detailed && !c.Handoff.Evidence.IsZero() {
				w.proved = provedAt(ctx, desk, actor, c)
			}
			out.waiting = append(out.waiting, w)
		}
		return out, nil
	})
}

// provedAt is when the proof that travels with a case was obtained; zero when that cannot be read.
func provedAt(ctx context.Context, desk *core.Desk, actor core.Actor, c core.Case) time.Time {
	_, evidence, err := desk.CaseOf(ctx, actor, c.Number)
	if err != nil {
		return time.Time{}
	}
	for _, e := range evidence {
		if e.ExpiresAt.Equal(c.Handoff.Evidence) {
			return e.ObtainedAt
		}
	}
	return time.Time{}
}

func (q *queue) take(m queueRead) {
	q.read, q.waiting, q.mine = true, m.waiting, m.mine
	q.waitingTable.Rows, q.mineTable.Rows = waitingRows{q}, mineRows{q}
	q.waitingTable.Refresh()
	q.mineTable.Refresh()
}

// waitingRows draws the waiting cases.
type waitingRows struct{ q *queue }

// Len implements kit.Rows.
func (r waitingRows) Len() int { return len(r.q.waiting) }

// Row implements kit.Rows.
func (r waitingRows) Row(i int) []kit.Cell {
	c := &r.q.waiting[i]
	return []kit.Cell{
		{Text: c.Person.DisplayName.String()},
		{Text: phrase.Wanted(r.q.env, c.Handoff.Wanted)},
		phrase.Carried(r.q.env, c.Handoff, c.by, c.proved),
		phrase.Waited(r.q.env, c.Handoff.At),
	}
}

// Key implements kit.KeyedRows.
func (r waitingRows) Key(i int) string { return caseKey(r.q.waiting[i].Number) }

// Find implements kit.KeyedRows.
func (r waitingRows) Find(key string) (int, bool) {
	for i := range r.q.waiting {
		if caseKey(r.q.waiting[i].Number) == key {
			return i, true
		}
	}
	return 0, false
}

// mineRows draws the operator's own open cases.
type mineRows struct{ q *queue }

// Len implements kit.Rows.
func (r mineRows) Len() int { return len(r.q.mine) }

// Row implements kit.Rows.
func (r mineRows) Row(i int) []kit.Cell {
	c := &r.q.mine[i]
	return []kit.Cell{
		{Text: c.Person.DisplayName.String()},
		{Text: r.q.env.Say(sentence.Of("card.case_number", sentence.Count("case", int(c.Number)))), Token: theme.Dim},
		{Text: c.Ticket.String(), Token: theme.Dim},
		{Text: r.q.env.Text().DateOrTime(c.OpenedAt), Token: theme.Dim},
	}
}

// Key implements kit.KeyedRows.
func (r mineRows) Key(i int) string { return caseKey(r.q.mine[i].Number) }

// Find implements kit.KeyedRows.
func (r mineRows) Find(key string) (int, bool) {
	for i := range r.q.mine {
		if caseKey(r.q.mine[i].Number) == key {
			return i, true
		}
	}
	return 0, false
}

func caseKey(number int64) string { return strconv.FormatInt(number, 10) }
