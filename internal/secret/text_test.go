package secret_test

import (
	"fmt"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

func TestASecretIsRevealedOnlyOnPurpose(t *testing.T) {
	t.Parallel()
	s := secret.FromString("canary")
	if got := fmt.Sprint(s); got != secret.Redacted {
		t.Errorf("Sprint = %q, want %q", got, secret.Redacted)
	}
	if got := s.Reveal(); got != "canary" {
		t.Errorf("Reveal = %q", got)
	}
}
