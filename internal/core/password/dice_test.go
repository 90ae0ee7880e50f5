package password

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// values is a source that gives these 32-bit values.
func values(all ...uint32) *dice {
	var b []byte
	for _, v := range all {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return &dice{source: bytes.NewReader(b)}
}

func TestValuesThatWouldFavourSmallNumbersAreRolledAgain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		sides  int
		values []uint32
		want   int
	}{
		{"the greatest value of 2^32 is one too many for 3", 3, []uint32{0xffffffff, 4}, 1},
		{"the last fair value", 3, []uint32{0xfffffffe, 4}, 2},
		{"for a power of two all are fair", 8, []uint32{0xffffffff, 4}, 7},
		{"first unfair value for 2317", 2317, []uint32{1853676 * 2317, 5}, 5},
		{"last fair value for 2317", 2317, []uint32{1853676*2317 - 1, 5}, 2316},
		{"one side", 1, []uint32{123}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := values(tt.values...).roll(tt.sides)
			if err != nil || got != tt.want {
				t.Errorf("roll(%d) = %d, %v, want %d", tt.sides, got, err, tt.want)
			}
		})
	}
}

func TestEveryResidueHasAsManyFairValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		sides := rapid.IntRange(1, 5000).Draw(rt, "sides")
		value := rapid.Uint32().Draw(rt, "value")
		got, err := values(value, 0).roll(sides)
		if err != nil {
			rt.Fatal(err)
		}
		rest := (1 << 32) % uint64(sides)
		want := int(uint64(value) % uint64(sides))
		if uint64(value) >= 1<<32-rest {
			want = 0 // the second value
		}
		if got != want {
			rt.Fatalf("roll(%d) of %d = %d, want %d", sides, value, got, want)
		}
	})
}

func TestASourceOfUnfairValuesOnlyIsGivenUp(t *testing.T) {
	t.Parallel()
	var unfair []uint32
	for i := range uint32(200) {
		unfair = append(unfair, 0xffffffff-i%2) // alternating, so that it does not look stuck
	}
	if _, err := values(unfair...).roll(0xfffffffe); !errors.Is(err, ErrNotRandom) {
		t.Errorf("roll = %v, want ErrNotRandom", err)
	}
}

func TestFourEqualValuesAreBelievedAndFiveAreNot(t *testing.T) {
	t.Parallel()
	d := values(9, 9, 9, 9, 8, 8, 8, 8, 8)
	for i := range 8 {
		if _, err := d.roll(100); err != nil {
			t.Fatalf("roll %d: %v", i+1, err)
		}
	}
	if _, err := d.roll(100); !errors.Is(err, ErrNotRandom) {
		t.Errorf("the fifth equal value gives %v, want ErrNotRandom", err)
	}
}
