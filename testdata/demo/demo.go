// Package demo holds the fictional people of the demo as a file and puts them into a directory.
//
// It has no logic of its own: package fiction reads the file and makes any number of further people.
package demo

import (
	"context"
	_ "embed"
	"slices"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/fiction"
)

//go:embed people.json
var people []byte

// VIP is the login of somebody very important.
const VIP = "helena.vargas"

// cast is read once: the file is part of the program and does not change.
var cast = sync.OnceValues(func() (*fiction.Cast, error) { return fiction.ReadCast(people) })

// Cast are the people of the file.
func Cast() (*fiction.Cast, error) { return cast() }

// Fill puts the people of the file, and computed ones up to n, into a directory, with the password policy of the demo. Whoever is there
// already stays as they are.
func Fill(ctx context.Context, d *embedded.Directory, n int, now time.Time) error {
	c, err := cast()
	if err != nil {
		return err
	}
	return fiction.Fill{Cast: c, People: n, Now: now}.Into(ctx, d)
}

// People are the people of the file as of now; none if the file is not as it must be, which a test excludes.
func People(now time.Time) []embedded.Person {
	c, err := cast()
	if err != nil {
		return nil
	}
	return c.People(now)
}

// HasApp reports whether somebody of the file has an authenticator app.
func HasApp(login string) bool {
	c, err := cast()
	return err == nil && slices.Contains(c.WithApp(), login)
}
