package kit

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// hiddenLength is the length of the mask in front of a hidden secret. It does
// not depend on the secret, whose length is part of it.
const hiddenLength = 12

// Reveal shows a secret on a key for a while. It does not keep it: the secret
// is asked for each time it is drawn.
type Reveal struct {
	Theme *theme.Theme
	// Label is the name of what is shown.
	Label string
	// Secret returns the secret. It is called only while the secret is shown.
	Secret func() string
	// Spell returns how a character is read out ("tango", "digit seven"). Nil
	// means there is no spelling.
	Spell func(r rune) string
	// Hint stands beside a hidden secret ("space shows it for 30 s").
	Hint string

	until    time.Time
	spelling bool
}

// Show shows the secret until the given time.
func (r *Reveal) Show(until time.Time) { r.until = until }

// Hide hides the secret and its spelling.
func (r *Reveal) Hide() { r.until, r.spelling = time.Time{}, false }

// Shown reports whether the secret is being shown.
func (r *Reveal) Shown() bool { return !r.until.IsZero() }

// Spelling switches the spelling rows on or off. It works only while the secret
// is shown.
func (r *Reveal) Spelling(on bool) { r.spelling = on && r.Shown() && r.Spell != nil }

// Spelled reports whether the spelling rows are shown.
func (r *Reveal) Spelled() bool { return r.spelling }

// HidesAt returns when the secret is to be hidden, and whether it is shown.
func (r *Reveal) HidesAt() (time.Time, bool) { return r.until, r.Shown() }

// Tick hides the secret when its time is over and reports whether it did.
func (r *Reveal) Tick(now time.Time) bool {
	if !r.Shown() || now.Before(r.until) {
		return false
	}
	r.Hide()
	return true
}

// spellColumns is how many characters are spelled side by side, spellWidth the
// room for one in cells.
const (
	spellColumns = 3
	spellWidth   = 22
)

// Height returns the lines of the secret and, while it is spelled, the lines of
// its spelling.
func (r *Reveal) Height(w int) int {
	if !r.Shown() {
		return 1
	}
	secret := r.Secret()
	h := len(r.pieces(secret, w))
	if r.spelling {
		h += 1 + rowsOf(utf8.RuneCountInString(secret), spellingColumns(w))
	}
	return h
}

// pieces cuts the secret into lines: it must never lose its end to an ellipsis.
func (r *Reveal) pieces(secret string, w int) []string {
	room := w - 2*Margin - gap - theme.Width(r.Label)
	var out []string
	for secret != "" {
		var head string
		head, secret = theme.Cut(secret, max(room, 1))
		out = append(out, head)
	}
	return out
}

func rowsOf(n, columns int) int { return (n + columns - 1) / columns }

func spellingColumns(w int) int { return max(1, min(spellColumns, (w-2*Margin)/spellWidth)) }

// View draws the secret, or a mask that says nothing about its length.
func (r *Reveal) View(w, h int) []string {
	p := theme.NewPen(r.Theme, w, h)
	p.Skip(Margin)
	p.Put(theme.Label, r.Label)
	p.Skip(gap)
	if !r.Shown() {
		p.Put(theme.Placeholder, strings.Repeat(r.Theme.Glyphs().Mask, hiddenLength))
		p.Skip(gap)
		p.Put(theme.Dim, r.Hint)
		p.Newline()
		return p.Lines()
	}
	secret := r.Secret()
	for _, piece := range r.pieces(secret, w) {
		p.To(Margin + theme.Width(r.Label) + gap)
		p.Put(theme.Strong, piece)
		p.Newline()
	}
	if r.spelling {
		p.Newline()
		r.drawSpelling(p, secret)
	}
	return p.Lines()
}

// drawSpelling writes the characters in columns, to be read downwards.
func (r *Reveal) drawSpelling(p *theme.Pen, secret string) {
	runes := []rune(secret)
	rows := rowsOf(len(runes), spellingColumns(p.Width()))
	for row := range rows {
		p.Skip(Margin)
		for i := row; i < len(runes); i += rows {
			p.To(Margin + (i/rows)*spellWidth)
			p.Fit(theme.Strong, string(runes[i]), 3)
			p.Clip(theme.Dim, r.Spell(runes[i]), spellWidth-4)
		}
		p.Newline()
	}
}
