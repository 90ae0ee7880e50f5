package lineterm

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// The window and the content of all benchmarks: a search box, a list of fifty
// people beside nothing else, and a status bar.
const (
	benchCols = 130
	benchRows = 60
)

// benchViews are views that follow each other. Typing changes nearly every row;
// moving the selection changes two.
func benchViews(step string) []tea.View {
	views := make([]tea.View, 4)
	for i := range views {
		selected, shift := i, 0
		if step == "typing" {
			selected, shift = 0, i*7
		}
		views[i] = benchView(selected, shift)
	}
	return views
}

func benchView(selected, shift int) tea.View {
	var out strings.Builder
	fmt.Fprintf(&out, " \x1b[1mFind\x1b[m  jane d%s\n\n", strings.Repeat("o", shift%5))
	for i := range 50 {
		row := fmt.Sprintf(" %-24s %-20s %-30s %-18s %s", fmt.Sprintf("Person %d Müller", i+shift), fmt.Sprintf("login%d", i+shift),
			fmt.Sprintf("person.%d@example.org", i+shift), "Finance", "locked since 09:12")
		row = fmt.Sprintf("%-*s", benchCols, row)
		if i == selected {
			row = "\x1b[1;38;2;20;20;30;48;2;120;180;250m" + row + "\x1b[m"
		} else {
			row = row[:72] + "\x1b[38;2;140;140;160m" + row[72:] + "\x1b[m"
		}
		out.WriteString(row + "\n")
	}
	out.WriteString(strings.Repeat("\n", benchRows-54))
	fmt.Fprintf(&out, "\x1b[48;2;40;44;52m%-*s\x1b[m\n%s", benchCols, " L1 · desk Berlin · 3 waiting", " enter open  r reset  u unlock  ? help")
	v := tea.NewView(out.String())
	v.AltScreen = true
	v.Cursor = tea.NewCursor(14, 0)
	return v
}

// stock is Bubble Tea's renderer without its ticker and queue.
type stock struct {
	out   bytes.Buffer
	cells uv.ScreenBuffer
	r     *uv.TerminalRenderer
}

func newStock(profile colorprofile.Profile) *stock {
	s := &stock{cells: uv.NewScreenBuffer(benchCols, benchRows)}
	s.r = uv.NewTerminalRenderer(&s.out, []string{"TERM=xterm-256color"})
	s.r.SetColorProfile(profile)
	s.r.SetFullscreen(true)
	s.r.SetRelativeCursor(false)
	s.r.SetScrollOptim(true)
	s.cells.Method = ansi.GraphemeWidth
	return s
}

func (s *stock) frame(v tea.View, _ Size) []byte {
	s.out.Reset()
	s.cells.Clear()
	uv.NewStyledString(v.Content).Draw(s.cells, s.cells.Bounds())
	s.r.Render(s.cells.RenderBuffer)
	s.r.MoveTo(v.Cursor.X, v.Cursor.Y)
	_ = s.r.Flush() // to a buffer
	return s.out.Bytes()
}

// BenchmarkFrame is the work of one frame: ours beside Bubble Tea's.
func BenchmarkFrame(b *testing.B) {
	for _, step := range []string{"typing", "moving"} {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
			for name, r := range map[string]interface {
				frame(v tea.View, size Size) []byte
			}{"lines": newScreen(newPalette(profile)), "stock": newStock(profile)} {
				b.Run(fmt.Sprintf("%s/%v/%s", step, profile, name), func(b *testing.B) {
					views, size, sent := benchViews(step), Size{Cols: benchCols, Rows: benchRows}, 0
					r.frame(views[len(views)-1], size)
					b.ReportAllocs()
					for i := range b.N {
						sent += len(r.frame(views[i%len(views)], size))
					}
					b.ReportMetric(float64(sent)/float64(b.N), "B/frame")
				})
			}
		}
	}
}

// benchModel shows views in turn, one for each key.
type benchModel struct {
	views []tea.View
	at    int
}

func (m *benchModel) Init() tea.Cmd { return nil }

func (m *benchModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.KeyPressMsg); ok {
		m.at++
	}
	return m, nil
}

func (m *benchModel) View() tea.View { return m.views[m.at%len(m.views)] }

// counter counts what is written and says when there was something.
type counter struct{ wrote chan int }

func (c counter) Write(p []byte) (int, error) {
	c.wrote <- len(p)
	return len(p), nil
}

// runners run a model on a terminal until its input ends.
func runners() map[string]func(m tea.Model, in io.Reader, out io.Writer) {
	return map[string]func(m tea.Model, in io.Reader, out io.Writer){
		"lines": func(m tea.Model, in io.Reader, out io.Writer) {
			_ = Run(context.Background(), m, Terminal{In: in, Out: out, Term: "xterm-256color", Size: Size{Cols: benchCols, Rows: benchRows}}, Options{})
		},
		"stock": func(m tea.Model, in io.Reader, out io.Writer) {
			ctx, cancel := context.WithCancel(context.Background())
			_, _ = tea.NewProgram(m, tea.WithInput(&ending{in, cancel}), tea.WithOutput(out), tea.WithContext(ctx), tea.WithoutSignalHandler(),
				tea.WithWindowSize(benchCols, benchRows), tea.WithEnvironment([]string{"TERM=xterm-256color", "SSH_TTY=x"})).Run()
		},
	}
}

// ending cancels at the end of input, which Bubble Tea ignores.
type ending struct {
	io.Reader
	cancel context.CancelFunc
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if err != nil {
		e.cancel()
	}
	return n, err
}

// BenchmarkKey is the time from a key to its frame, through a whole program.
func BenchmarkKey(b *testing.B) {
	for name, run := range runners() {
		b.Run(name, func(b *testing.B) {
			in, keys := io.Pipe()
			out := counter{make(chan int, 100)}
			done := make(chan struct{})
			go func() { // ends with the input
				defer close(done)
				run(&benchModel{views: benchViews("typing")}, in, out)
			}()
			<-out.wrote
			for range b.N {
				_, _ = keys.Write([]byte("x"))
				<-out.wrote
			}
			b.StopTimer()
			_ = keys.Close()
			go func() { // ends with the program
				for range out.wrote {
				}
			}()
			<-done
			close(out.wrote)
		})
	}
}

// BenchmarkSession is what one idle session holds.
func BenchmarkSession(b *testing.B) {
	const sessions = 50
	for name, run := range runners() {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				before, goroutines := heap(), runtime.NumGoroutine()
				end := manySessions(sessions, run)
				b.ReportMetric(float64(heap()-before)/sessions, "heap-B/session")
				b.ReportMetric(float64(runtime.NumGoroutine()-goroutines)/sessions, "goroutines/session")
				end()
			}
		})
	}
}

// manySessions starts sessions, waits until each has drawn what a key changed,
// and returns what ends them.
func manySessions(n int, run func(m tea.Model, in io.Reader, out io.Writer)) func() {
	var all sync.WaitGroup
	var inputs []*io.PipeWriter
	views := benchViews("typing")
	for range n {
		in, keys := io.Pipe()
		out := counter{make(chan int, 100)}
		inputs = append(inputs, keys)
		all.Go(func() { run(&benchModel{views: views}, in, out) }) // ends with the input
		<-out.wrote
		_, _ = keys.Write([]byte("x"))
		<-out.wrote
	}
	return func() {
		for _, in := range inputs {
			_ = in.Close()
		}
		all.Wait()
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
