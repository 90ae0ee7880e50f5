package openldap

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Warnings come this long before something ends.
const (
	certificateWarning = 21 * 24 * time.Hour
	identityWarning    = 14 * 24 * time.Hour
)

// Probe implements core.Directory.
func (d *Directory) Probe(ctx context.Context) core.Health {
	h := core.Health{Name: d.plan.name, Kind: "directory", At: d.clock.Now(), Level: core.Green}
	began := time.Now()
	_, err := d.pool.RootDSE(ctx)
	took := time.Since(began)
	known := d.pool.Health()
	if known.Samples > 0 {
		h.P50, h.P99 = known.P50, known.P99
	}
	if err != nil {
		h.Level, h.Said = core.Red, core.AsError(d.fault(ctx, err)).Said
		return h
	}
	h.Said = sentence.Of("openldap.healthy", sentence.Word("took", milliseconds(took)))
	d.addServers(&h, known)
	d.addIdentity(&h, known.Policy)
	d.addIndexes(&h)
	d.addChains(ctx, &h)
	return h
}

// worse makes a green health amber, and says why.
func worse(h *core.Health, why sentence.Sentence) {
	if h.Level == core.Green {
		h.Level, h.Said = core.Amber, why
		return
	}
	h.Details = append(h.Details, why)
}

// addServers says which of several servers do not answer.
func (d *Directory) addServers(h *core.Health, known ldapconn.Health) {
	for _, s := range known.Servers {
		if s.Failures > 0 {
			worse(h, sentence.Of("openldap.server_down", sentence.Word("url", s.URL), sentence.Time("at", s.LastErrorAt)))
		}
	}
}

// addIdentity says that the program's own password will expire.
func (d *Directory) addIdentity(h *core.Health, policy ldapconn.PasswordPolicy) {
	if policy.ExpiresIn > 0 && policy.ExpiresIn < identityWarning {
		worse(h, sentence.Of("openldap.identity_expires", sentence.Span("in", policy.ExpiresIn)))
	}
}

// addIndexes names the indexes that searches and lists go without.
func (d *Directory) addIndexes(h *core.Health) {
	known := d.indexes.get()
	for _, name := range known.missing() {
		worse(h, sentence.Of("openldap.index_missing", sentence.Word("index", name)))
	}
	if len(known.took) > 0 && !known.sees {
		worse(h, sentence.Of("openldap.state_hidden"))
	}
}

// chainMemory remembers when the servers' certificates end: they are looked at with a connection of their own.
type chainMemory struct {
	mu     sync.Mutex
	at     time.Time
	chains []ldapconn.Chain
}

// How long that is believed, and that it could not be seen.
const (
	chainLife   = time.Hour
	noChainLife = time.Minute
)

// addChains says when the certificates end.
func (d *Directory) addChains(ctx context.Context, h *core.Health) {
	for _, c := range d.certificates(ctx) {
		url := sentence.Word("url", c.URL)
		switch {
		case c.Err != nil && isCertificate(c.Err):
			worse(h, sentence.Of("openldap.certificate_of", url))
		case c.Err != nil:
			worse(h, sentence.Of("openldap.certificate_unseen", url))
		case c.Ends.Sub(d.clock.Now()) < certificateWarning:
			worse(h, sentence.Of("openldap.certificate_ends_soon", url, sentence.Time("at", c.Ends)))
		default:
			h.Details = append(h.Details, sentence.Of("openldap.certificate_ends", url, sentence.Time("at", c.Ends), sentence.Text("issuer", c.Issuer)))
		}
	}
}

func (d *Directory) certificates(ctx context.Context) []ldapconn.Chain {
	now := d.clock.Now()
	if kept, ok := d.chains.fresh(now); ok {
		return kept
	}
	chains := d.pool.Chains(ctx)
	d.chains.mu.Lock()
	defer d.chains.mu.Unlock()
	d.chains.chains, d.chains.at = chains, now
	return chains
}

func (m *chainMemory) fresh(now time.Time) ([]ldapconn.Chain, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	life := chainLife
	if slices.ContainsFunc(m.chains, func(c ldapconn.Chain) bool { return c.Err != nil }) {
		life = noChainLife
	}
	return m.chains, m.chains != nil && now.Sub(m.at) < life && !now.Before(m.at)
}

// milliseconds is a short time with its unit.
func milliseconds(took time.Duration) string {
	return took.Round(100 * time.Microsecond).String()
}
