package secret_test

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

func TestASecretIsGivenOutOnPurpose(t *testing.T) {
	t.Parallel()
	s := secret.FromString("s3cret")
	if got := s.Reveal(); got != "s3cret" {
		t.Errorf("Reveal() = %q", got)
	}
	if got := s.Reveal(); got != "s3cret" {
		t.Errorf("the second Reveal() = %q, want the value again", got)
	}
	if got := s.Len(); got != 6 {
		t.Errorf("Len() = %d, want 6", got)
	}
}

func TestUseSeesTheBytesAndReturnsTheError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	err := secret.FromString("s3cret").Use(func(value []byte) error {
		if string(value) != "s3cret" {
			t.Errorf("Use saw %q", value)
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("Use returned %v, want the error of its function", err)
	}
}

func TestNewTakesOwnershipAndDestroyOverwrites(t *testing.T) {
	t.Parallel()
	value := []byte("s3cret")
	s := secret.New(value)
	s.Destroy()
	if !bytes.Equal(value, make([]byte, 6)) {
		t.Errorf("after Destroy the bytes are %q", value)
	}
	if s.Len() != 0 || s.Reveal() != "" {
		t.Errorf("after Destroy Len() = %d, Reveal() = %q", s.Len(), s.Reveal())
	}
	if _, ok := s.Take(); ok {
		t.Error("a destroyed secret was taken")
	}
	s.Destroy()
}

func TestFromStringDoesNotTouchTheString(t *testing.T) {
	t.Parallel()
	value := "s3cret"
	secret.FromString(value).Destroy()
	if value != "s3cret" {
		t.Errorf("the string became %q", value)
	}
}

func TestTakeWorksOnce(t *testing.T) {
	t.Parallel()
	value := []byte("s3cret")
	s := secret.New(value)
	if got, ok := s.Take(); !ok || got != "s3cret" {
		t.Errorf("Take() = %q, %v", got, ok)
	}
	if got, ok := s.Take(); ok || got != "" {
		t.Errorf("the second Take() = %q, %v", got, ok)
	}
	if !bytes.Equal(value, make([]byte, 6)) {
		t.Errorf("after Take the bytes are %q", value)
	}
}

func TestACopyOfTheStructSharesTheOneValue(t *testing.T) {
	t.Parallel()
	s := secret.FromString("s3cret")
	copied := *s
	if _, ok := copied.Take(); !ok {
		t.Error("the copy holds nothing")
	}
	if got, ok := s.Take(); ok {
		t.Errorf("the value %q was taken twice", got)
	}
}

func TestAnEmptySecretCanBeTaken(t *testing.T) {
	t.Parallel()
	if got, ok := secret.New(nil).Take(); !ok || got != "" {
		t.Errorf("Take() = %q, %v, want an empty value", got, ok)
	}
}

func TestOfManyTakersOneWins(t *testing.T) {
	t.Parallel()
	s := secret.FromString("s3cret")
	var winners atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if value, ok := s.Take(); ok && value == "s3cret" {
				winners.Add(1)
			}
			_ = s.Len()
		})
	}
	all.Wait()
	if got := winners.Load(); got != 1 {
		t.Errorf("%d takers got the value, want 1", got)
	}
}

func TestANilSecretIsEmpty(t *testing.T) {
	t.Parallel()
	var s *secret.Text
	s.Destroy()
	if s.Len() != 0 || s.Reveal() != "" || s.String() != secret.Redacted || s.GoString() != secret.Redacted || s.Equal(s) {
		t.Error("a nil secret holds something")
	}
	if _, ok := s.Take(); ok {
		t.Error("a nil secret was taken")
	}
	if err := s.Use(func(value []byte) error {
		if value != nil {
			t.Errorf("Use saw %q", value)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestTheZeroSecretIsEmpty(t *testing.T) {
	t.Parallel()
	var s secret.Text
	s.Destroy()
	if _, ok := s.Take(); ok || s.Len() != 0 || s.Reveal() != "" {
		t.Error("a zero secret holds something")
	}
}

func TestEqualComparesTheBytes(t *testing.T) {
	t.Parallel()
	taken := secret.FromString("")
	taken.Take()
	tests := []struct {
		name string
		a, b *secret.Text
		want bool
	}{
		{"same", secret.FromString("abc"), secret.FromString("abc"), true},
		{"other", secret.FromString("abc"), secret.FromString("abd"), false},
		{"case", secret.FromString("abc"), secret.FromString("ABC"), false},
		{"prefix", secret.FromString("abc"), secret.FromString("ab"), false},
		{"empty", secret.FromString(""), secret.FromString(""), false},
		{"taken", taken, taken, false},
		{"nil", secret.FromString("abc"), nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.a.Equal(tt.b); got != tt.want {
				t.Errorf("a.Equal(b) = %v, want %v", got, tt.want)
			}
			if got := tt.b.Equal(tt.a); got != tt.want {
				t.Errorf("b.Equal(a) = %v, want %v", got, tt.want)
			}
		})
	}
	same := secret.FromString("abc")
	if !same.Equal(same) {
		t.Error("a secret differs from itself")
	}
}

func TestEqualOfTwoSecretsInBothOrdersDoesNotLock(t *testing.T) {
	t.Parallel()
	a, b := secret.FromString("abc"), secret.FromString("abc")
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() { a.Equal(b) })
		all.Go(func() { b.Equal(a) })
	}
	all.Wait()
	if !a.Equal(b) {
		t.Error("comparing changed a value")
	}
}

func TestEveryValueComesBackAsItWentIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.SliceOf(rapid.Byte()).Draw(rt, "value")
		want := string(value)
		s := secret.New(value)
		if s.Reveal() != want || s.Len() != len(want) {
			rt.Fatalf("Reveal() = %q, Len() = %d, want %q", s.Reveal(), s.Len(), want)
		}
		if got, ok := s.Take(); !ok || got != want {
			rt.Fatalf("Take() = %q, %v, want %q", got, ok, want)
		}
	})
}
