package sshd

import (
	"strings"

	gossh "golang.org/x/crypto/ssh"
)

// Size is that of a terminal in cells.
type Size struct{ Columns, Rows int }

// Pty is the terminal of a client.
type Pty struct {
	Term string // a name of at most 64 letters, digits and "-_.+"; "dumb" for anything else
	Size Size   // between 1x1 and the limit; 80x24 where the client did not say
}

// termDumb is the terminal that can do nothing.
const termDumb = "dumb"

const maxTerm = 64

// parsePty reads a pty-req (RFC 4254, section 6.2). Sizes in pixels and terminal modes are not used.
func parsePty(payload []byte, limit Size) (Pty, bool) {
	var request struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}
	if err := gossh.Unmarshal(payload, &request); err != nil {
		return Pty{}, false
	}
	size := Size{80, 24}
	if request.Columns > 0 && request.Rows > 0 {
		size = clamp(request.Columns, request.Rows, limit)
	}
	return Pty{Term: terminalName(request.Term), Size: size}, true
}

// parseResize reads a window-change (RFC 4254, section 6.7). A size of nothing is no size.
func parseResize(payload []byte, limit Size) (Size, bool) {
	var request struct{ Columns, Rows, Width, Height uint32 }
	if err := gossh.Unmarshal(payload, &request); err != nil || request.Columns == 0 || request.Rows == 0 {
		return Size{}, false
	}
	return clamp(request.Columns, request.Rows, limit), true
}

// clamp bounds the memory that a screen may take: one of 2000x1000 was measured at 440 MB.
func clamp(columns, rows uint32, limit Size) Size {
	return Size{int(min(columns, uint32(limit.Columns))), int(min(rows, uint32(limit.Rows)))}
}

// terminalName lets through what can be the name of a terminal: it ends up in look-ups and on screens.
func terminalName(name string) string {
	if name == "" || len(name) > maxTerm {
		return termDumb
	}
	stranger := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.+", r)
	}
	if strings.ContainsFunc(name, stranger) {
		return termDumb
	}
	return name
}
