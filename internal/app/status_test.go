package app

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// ask asks the status socket.
func (s *serving) ask(path string) (int, string) {
	s.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", filepath.Join(s.live.Load().Desk.State, "status.sock"))
	}}}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://desk"+path, http.NoBody)
	must(s.t, err)
	res, err := client.Do(req)
	must(s.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(s.t, err)
	return res.StatusCode, string(body)
}

// waitForSocket connects to the server once, which answers only when its background jobs have been started; the socket is made by one of them.
func (s *serving) waitForSocket() {
	s.t.Helper()
	path := filepath.Join(s.live.Load().Desk.State, "status.sock")
	for {
		if conn, err := net.Dial("unix", path); err == nil {
			_ = conn.Close()
			return
		}
		if s.t.Context().Err() != nil {
			s.t.Fatal("there is no status socket")
		}
	}
}

func TestMetricsAreThoseOfPrometheusAndHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.serve()
	s.waitForSocket()
	c, err := s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	must(t, err)
	see(t, sit(t, c), "find a person")
	code, body := s.ask("/metrics")
	if code != http.StatusOK {
		t.Fatalf("%d: %s", code, body)
	}
	line := regexp.MustCompile(`^(# TYPE [a-z_]+ (counter|gauge)|[a-z_]+ [0-9]+)$`)
	for _, l := range strings.Split(strings.TrimSpace(body), "\n") {
		if !line.MatchString(l) {
			t.Errorf("not in the text format: %q", l)
		}
	}
	for _, want := range []string{"sspr_terminals 1\n", "sspr_ssh_open_sessions 1\n", "sspr_ssh_signed_in 1\n", "sspr_degraded 0\n", "sspr_outbox_waiting 0\n"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
	if info, err := os.Stat(filepath.Join(b.live.Load().Desk.State, "status.sock")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", info, err)
	}
}

func TestHealthIsRedWhenChangesAreNotPossible(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	c := b.prove(actor("l1"), jane)
	s := b.serve()
	s.waitForSocket()
	code, body := s.ask("/health")
	var report struct {
		Parts []struct{ Name, Kind, Level, Message string }
	}
	must(t, json.Unmarshal([]byte(body), &report))
	if code != http.StatusOK || len(report.Parts) != 3 {
		t.Fatalf("%d: %s", code, body)
	}
	if code, _ := s.ask("/nothing"); code != http.StatusNotFound {
		t.Errorf("another path: %d", code)
	}

	// An outcome that cannot be recorded stops changes; a job that is not running here would clear it by itself.
	s.stop()
	must(t, <-s.ended)
	close(s.ended)
	b.desk.Trail = &unwritten{Trail: b.store}
	if _, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane}); core.CodeOf(err) != core.CodeAuditUnavailable {
		t.Fatalf("got %v", err)
	}
	recorder := &recorder{header: http.Header{}}
	b.healthReport(recorder, (&http.Request{}).WithContext(t.Context()))
	if recorder.code != http.StatusServiceUnavailable || !strings.Contains(recorder.body.String(), `"level":"red"`) {
		t.Errorf("degraded: %d: %s", recorder.code, recorder.body.String())
	}
	b.desk.Trail = b.store
	b.mend(t.Context())
	if b.desk.Degraded() {
		t.Error("it does not recover when the trail can be written again")
	}
	if res, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane}); err != nil || res.Outcome != core.Done || !res.Repeated {
		t.Errorf("what happened meanwhile: %s, %v", res.Outcome, err)
	}
	b.verify()
}

// unwritten is a trail whose outcomes cannot be written.
type unwritten struct{ core.Trail }

func (u *unwritten) Conclude(context.Context, core.Conclusion) (int64, error) {
	return 0, core.Fail(core.CodeAuditUnavailable, core.AsError(context.Canceled).Said)
}

type recorder struct {
	header http.Header
	code   int
	body   strings.Builder
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
