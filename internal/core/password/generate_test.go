package password_test

import (
	"crypto/rand"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core/password"
)

func TestTry(t *testing.T) {
	for _, r := range []password.Rules{{}, {MinLength: 8, MaxLength: 16, MinClasses: 3}, {MaxLength: 11}, {MaxLength: 12, MinClasses: 4}, {MaxLength: 27}, {MinLength: 60}, {MinLength: 255}, {MinLength: 14, MaxLength: 14, MinClasses: 4}} {
		s, err := password.Generate(r, password.Person{}, rand.Reader)
		if err != nil {
			t.Error(r, err)
			continue
		}
		t.Log(s.Reveal(), s.Len(), password.Entropy(r))
	}
}
