package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

// serveStatus answers /metrics (Prometheus text format 0.0.4) and /health (JSON) on a unix socket in the state folder, until ctx ends.
// There is no second TCP port.
func (a *App) serveStatus(ctx context.Context) {
	path := filepath.Join(a.live.Load().Desk.State, "status.sock")
	_ = os.Remove(path) // left behind by a killed process
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		a.log.WarnContext(ctx, "metrics and health are not served", "error", err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", a.metrics)
	mux.HandleFunc("GET /health", a.healthReport)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := os.Chmod(path, 0o600); err != nil {
		a.log.WarnContext(ctx, "the status socket keeps its mode", "error", err)
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		a.log.WarnContext(ctx, "metrics and health ended", "error", err)
	}
}

// metrics writes the counters of the SSH server, the outbox and the trail.
func (a *App) metrics(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	counters := reflect.ValueOf(a.server.Counters())
	for i := range counters.NumField() {
		kind := "counter"
		if counters.Field(i).Kind() == reflect.Int64 {
			kind = "gauge"
		}
		metric(w, "sspr_ssh_"+snake(counters.Type().Field(i).Name), kind, fmt.Sprint(counters.Field(i).Interface()))
	}
	waiting, dead, _, err := a.store.OutboxDepth(r.Context())
	if err == nil {
		metric(w, "sspr_outbox_waiting", "gauge", fmt.Sprint(waiting))
		metric(w, "sspr_outbox_dead", "gauge", fmt.Sprint(dead))
	}
	metric(w, "sspr_trail_dropped", "counter", fmt.Sprint(a.store.Dropped()))
	degraded := "0"
	if a.desk.Degraded() {
		degraded = "1"
	}
	metric(w, "sspr_degraded", "gauge", degraded)
	metric(w, "sspr_terminal_messages_dropped", "counter", fmt.Sprint(a.hub.dropped()))
	metric(w, "sspr_terminals", "gauge", fmt.Sprint(len(a.hub.SignedIn())))
	a.operationMetrics(w)
}

// operationMetrics writes how many operations were concluded, by what they did, what came of it, and the desk.
func (a *App) operationMetrics(w io.Writer) {
	const name = "sspr_operations_total"
	counts := a.desk.Counts()
	order := slices.SortedFunc(maps.Keys(counts), func(x, y core.Counted) int {
		return cmp.Or(cmp.Compare(x.Verb, y.Verb), cmp.Compare(x.Outcome, y.Outcome), cmp.Compare(x.Desk, y.Desk))
	})
	_, _ = fmt.Fprintf(w, "# TYPE %s counter\n", name)
	for _, k := range order {
		_, _ = fmt.Fprintf(w, "%s{verb=\"%s\",outcome=\"%s\",desk=\"%s\"} %d\n", name, label(string(k.Verb)), label(string(k.Outcome)), label(k.Desk), counts[k])
	}
}

// label escapes a label's value (Prometheus text format 0.0.4).
func label(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}

func metric(w http.ResponseWriter, name, kind, value string) {
	_, _ = fmt.Fprintf(w, "# TYPE %s %s\n%s %s\n", name, kind, name, value)
}

// snake writes a Go name as a metric's: OpenSessions is open_sessions.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

type healthPart struct {
	Name    string           `json:"name"`
	Kind    string           `json:"kind"`
	Level   core.HealthLevel `json:"level"`
	Message string           `json:"message"`
}

// healthReport answers 200 when changes are possible and 503 when something is red.
func (a *App) healthReport(w http.ResponseWriter, r *http.Request) {
	p := text.Printer{Lang: text.English, Zone: a.live.Load().Desk.Zone, Now: a.clock.Now()}
	parts, status := []healthPart{}, http.StatusOK
	for _, h := range a.desk.Health(r.Context()) {
		parts = append(parts, healthPart{h.Name, h.Kind, h.Level, p.Say(h.Said)})
		if h.Level == core.Red {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"parts": parts}) // the client may be gone
}
