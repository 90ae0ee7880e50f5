// Package kit holds the parts screens are made of: table, input, form, dialog,
// stepper, reveal, toasts, header, footer, key bindings and the blocks that
// arrange them.
//
// Every part is a plain struct with a theme and ready words in it:
//
//		search := kit.Input{Theme: th, Placeholder: "find a person"}
//		people := kit.Table{Theme: th, Columns: columns, Rows: rows, Empty: "Nobody found."}
//
//	  - View(w, h) draws it: exactly h lines of at most w cells, in time
//	    proportional to what is visible. It changes nothing, with one exception
//	    that cannot be seen: a table remembers its height so that PgDn knows what
//	    a page is.
//	  - Update(key) takes a key and reports whether it used it. A screen asks the
//	    part with the focus first, then its own [KeyMap], and the root gets the rest.
//	  - What depends on the time (grace period, toasts, reveals) is told the time;
//	    NextAt or HidesAt say when it wants to be told again.
//	  - Cursor(w, h) says where the terminal's cursor belongs.
//
// A screen is usually a [Stack] of a [Statement] (what is wrong), [Actions] (the
// next key) and [Sections], between [Header] and [Footer]:
//
//	 Search › Jane Doe                        Ann Lee · Level 1 · Oslo
//	────────────────────────────────────────────────────────────────────
//	 ■ Locked since 09:12 after 5 wrong passwords.
//	 ▸ Enter  hand the unlock to Level 2              r  reset instead
//
//	 STATE                              METHODS
//	 account  enabled                   ● authenticator app      12 Mar
//
//	 v verify   r reset   u unlock (Level 2)   ? help
//
// A number stays with its unit across a line break if the blank between them is
// U+00A0. The example of this package is a whole screen in a hundred lines.
//
// Layout: everything keeps a margin of one cell on both sides; columns are two
// cells apart; labels are as wide as the longest; a place that waits for its
// value shows an ellipsis and keeps its size. A state is a glyph and a word.
// Letters are keys only while nothing is being typed ([KeyMap.Match]).
//
// What it never does: it knows no domain word (every label comes in as a ready
// sentence), it does no I/O, starts nothing, reads no clock, and lets no
// control character of a text reach the terminal. It stores no secret: a
// [Reveal] asks for it while it is shown, and a password field wipes what it
// held when it is cleared.
package kit
