// Package lineterm runs one Bubble Tea model on one terminal and draws it row by
// row when something has changed.
//
// A desk serves many terminals from one process, so a session has to be cheap
// and must not be able to hurt another. Bubble Tea's own renderer keeps a grid
// of cells for each session and looks at it sixty times a second; this one keeps
// the rows it has sent, compares the strings, and sends the cells of a row that
// differ. A frame is one Write. While a Write is under way newer frames replace
// each other: a slow client sees fewer frames, and Update never waits for it. A
// program in which nothing happens sends nothing and wakes nobody.
//
// # Why not tea.Program
//
// The first version wrapped the model in a tea.Program without a renderer. It
// measured 7 goroutines and 155 KB of heap for an idle session, most of it a
// table of key sequences that is built for each reader, and a ticker that fires
// every second; it prints panics to the server's standard error, ignores the end
// of input, obeys tea.Suspend and tea.Exec on the server, and writes every typed
// character to a file if TEA_TRACE is set. The loop here, on the same messages
// and ultraviolet's decoder, measures 3 goroutines (Run's own among them) and
// 7 KB, and has none of that. BenchmarkFrame, BenchmarkKey and BenchmarkSession
// compare it with the stock program.
//
// # What of Bubble Tea works
//
// Init, Update, View, commands, tea.Batch, tea.Sequence, tea.Tick (better: Tick,
// which ends with its program), tea.Quit, tea.Interrupt, tea.SetClipboard,
// tea.RequestBackgroundColor, tea.RequestWindowSize, tea.ClearScreen. Of tea.View
// the content, cursor (but its colour), window title, bracketed paste, focus
// reports, mouse mode and OnMouse. The alternate screen is always used.
//
// What would act on the server or take more from the operator's desktop than was
// shown does nothing: tea.Suspend, tea.Exec, tea.Raw, tea.Println, reading the
// clipboard, questions about the terminal. Keyboard enhancements, progress bars
// and the terminal's own colours are not supported.
//
// # What is sent
//
// Only placed text, styles the colour profile has, erasing, the modes named
// above, the cursor's shape, the window's title, and a synchronised update (mode
// 2026) around more than one row. Control characters and sequences in the content
// other than styles are dropped, whatever sanitising went before. Wrapping is
// turned off, so a row that a terminal takes for longer than we do stays a row.
// Every row begins with the default style; one left open ends with its row. The
// terminal is given back as it was found, however the program ends.
//
// The package does no logging, reads no environment but the one it is given,
// installs no signal handler, and knows nothing of SSH.
package lineterm
