// Package password: interim declarations so that core compiles; the owner of this folder deletes this file when the real ones exist.
package password

import (
	"io"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

type Rules struct {
	MinLength, MaxLength, MinClasses int
	ForbidNames, ASCIIOnly           bool
}
type Person struct{ Login, GivenName, Surname, DisplayName string }

func Generate(r Rules, p Person, rand io.Reader) (*secret.Text, error) { return nil, nil }
