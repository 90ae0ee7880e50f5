package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// listWidth is the width of the list beside a card, in cells.
const listWidth = 52

// crumbWidth is the most a step of the breadcrumb takes, in cells: a long name must not push the operator out of the header.
const crumbWidth = 30

// View implements tea.Model: header, rule, screen, footer. It does no I/O and reads no clock.
func (r *Root) View() tea.View {
	lines, cursor := r.draw(r.width, r.height)
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.Cursor = cursor
	v.WindowTitle = "sspr-tui"
	return v
}

// draw is exactly h lines of at most w cells.
func (r *Root) draw(w, h int) ([]string, *tea.Cursor) {
	if w <= 0 || h <= 0 {
		return nil, nil
	}
	if r.lock.closed {
		return r.lock.view(r, w, h)
	}
	if kit.Pick(w, h) == kit.LayoutTiny {
		return kit.Centre(theme.Wrap(r.env.Label("tiny"), w), w, h), nil
	}
	header, footer := r.header(), r.footer()
	body := h - header.Height(w) - 2
	lines := header.View(w, header.Height(w))
	content, cursor := r.body(w, body)
	lines = append(lines, content...)
	lines = append(lines, r.notice(w)...)
	lines = append(lines, footer.View(w, 1)...)
	if cursor == nil {
		return lines, nil
	}
	return lines, tea.NewCursor(cursor.X, cursor.Y+header.Height(w))
}

func (r *Root) body(w, h int) ([]string, *screen.Cursor) {
	if r.overlay.helping != nil {
		return r.overlay.helping.View(w, h), nil
	}
	content, cursor := r.screens(w, h)
	switch {
	case r.overlay.dialog != nil:
		return r.overlay.dialog.View(w, h), nil
	case r.overlay.menu != nil:
		return r.paletteView(w, h)
	default:
		return content, cursor
	}
}

// screens draws the screen on top, beside the one that opened it where there is room for both.
func (r *Root) screens(w, h int) ([]string, *screen.Cursor) {
	top := r.top()
	if top == nil {
		return kit.Clamp(nil, w, h), nil
	}
	detail, ok := top.screen.(screen.Wide)
	if !ok || !detail.Beside() || len(r.stack) < 2 || kit.Pick(w, h+3) != kit.LayoutWide {
		f := top.screen.View(w, h)
		return kit.Clamp(f.Lines, w, h), f.Cursor
	}
	left := r.stack[len(r.stack)-2].screen.View(listWidth, h)
	right := detail.View(w-listWidth-1, h)
	split := kit.Split{
		Theme: r.env.Theme, LeftWidth: listWidth,
		Left: block(left.Lines), Right: block(right.Lines),
	}
	cursor := right.Cursor
	if cursor != nil {
		cursor = &screen.Cursor{X: cursor.X + listWidth + 1, Y: cursor.Y}
	}
	return split.View(w, h), cursor
}

// block is ready lines as a kit.Block.
type block []string

// Height implements kit.Block.
func (b block) Height(int) int { return len(b) }

// View implements kit.Block.
func (b block) View(w, h int) []string { return kit.Clamp(b, w, h) }

func (r *Root) header() *kit.Header {
	head := &kit.Header{Theme: r.env.Theme, Status: r.state.Cells}
	for _, o := range r.stack {
		head.Crumbs = append(head.Crumbs, theme.Truncate(o.screen.Title(), crumbWidth, r.env.Theme.Glyphs().Ellipsis))
	}
	head.Operator = append(head.Operator, r.env.Operator.Name.String())
	if level := r.env.Operator.Level(); level > 0 {
		head.Operator = append(head.Operator, r.env.Say(sentence.Of("who.level", sentence.Count("level", level))))
	} else if len(r.env.Operator.Roles) > 0 {
		head.Operator = append(head.Operator, string(r.env.Operator.Roles[0]))
	}
	if r.env.Operator.Desk != "" {
		head.Operator = append(head.Operator, r.env.Operator.Desk)
	}
	head.Operator = append(head.Operator, r.env.Text().ZoneName())
	if r.env.Demo {
		head.Operator = append(head.Operator, r.env.Label("header.demo"))
	}
	return head
}

func (r *Root) footer() *kit.Footer {
	var keys kit.KeyMap
	if top := r.top(); top != nil && !r.overlay.active() {
		keys = append(keys, top.screen.Keys()...)
	}
	if len(r.stack) == 1 && !r.overlay.active() {
		keys = append(keys, r.everywhere()...)
	}
	if r.overlay.dialog != nil {
		keys = append(keys, r.overlay.dialog.Keys()...)
	}
	return &kit.Footer{Theme: r.env.Theme, Keys: append(keys, others(r.globalKeys(), keys)...)}
}

// others are the keys of everywhere that the screen on top does not use for something else.
func others(everywhere, here kit.KeyMap) kit.KeyMap {
	var out kit.KeyMap
	for _, b := range everywhere {
		taken := slices.ContainsFunc(here, func(h kit.Binding) bool { return len(h.Keys) > 0 && slices.Contains(b.Keys, h.Keys[0]) })
		if !taken {
			out = append(out, b)
		}
	}
	return out
}

// notice is the line above the footer: what is being waited for, or a toast.
func (r *Root) notice(w int) []string {
	if top := r.top(); top != nil && top.life.Busy.Count > 0 && r.env.Now.Sub(top.life.Busy.Since) >= slowAfter {
		pen := theme.NewPen(r.env.Theme, w, 1)
		pen.Skip(kit.Margin)
		pen.Put(theme.Dim, r.env.Say(top.life.Busy.Said)+r.env.Theme.Glyphs().Ellipsis)
		if !top.life.Busy.Sure {
			pen.Put(theme.Dim, "  "+r.env.Label("busy.cancel"))
		}
		return pen.Lines()
	}
	return r.toasts.View(w, 1)
}

func (r *Root) paletteView(w, h int) ([]string, *screen.Cursor) {
	m := r.overlay.menu
	lines := append(m.typed.View(w, 2), m.table.View(w, max(0, h-2))...)
	if x, _, ok := m.typed.Cursor(w, 1); ok {
		return kit.Clamp(lines, w, h), &screen.Cursor{X: x}
	}
	return kit.Clamp(lines, w, h), nil
}
