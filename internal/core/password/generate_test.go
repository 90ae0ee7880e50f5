package password_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"math"
	mathrand "math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core/password"
)

// seeded is a source whose choices can be repeated. It is for tests alone.
func seeded(seed byte) io.Reader {
	var key [32]byte
	key[0] = seed
	return mathrand.NewChaCha8(key)
}

func generate(t testing.TB, rules password.Rules, person password.Person, random io.Reader) string {
	t.Helper()
	made, err := password.Generate(rules, person, random)
	if err != nil {
		t.Fatalf("Generate(%+v): %v", rules, err)
	}
	return made.Reveal()
}

func TestAPassphraseCanBeReadAloud(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^([A-Za-z][a-z]{2,6}-){5}[2-9]{2}$`)
	for range 100 {
		got := generate(t, password.Rules{}, password.Person{}, rand.Reader)
		if !shape.MatchString(got) {
			t.Errorf("%q has not the shape of a passphrase", got)
		}
		if capitals := len(regexp.MustCompile(`[A-Z]`).FindAllString(got, -1)); capitals != 1 {
			t.Errorf("%q has %d capitals, want 1", got, capitals)
		}
	}
}

func TestWithoutRoomForWordsThereAreCharacters(t *testing.T) {
	t.Parallel()
	const one = `[A-HJ-NP-Za-km-np-z2-9]`
	tests := []struct {
		name  string
		rules password.Rules
		shape string
	}{
		{"11 characters", password.Rules{MaxLength: 11}, `^` + one + `{11}$`},
		{"12 characters", password.Rules{MaxLength: 12, MinClasses: 4}, `^` + one + `{6}-` + one + `{5}$`},
		{"16 characters", password.Rules{MaxLength: 16, MinClasses: 4}, `^` + one + `{4}-` + one + `{4}-` + one + `{3}$`},
		{"exactly 14", password.Rules{MinLength: 14, MaxLength: 14, MinClasses: 4}, `^` + one + `{4}-` + one + `{4}-` + one + `{4}$`},
		{"exactly 15", password.Rules{MinLength: 15, MaxLength: 15, MinClasses: 3}, `^[A-Za-z2-9-]{15}$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			shape := regexp.MustCompile(tt.shape)
			for range 100 {
				if got := generate(t, tt.rules, password.Person{}, rand.Reader); !shape.MatchString(got) {
					t.Fatalf("%q has not the shape %s", got, tt.shape)
				}
			}
		})
	}
}

func TestWhatIsMadeConformsToTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rules := password.Rules{
			MinLength:            rapid.IntRange(0, 300).Draw(rt, "min"),
			MaxLength:            rapid.IntRange(0, 300).Draw(rt, "max"),
			MinClasses:           rapid.IntRange(0, 5).Draw(rt, "classes"),
			ForbidNames:          rapid.Bool().Draw(rt, "names"),
			ForbidDisguisedNames: rapid.Bool().Draw(rt, "disguised"),
			ASCIIOnly:            rapid.Bool().Draw(rt, "ascii"),
			Banned:               rapid.SliceOfN(rapid.SampledFrom([]string{"contoso", "maple", "a", "", "river-"}), 0, 3).Draw(rt, "banned"),
		}
		person := password.Person{
			Login:       rapid.SampledFrom([]string{"", "jdoe", "art", "x"}).Draw(rt, "login"),
			GivenName:   rapid.SampledFrom([]string{"", "Maple", "Land"}).Draw(rt, "given"),
			DisplayName: rapid.SampledFrom([]string{"", "Ing Ant Ear", "Able Port"}).Draw(rt, "display"),
		}
		made, err := password.Generate(rules, person, seeded(rapid.Byte().Draw(rt, "seed")))
		strength := password.Entropy(rules)
		if err != nil {
			if !errors.Is(err, password.ErrImpossible) || made != nil {
				rt.Fatalf("Generate = %v, %v", made, err)
			}
			if strength != 0 {
				rt.Fatalf("nothing is made of %.1f bits", strength)
			}
			return
		}
		if got := password.Check(made.Reveal(), rules, person); got != nil {
			rt.Fatalf("%q violates %v", made.Reveal(), got)
		}
		if strength < password.LeastEntropy {
			rt.Fatalf("%q has %.1f bits", made.Reveal(), strength)
		}
	})
}

func TestImpossibleRulesAreSaidToBeSo(t *testing.T) {
	t.Parallel()
	tests := map[string]password.Rules{
		"too short for 60 bits":   {MaxLength: 10},
		"no room for a symbol":    {MaxLength: 11, MinClasses: 4},
		"five classes":            {MinClasses: 5},
		"least above greatest":    {MinLength: 20, MaxLength: 19},
		"longer than can be made": {MinLength: password.MaxGenerated + 1},
		"everything is banned":    {Banned: strings.Split("a b c d e f g h i j k l m n o p q r s t u v w x y z", " "), MinLength: 256, MaxLength: 256, MinClasses: 5},
	}
	for name, rules := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made, err := password.Generate(rules, password.Person{}, rand.Reader)
			if !errors.Is(err, password.ErrImpossible) || made != nil {
				t.Errorf("Generate = %v, %v, want ErrImpossible", made, err)
			}
			if got := password.Entropy(rules); got != 0 {
				t.Errorf("Entropy = %v, want 0", got)
			}
		})
	}
}

