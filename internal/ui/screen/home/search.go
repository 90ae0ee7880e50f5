package home

import (
	"context"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// workSearch begins the name of a search; the text follows, so that a failure of an older text is recognised.
const workSearch = "search "

// search is what is being looked for and what was found.
type search struct {
	env     *screen.Env
	text    string // looked for now; "" when nothing is
	of      string // the text that result belongs to
	result  core.SearchResult
	failure *core.Error
	enter   bool // Enter came before the answer
	flagged bool // a name occurs twice among the rows
	table   kit.Table
	cells   [6]kit.Cell
	drawn   drawn
}

// drawn are the rows as they were drawn last. A key changes the box at once and the rows only when their answer comes, so that most frames
// have the rows of the frame before.
type drawn struct {
	w, room int
	lines   []string // nil: nothing that still holds
}

func newSearch(env *screen.Env) search {
	return search{env: env, table: kit.Table{Theme: env.Theme}}
}

// found is a result, final or on the way; of stamps it with the text it belongs to.
type found struct {
	of     string
	result core.SearchResult
	more   <-chan core.SearchResult // of an unfinished search
}

// begin makes ready for another text. The rows of the last one stay until the first answer, so that nothing flickers.
func (s *search) begin(text string) {
	s.text, s.failure, s.enter = text, nil, false
	if text == "" {
		s.of, s.result, s.drawn = "", core.SearchResult{}, drawn{}
	}
}

// current reports whether the rows belong to what is typed.
func (s *search) current() bool { return s.text != "" && s.of == s.text }

// take shows a result; one of an older text, or one that comes after the whole, is dropped.
func (s *search) take(m found) {
	if m.of != s.text || s.current() && s.result.Done {
		return
	}
	fresh := s.of != m.of
	s.of, s.result, s.drawn = m.of, m.result, drawn{}
	s.flagged = s.hasSameName()
	s.table.Rows, s.table.Columns = s, s.columns()
	if fresh {
		s.table.Select(0)
		return
	}
	s.table.Refresh()
}

func (s *search) fail(msg screen.Failed) {
	if text, ok := strings.CutPrefix(msg.Of, workSearch); ok && text == s.text {
		s.failure = msg.Err
	}
}

// typed looks for what is in the box now, and cancels what was looked for before.
func (h *Home) typed() tea.Cmd {
	text := strings.TrimSpace(h.input.Value())
	if text == h.find.text {
		return nil
	}
	h.find.begin(text)
	if h.short() {
		h.life.Cancel()
		return nil
	}
	return h.look(text)
}

// short reports whether too little was typed to look for.
func (h *Home) short() bool {
	return utf8.RuneCountInString(h.find.text) < h.env.Desk.Settings().Search.MinLetters
}

// look asks every directory. With several of them the rows of the fast ones are shown before the slow ones have answered.
func (h *Home) look(text string) tea.Cmd {
	desk, actor := h.env.Desk, h.env.Actor
	said := sentence.Of("home.looking")
	parts := make(chan core.SearchResult, 1)
	run := h.life.Run(workSearch+text, said, func(ctx context.Context) (tea.Msg, error) {
		defer close(parts)
		f := found{of: text}
		err := desk.Search(ctx, actor, untrusted.New(text), func(r core.SearchResult) {
			f.result = r
			newest(parts, r)
		})
		if ctx.Err() != nil {
			return nil, nil // another text is being looked for; nobody waits for this one
		}
		return f, err
	})
	if len(desk.Directories) < 2 {
		return run
	}
	return tea.Batch(run, h.follow(text, parts))
}

// newest leaves only the newest result in the channel. There is one sender.
func newest(parts chan core.SearchResult, r core.SearchResult) {
	select {
	case <-parts:
	default:
	}
	parts <- r
}

// follow waits for the next result on the way. It ends with the search.
func (h *Home) follow(text string, parts <-chan core.SearchResult) tea.Cmd {
	return h.life.Aside(workSearch+text, func(ctx context.Context) (tea.Msg, error) {
		select {
		case r, ok := <-parts:
			if !ok {
				return nil, nil
			}
			return found{of: text, result: r, more: parts}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
}

func (h *Home) landed(msg found) tea.Cmd {
	h.find.take(msg)
	if h.find.enter && h.find.current() && h.find.result.Done {
		h.find.enter = false
		if h.find.Len() == 1 {
			return h.openFound()
		}
	}
	if msg.more != nil && msg.of == h.find.text && !msg.result.Done {
		return h.follow(msg.of, msg.more)
	}
	return nil
}

// openFound opens the card of the selected row. Rows of an older text are never opened: then Enter waits for the answer and opens the one
// person found, if there is exactly one.
func (h *Home) openFound() tea.Cmd {
	if !h.find.current() {
		h.find.enter = h.find.text != "" && !h.short()
		return nil
	}
	i, ok := h.find.table.Selected()
	if !ok {
		return nil
	}
	return screen.Do(screen.Push{To: screen.Account, With: screen.AccountParams{Person: h.find.result.Rows[i].Person}})
}

// columns are those that say something about this result: the flag of a name that occurs twice, and the directory where there are several.
func (s *search) columns() []kit.Column {
	out := []kit.Column{
		{Min: 14, Flex: 3, Max: 32}, {Min: 11, Flex: 2, Max: 24}, {Min: 10, Flex: 2, Max: 24, Priority: 2}, {Min: 13, Max: 14, Flex: 1},
	}
	if s.flagged {
		out = append(out, kit.Column{Min: theme.Width(s.env.Label("home.same_name")), Priority: 1})
	}
	if len(s.result.Sources) > 1 {
		out = append(out, kit.Column{Min: 8, Max: 16, Flex: 1, Priority: 3})
	}
	return out
}

func (s *search) hasSameName() bool {
	for i := range s.result.Rows {
		if s.result.Rows[i].SameName {
			return true
		}
	}
	return false
}

// Len implements kit.Rows.
func (s *search) Len() int { return len(s.result.Rows) }

// Row implements kit.Rows.
func (s *search) Row(i int) []kit.Cell {
	r := &s.result.Rows[i]
	out := append(s.cells[:0],
		kit.Cell{Text: r.DisplayName.String()}, kit.Cell{Text: r.Login.String()},
		kit.Cell{Text: r.Department.String(), Token: theme.Dim}, phrase.RowState(s.env, r.State))
	if s.flagged {
		flag := kit.Cell{}
		if r.SameName {
			flag = kit.Cell{Text: s.env.Label("home.same_name"), Token: theme.Warn}
		}
		out = append(out, flag)
	}
	return append(out, kit.Cell{Text: r.ID.Directory, Token: theme.Dim})
}

// Key implements kit.KeyedRows.
func (s *search) Key(i int) string { return s.result.Rows[i].ID.String() }

// Find implements kit.KeyedRows.
func (s *search) Find(key string) (int, bool) {
	for i := range s.result.Rows {
		if s.result.Rows[i].ID.String() == key {
			return i, true
		}
	}
	return 0, false
}
