package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

const (
	noteQueue = 4096                 // notes that may wait
	noteBatch = 64                   // notes of one transaction
	noteQuiet = 2 * time.Millisecond // without a further note: write
	noteLimit = 10 * time.Second     // for one transaction
)

// notebook writes notes in batches, so that nobody who looks at something waits for the disk.
type notebook struct {
	s       *Store
	queue   chan core.Record
	flush   chan chan struct{} // answered when everything queued before was written or dropped
	quit    chan struct{}
	done    chan struct{}
	stopped atomic.Bool
	dropped atomic.Int64 // since the start
	untold  atomic.Int64 // dropped, and not yet said in the trail
}

// startNotebook starts the one goroutine that writes notes; stop ends it, not the context Open was called with.
func (s *Store) startNotebook(ctx context.Context) *notebook {
	n := &notebook{
		s: s, queue: make(chan core.Record, noteQueue), flush: make(chan chan struct{}),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go n.run(context.WithoutCancel(ctx))
	return n
}

// Note implements core.Trail. It never waits: what finds the queue full is dropped and counted.
func (s *Store) Note(r core.Record) {
	if r.At.IsZero() {
		r.At = s.clock.Now()
	}
	r.Roles, r.Evidence = slices.Clone(r.Roles), slices.Clone(r.Evidence)
	r.Detail, r.Personal = maps.Clone(r.Detail), maps.Clone(r.Personal)
	if s.notes.stopped.Load() || !writable(r) {
		s.notes.drop(1)
		return
	}
	select {
	case s.notes.queue <- r:
	default:
		s.notes.drop(1)
	}
}

// writable reports whether a note has a canonical form, so that one bad note does not cost its whole batch.
func writable(r core.Record) bool {
	line := lineOf(r)
	line.Seq, line.Prev, line.Personal, line.Subject, line.Boot = 1<<62, canonical.Genesis, canonical.Genesis, canonical.Genesis, canonical.Genesis
	if _, err := canonical.Encode(line); err != nil {
		return false
	}
	_, err := canonical.EncodePersonal(personalOf(r))
	return err == nil
}

// Dropped is how many notes were lost since the start because the trail could not be written.
func (s *Store) Dropped() int64 { return s.notes.dropped.Load() }

// Flush waits until everything noted before was written or dropped. It returns the error of ctx.
func (s *Store) Flush(ctx context.Context) error {
	answer := make(chan struct{})
	select {
	case s.notes.flush <- answer:
	case <-s.notes.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-answer:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop writes what is queued and ends the goroutine.
func (n *notebook) stop() {
	if n.stopped.Swap(true) {
		<-n.done
		return
	}
	close(n.quit)
	<-n.done
}

func (n *notebook) run(ctx context.Context) {
	defer close(n.done)
	for {
		select {
		case r := <-n.queue:
			n.write(ctx, n.gather(r))
		case answer := <-n.flush:
			n.drain(ctx)
			close(answer)
		case <-n.quit:
			n.drain(ctx)
			return
		}
	}
}

// gather collects a batch: until it is full or nobody notes anything for a moment.
func (n *notebook) gather(first core.Record) []core.Record {
	batch := append(make([]core.Record, 0, noteBatch), first)
	quiet := time.NewTimer(noteQuiet)
	defer quiet.Stop()
	for len(batch) < noteBatch {
		select {
		case r := <-n.queue:
			batch = append(batch, r)
			quiet.Reset(noteQuiet)
		case <-quiet.C:
			return batch
		}
	}
	return batch
}

// drain writes everything that is queued now.
func (n *notebook) drain(ctx context.Context) {
	for {
		var batch []core.Record
		for len(batch) < noteBatch && len(n.queue) > 0 {
			batch = append(batch, <-n.queue)
		}
		if len(batch) == 0 {
			return
		}
		n.write(ctx, batch)
	}
}

// write writes one batch, with a word about notes that were lost before.
func (n *notebook) write(ctx context.Context, batch []core.Record) {
	ctx, cancel := context.WithTimeout(ctx, noteLimit)
	defer cancel()
	lost := n.untold.Load()
	err := n.s.recorded(ctx, func(ctx context.Context, b *book) error {
		if lost > 0 {
			if _, err := b.enter(ctx, n.lostRecord(lost)); err != nil {
				return err
			}
		}
		for _, r := range batch {
			if _, err := b.enter(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		n.drop(int64(len(batch)))
		n.s.log.Error("notes for the trail were lost", "notes", len(batch), "error", err)
		return
	}
	n.untold.Add(-lost)
}

func (n *notebook) lostRecord(lost int64) core.Record {
	return core.Record{
		At: n.s.clock.Now(), Kind: core.KindSystem, Reason: "trail.notes_dropped",
		Detail: map[string]string{"notes": strconv.FormatInt(lost, 10)},
	}
}

func (n *notebook) drop(notes int64) {
	n.dropped.Add(notes)
	n.untold.Add(notes)
}
