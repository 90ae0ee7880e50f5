package lineterm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

// frames is how many random frames each colour profile is tried with.
const frames = 2500

// author writes random views that are like the ones before.
type author struct {
	*rand.Rand
	size  Size
	lines [][]string // of words and styles
	words []string
}

// agreedWords are as wide here as in the emulator. disputedWords are not, or
// must not be sent as they are.
func agreedWords() []string {
	return []string{
		"a", "user", "   ", "  ", "x y", "2026-11-22", "é", "grün", "ąžß", "漢字", "日本語", "한국", "│", "──", "✓", "●",
		"👩", "👨‍👩‍👧‍👦", "🇩🇪", "😀😀", "（全角）", "ﾊﾝｶｸ",
	}
}

func disputedWords() []string {
	return []string{
		"e\u0301", "a\u0323\u0301", "1\ufe0f\u20e3", "❤\ufe0f", "\u200b", "\u202eabc\u202c", "\ufeff", "नमस्ते",
		"\x1b]52;c;eA==\a", "\x1b]8;;http://x\x1b\\y\x1b]8;;\x1b\\", "\x1b[5;5H", "\x1b[2J", "\x1b[?1049l", "\x1bc", "\a", "\t", "\r",
		"\xff\xfe", "\xc3", "\u009b5;5H", "\x9b5;5H", "\x1bP+q\x1b\\", "\x1b_apc\x1b\\", "\x1b]0;title", "\x7f", "\u0085", "\x1b",
	}
}

func (a *author) word() string { return a.words[a.IntN(len(a.words))] }

func (a *author) style() string {
	n := func() int { return a.IntN(256) }
	switch a.IntN(9) {
	case 0:
		return fmt.Sprintf("\x1b[%dm", 30+a.IntN(8))
	case 1:
		return fmt.Sprintf("\x1b[%d;%dm", 90+a.IntN(8), 100+a.IntN(8))
	case 2:
		return fmt.Sprintf("\x1b[38;5;%dm", n())
	case 3:
		return fmt.Sprintf("\x1b[1;48;5;%dm", n())
	case 4:
		return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", n(), n(), n())
	case 5:
		return fmt.Sprintf("\x1b[48;2;%d;%d;%d;58;2;%d;0;0;4:%dm", n(), n(), n(), n(), 1+a.IntN(5))
	case 6:
		return fmt.Sprintf("\x1b[%dm", []int{1, 2, 3, 4, 7, 9, 22, 23, 24, 27, 29, 39, 49}[a.IntN(13)])
	default:
		return "\x1b[m"
	}
}

func (a *author) token() string {
	if a.IntN(3) == 0 {
		return a.style()
	}
	return a.word()
}

func (a *author) line() []string {
	line := make([]string, a.IntN(14))
	for i := range line {
		line[i] = a.token()
	}
	return line
}

// edit changes one word, as typing and ticking figures do.
func (a *author) edit() {
	if len(a.lines) == 0 {
		return
	}
	if line := a.lines[a.IntN(len(a.lines))]; len(line) > 0 {
		line[a.IntN(len(line))] = a.token()
	}
}

// view changes some lines, shifts them like a list that scrolls, or changes all.
func (a *author) view() tea.View {
	switch a.IntN(10) {
	case 0:
		a.lines = slices.Insert(a.lines, a.IntN(len(a.lines)+1), a.line())
	case 1:
		if i := a.IntN(len(a.lines) + 1); i < len(a.lines) {
			a.lines = slices.Delete(a.lines, i, i+1)
		}
	case 2:
		for i := range a.lines {
			a.lines[i] = a.line()
		}
	case 3: // only the cursor moves
	case 4, 5, 6:
		if len(a.lines) > 0 {
			a.lines[a.IntN(len(a.lines))] = a.line()
		}
	default:
		a.edit()
	}
	for len(a.lines) > a.size.Rows+1 {
		a.lines = a.lines[1:]
	}
	var content []string
	for _, line := range a.lines {
		content = append(content, strings.Join(append(slices.Clone(line), "\x1b[m"), ""))
	}
	v := tea.NewView(strings.Join(content, "\n"))
	if a.IntN(3) > 0 {
		v.Cursor = tea.NewCursor(a.IntN(a.size.Cols+1), a.IntN(a.size.Rows+1))
		v.Cursor.Shape, v.Cursor.Blink = tea.CursorShape(a.IntN(3)), a.IntN(2) == 0
	}
	v.WindowTitle = []string{"", "one", "two; \x1b]x"}[a.IntN(3)]
	return v
}

func (a *author) resized() bool {
	if a.IntN(25) > 0 {
		return false
	}
	a.size = Size{Cols: 1 + a.IntN(60), Rows: 1 + a.IntN(14)}
	return true
}

// pair is a terminal that gets differences beside one that gets whole frames.
type pair struct {
	t           *testing.T
	profile     colorprofile.Profile
	incremental *screen
	one, other  *termtest.Screen
}

