package kit

import (
	"slices"
	"testing"
)

func TestForgottenCharactersAreOverwritten(t *testing.T) {
	t.Parallel()
	in := Input{Mode: InputPassword}
	in.Insert("correct horse")
	room := in.value[:cap(in.value)]
	in.erase("ctrl+w")
	if i := slices.IndexFunc(room[len(in.value):], func(r rune) bool { return r != 0 }); i >= 0 {
		t.Errorf("behind the text there is still %q", room[len(in.value):])
	}
	in.Clear()
	if i := slices.IndexFunc(room, func(r rune) bool { return r != 0 }); i >= 0 {
		t.Errorf("after Clear there is still %q", room)
	}
}

func TestTypingAPasswordLeavesNoCopiesBehind(t *testing.T) {
	t.Parallel()
	in := Input{Mode: InputPassword}
	in.Insert("c")
	first := &in.value[0]
	for range 255 {
		in.Insert("x")
	}
	if first != &in.value[0] {
		t.Error("the text moved while it grew")
	}
}