func TestPartsOfTheNameAreNotAmongTheWords(t *testing.T) {
	t.Parallel()
	person := password.Person{Login: "art", GivenName: "Able", Surname: "Land", DisplayName: "Ant Ear-Ing Featherstone"}
	for seed := range byte(40) {
		got := strings.ToLower(generate(t, password.Rules{}, person, seeded(seed)))
		for _, part := range []string{"art", "able", "land", "ant", "ear", "ing"} {
			if strings.Contains(got, part) {
				t.Errorf("%q contains %q although the rules do not ask for it", got, part)
			}
		}
	}
}

func TestAHostileNameCannotForceAWeakPassword(t *testing.T) {
	t.Parallel()
	var every strings.Builder // every group of three small letters: no word is left
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			for c := 'a'; c <= 'z'; c++ {
				every.WriteString(string([]rune{a, b, c, ' '}))
			}
		}
	}
	person := password.Person{DisplayName: every.String()}
	made, err := password.Generate(password.Rules{}, person, seeded(1))
	if err != nil || made.Len() < 13 {
		t.Fatalf("without words Generate gives %d characters, %v", made.Len(), err)
	}
	// With the rule nearly every code is refused too: taking one of the few that are left would be a small choice.
	if _, err := password.Generate(password.Rules{ForbidNames: true}, person, seeded(1)); !errors.Is(err, password.ErrImpossible) {
		t.Errorf("with the rule on names: %v, want ErrImpossible", err)
	}
}

func TestAFailingSourceOfRandomnessIsNotReplaced(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for after := range int64(60) { // wherever it breaks; a passphrase takes 32 bytes and more
		source := io.MultiReader(io.LimitReader(seeded(1), after), iotest.ErrReader(broken))
		made, err := password.Generate(password.Rules{}, password.Person{}, source)
		if err == nil {
			if after < 32 {
				t.Errorf("after %d bytes a password was made", after)
			}
			continue
		}
		if !errors.Is(err, broken) || made != nil {
			t.Errorf("after %d bytes Generate = %v, %v, want the error of the source", after, made, err)
		}
	}
	if _, err := password.Generate(password.Rules{MaxLength: 16}, password.Person{}, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a code: %v, want the error of the source", err)
	}
}

func TestAnExhaustedSourceIsAnError(t *testing.T) {
	t.Parallel()
	for _, length := range []int{0, 3, 5, 31} {
		_, err := password.Generate(password.Rules{}, password.Person{}, io.LimitReader(seeded(1), int64(length)))
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes: %v", length, err)
		}
	}
}

func TestAStuckSourceIsRefused(t *testing.T) {
	t.Parallel()
	for _, b := range []byte{0, 1, 0x7f, 0xff} {
		_, err := password.Generate(password.Rules{}, password.Person{}, bytes.NewReader(bytes.Repeat([]byte{b}, 1<<16)))
		if !errors.Is(err, password.ErrNotRandom) {
			t.Errorf("a source of %#x only: %v, want ErrNotRandom", b, err)
		}
	}
}

func TestASourceThatReadsInSmallPiecesGivesTheSame(t *testing.T) {
	t.Parallel()
	whole := generate(t, password.Rules{}, password.Person{}, seeded(7))
	pieces := generate(t, password.Rules{}, password.Person{}, iotest.OneByteReader(seeded(7)))
	if whole != pieces {
		t.Errorf("%q and %q differ", whole, pieces)
	}
}

func TestEntropySaysWhatIsMade(t *testing.T) {
	t.Parallel()
	words := math.Log2(float64(len(readWords(t))))
	tests := []struct {
		name  string
		rules password.Rules
		want  float64
	}{
		{"five words, a capital, two digits", password.Rules{}, 5*words + math.Log2(5) + 6},
		{"eleven characters of 55", password.Rules{MaxLength: 11}, 11 * math.Log2(55)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := password.Entropy(tt.rules)
			if got > tt.want || got < tt.want-0.5 || got < password.LeastEntropy {
				t.Errorf("Entropy = %.2f, want a little below %.2f", got, tt.want)
			}
		})
	}
}

func TestALengthRuleCostsEntropyAndItIsSaid(t *testing.T) {
	t.Parallel()
	free, bound := password.Entropy(password.Rules{}), password.Entropy(password.Rules{MaxLength: 34})
	if bound >= free || bound < password.LeastEntropy {
		t.Errorf("with a greatest length of 34 there are %.2f bits, without %.2f", bound, free)
	}
}

func BenchmarkGenerate(b *testing.B) {
	person := password.Person{Login: "jdoe", GivenName: "Jane", Surname: "Doe", DisplayName: "Jane Doe"}
	for b.Loop() {
		generate(b, password.Rules{MinLength: 14, MinClasses: 3, ForbidNames: true}, person, rand.Reader)
	}
}
