package openldap

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Examine looks at what the directory needs to serve the desk well: what the server is, which indexes and which rights are
// missing, and how to add them. It changes nothing (rights.go says how) and never fails: what cannot be seen it says.
func (d *Directory) Examine(ctx context.Context) []core.Health {
	if err := d.learn(ctx); err != nil {
		h := d.health()
		h.Level, h.Said = core.Red, core.AsError(d.fault(ctx, err)).Said
		return []core.Health{h}
	}
	srv, err := d.server(ctx)
	if err != nil {
		h := d.health()
		h.Level, h.Said = core.Red, core.AsError(d.fault(ctx, err)).Said
		return []core.Health{h}
	}
	seen := d.configuration(ctx, srv)
	return []core.Health{d.examineServer(ctx, srv, seen), d.examineIndexes(srv, seen), d.examineRights(ctx, srv)}
}

func (d *Directory) health() core.Health {
	return core.Health{Name: d.plan.name, Kind: "directory", At: d.clock.Now(), Level: core.Green}
}

// must makes a health red, and says why.
func must(h *core.Health, why sentence.Sentence) {
	if h.Level == core.Red {
		h.Details = append(h.Details, why)
		return
	}
	if h.Level == core.Amber {
		h.Details = append(h.Details, h.Said)
	}
	h.Level, h.Said = core.Red, why
}

// examineServer looks at what the server is able to do, and how passwords are kept.
func (d *Directory) examineServer(ctx context.Context, srv *server, seen configuration) core.Health {
	h := d.health()
	version := d.slapdVersion(ctx)
	h.Said = sentence.Of("openldap.examine_server", sentence.Text("version", bounded(untrusted.New(cmp.Or(version, "OpenLDAP")))))
	if version == "" {
		h.Details = append(h.Details, sentence.Of("openldap.examine_no_version"))
	}
	if !srv.hasPolicy() {
		must(&h, sentence.Of("openldap.examine_no_ppolicy"))
	}
	if !srv.has(attrMemberOf) {
		must(&h, sentence.Of("openldap.examine_no_memberof"))
	}
	if !srv.canAssert() {
		worse(&h, sentence.Of("openldap.examine_no_assertion"))
	}
	d.examineHashing(&h, seen)
	d.examinePolicy(ctx, &h, srv, seen)
	return h
}

// examineHashing: without olcPPolicyHashCleartext slapd keeps a password that comes in a Modify as it came.
func (d *Directory) examineHashing(h *core.Health, seen configuration) {
	switch {
	case d.plan.settings.exop:
	case !seen.policy:
		h.Details = append(h.Details, sentence.Of("openldap.examine_hashing_unseen"))
	case !seen.hashes:
		must(h, sentence.Of("openldap.examine_no_hashing"))
	}
}

// examinePolicy looks at the policy of people who have none of their own.
func (d *Directory) examinePolicy(ctx context.Context, h *core.Health, srv *server, seen configuration) {
	rules, err := d.policies(ctx, srv)
	if err != nil {
		worse(h, core.AsError(d.fault(ctx, err)).Said)
		return
	}
	p := rules.standard
	switch {
	case !p.known:
		worse(h, sentence.Of("openldap.examine_policy_unknown"))
		return
	case seen.defaultPolicy != "" && !p.sameAs(rules, seen.defaultPolicy):
		worse(h, sentence.Of("openldap.examine_policy_other", sentence.Text("policy", bounded(untrusted.New(seen.defaultPolicy)))))
	}
	h.Details = append(h.Details, sentence.Of("openldap.examine_policy", sentence.Text("policy", bounded(p.name)), sentence.Count("least", p.minLength)))
	if !p.mustChange {
		worse(h, sentence.Of("openldap.examine_must_change_off"))
	}
}

// sameAs reports whether a name is that of this policy.
func (p passwordPolicy) sameAs(all *policies, name string) bool {
	parsed, err := dn.Parse(name)
	return err == nil && all.all[parsed.Key()] == p
}

// examineIndexes names the indexes that are missing: by the configuration of the server where it may be read, else by how
// long a search takes that finds nobody.
func (d *Directory) examineIndexes(srv *server, seen configuration) core.Health {
	h := d.health()
	known := d.indexes.get()
	missing := known.missing()
	if seen.indexes != nil {
		missing = seen.missing(d.plan.needed(srv))
	} else {
		h.Details = append(h.Details, sentence.Of("openldap.examine_indexes_measured"))
	}
	h.Said = sentence.Of("openldap.examine_indexes", sentence.Count("count", len(d.plan.needed(srv))))
	for _, name := range missing {
		worse(&h, sentence.Of("openldap.index_missing", sentence.Word("index", name)))
	}
	if len(missing) > 0 {
		h.Details = append(h.Details, sentence.Of("openldap.examine_index_how", sentence.Word("lines", "olcDbIndex: "+strings.Join(missing, "; olcDbIndex: "))))
	}
	for _, state := range core.ListStates() {
		if !slices.Contains(known.lists(), state) {
			h.Details = append(h.Details, sentence.Of("openldap.examine_list_off", sentence.Word("state", string(state))))
		}
	}
	return h
}

// slapdVersion is what the monitor says, "" when it may not be read.
func (d *Directory) slapdVersion(ctx context.Context) string {
	e, err := d.pool.Read(ctx, "cn=Monitor", "monitoredInfo")
	if err != nil {
		return ""
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(e.First("monitoredInfo"), "OpenLDAP: "), " (")
	return version
}
