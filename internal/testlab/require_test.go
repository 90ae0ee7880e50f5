package testlab_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// verdictTB notes how a test was ended instead of ending it.
type verdictTB struct {
	testing.TB
	skipped, failed string
}

func (v *verdictTB) Helper() {}

func (v *verdictTB) Skipf(format string, args ...any) { v.skipped = fmt.Sprintf(format, args...) }

func (v *verdictTB) Fatalf(format string, args ...any) { v.failed = fmt.Sprintf(format, args...) }

func TestAMissingProgramSkipsWithOneSentence(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("PATH", t.TempDir())
	v := &verdictTB{TB: t}
	testlab.Require(v, "no-such-program")
	if v.failed != "" || v.skipped != "no-such-program is not installed: apt-get install no-such-program." {
		t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
	}
}

func TestInContinuousIntegrationASkipIsAFailure(t *testing.T) {
	t.Setenv("CI", "true")
	v := &verdictTB{TB: t}
	testlab.Require(v, "no-such-program")
	if v.skipped != "" || !strings.Contains(v.failed, "no-such-program") {
		t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
	}
}

func TestAProgramThatIsThereIsNoMatter(t *testing.T) {
	t.Parallel()
	v := &verdictTB{TB: t}
	testlab.Require(v, "sh")
	if v.skipped != "" || v.failed != "" {
		t.Errorf("skipped %q, failed %q", v.skipped, v.failed)
	}
}