func newPair(t *testing.T, profile colorprofile.Profile, size Size) *pair {
	p := &pair{
		t: t, profile: profile, incremental: newScreen(newPalette(profile)),
		one: termtest.NewScreen(size.Cols, size.Rows), other: termtest.NewScreen(size.Cols, size.Rows),
	}
	t.Cleanup(func() { _, _ = p.one.Close(), p.other.Close() })
	return p
}

// show sends the view to both and returns what they show.
func (p *pair) show(v tea.View, size Size) (incremental, whole termtest.Frame) {
	_, _ = p.one.Write(p.incremental.frame(v, size))
	_, _ = p.other.Write([]byte("\x1b[?25h\x1b[0 q\x1b]2;\a\x1bc"))
	_, _ = p.other.Write(newScreen(newPalette(p.profile)).frame(v, size))
	return p.one.Frame(), p.other.Frame()
}

func (p *pair) resize(size Size) {
	p.one.Resize(size.Cols, size.Rows)
	p.other.Resize(size.Cols, size.Rows)
}

// difference says where two frames differ; "" if they are the same cell for cell.
func difference(got, want termtest.Frame) string {
	for y := range want.Cells {
		for x := range want.Cells[y] {
			if got.Cells[y][x] != want.Cells[y][x] {
				return fmt.Sprintf("cell %d,%d is %+v, want %+v\nrow  %q\nwant %q", x, y, got.Cells[y][x], want.Cells[y][x], got.Row(y), want.Row(y))
			}
		}
	}
	if got.Cursor.Visible != want.Cursor.Visible || (want.Cursor.Visible && got.Cursor != want.Cursor) {
		return fmt.Sprintf("cursor is %+v, want %+v", got.Cursor, want.Cursor)
	}
	if got.Title != want.Title {
		return fmt.Sprintf("title is %q, want %q", got.Title, want.Title)
	}
	return ""
}

func profiles() []colorprofile.Profile {
	return []colorprofile.Profile{
		colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII, colorprofile.NoTTY,
	}
}

// eachProfile tries random frames with every profile.
func eachProfile(t *testing.T, words []string, check func(t *testing.T, p *pair, v tea.View, size Size)) {
	t.Helper()
	for _, profile := range profiles() {
		t.Run(profile.String(), func(t *testing.T) {
			t.Parallel()
			a := &author{Rand: rand.New(rand.NewPCG(7, uint64(profile))), size: Size{Cols: 40, Rows: 10}, words: words}
			p := newPair(t, profile, a.size)
			for i := range frames {
				if a.resized() {
					p.resize(a.size)
				}
				check(t, p, a.view(), a.size)
				if t.Failed() {
					t.Fatalf("frame %d at %+v", i, a.size)
				}
			}
			if err := p.one.Oracle(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDifferencesAddUpToTheWholeFrame(t *testing.T) {
	t.Parallel()
	eachProfile(t, append(agreedWords(), disputedWords()...), func(t *testing.T, p *pair, v tea.View, size Size) {
		t.Helper()
		got, want := p.show(v, size)
		if d := difference(got, want); d != "" {
			t.Errorf("%s\nview %q", d, v.Content)
		}
	})
}

func TestAFrameShowsWhatTheViewSays(t *testing.T) {
	t.Parallel()
	eachProfile(t, agreedWords(), func(t *testing.T, p *pair, v tea.View, size Size) {
		t.Helper()
		got, _ := p.show(v, size)
		if d := readDifferently(got, v.Content, p.profile); d != "" {
			t.Errorf("%s\nview %q", d, v.Content)
		}
	})
}

// readDifferently compares a frame with what Bubble Tea's own renderer makes of
// the same content.
func readDifferently(got termtest.Frame, content string, profile colorprofile.Profile) string {
	want := uv.NewScreenBuffer(got.Cols, got.Rows)
	want.Method = ansi.GraphemeWidth
	uv.NewStyledString(content).Draw(want, want.Bounds())
	for y := range got.Cells {
		for x := range got.Cells[y] {
			g, w := got.Cells[y][x], termtest.CellOf(converted(want.CellAt(x, y), profile))
			cut := x == got.Cols-1 && g == termtest.Cell{Text: " ", Width: 1} // half of a wide one is left out
			if g != w && !cut {
				return fmt.Sprintf("cell %d,%d is %+v, want %+v", x, y, g, w)
			}
		}
	}
	return ""
}

// converted is a cell in the colours a profile has.
func converted(c *uv.Cell, profile colorprofile.Profile) *uv.Cell {
	cell := c.Clone()
	if profile <= colorprofile.NoTTY {
		cell.Style = uv.Style{}
		return cell
	}
	cell.Style = uv.ConvertStyle(cell.Style, profile)
	if profile < colorprofile.TrueColor {
		cell.Style.Underline = min(cell.Style.Underline, ansi.UnderlineSingle)
		cell.Style.UnderlineColor = nil
	}
	return cell
}
