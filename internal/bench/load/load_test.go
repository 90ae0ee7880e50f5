package load

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// guardTime keeps a test that hangs from hanging for ever.
const guardTime = time.Minute

func guarded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), guardTime)
	t.Cleanup(cancel)
	return ctx
}

func signer(t *testing.T) gossh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gossh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// talker is a server in this process: it says hello, and what answer says to every key.
type talker struct {
	hello  string
	answer func(key byte) string     // "": nothing
	later  func(send func(s string)) // after each answer; may be nil

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	seen  []string // source addresses
}

func (s *talker) start(t *testing.T) Target {
	t.Helper()
	host, client := signer(t), signer(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.conns = map[net.Conn]struct{}{}
	config := &gossh.ServerConfig{PublicKeyCallback: func(gossh.ConnMetadata, gossh.PublicKey) (*gossh.Permissions, error) { return nil, nil }}
	config.AddHostKey(host)
	var all sync.WaitGroup
	all.Go(func() { // ends with the listener
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.note(conn)
			all.Go(func() { s.serve(conn, config) }) // ends with the connection
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		s.cut()
		all.Wait()
	})
	return Target{Addr: l.Addr().String(), HostKey: host.PublicKey(), Login: "x", Key: client}
}

func (s *talker) note(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[conn] = struct{}{}
	host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
	s.seen = append(s.seen, host)
}

func (s *talker) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close()
	}
}

func (s *talker) sources() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

func (s *talker) serve(conn net.Conn, config *gossh.ServerConfig) {
	defer func() { _ = conn.Close() }()
	_, channels, requests, err := gossh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go gossh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			_ = r.Reply(true, nil)
			if r.Type == "shell" {
				go gossh.DiscardRequests(requests)
				break
			}
		}
		_, _ = channel.Write([]byte(s.hello))
		buf := make([]byte, 1)
		for {
			if _, err := channel.Read(buf); err != nil {
				break
			}
			if _, err := channel.Write([]byte(s.answer(buf[0]))); err != nil {
				break
			}
			if s.later != nil {
				s.later(func(more string) { _, _ = channel.Write([]byte(more)) })
			}
		}
		_ = channel.Close()
	}
}

func echo(key byte) string { return string(rune(key)) }

func letters(int) Keyboard { return func() byte { return 'a' } }

func TestASessionIsThereWhenItsFirstFrameIsWhole(t *testing.T) {
	t.Parallel()
	s := &talker{hello: "first row\r\nsecond row" + FrameEnd, answer: echo}
	target := s.start(t)
	target.Whole = FrameEnd
	session, err := target.Dial(guarded(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	if n := session.Bytes(); n != int64(len(s.hello)) {
		t.Errorf("%d bytes have come", n)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheEndOfAFrameIsSeenInPieces(t *testing.T) {
	t.Parallel()
	a := newAnswer(FrameEnd)
	for i, piece := range []string{"row\x1b[?20", "26", "l\x1b[5;1H"} {
		if whole := a.came([]byte(piece), time.Unix(int64(i), 0)); whole != (i == 2) {
			t.Errorf("after piece %d it is whole: %t", i, whole)
		}
	}
	if first, whole := <-a.first, <-a.whole; first.Unix() != 0 || whole.Unix() != 2 {
		t.Errorf("it began at %v and was whole at %v", first.Unix(), whole.Unix())
	}
}

func TestTheNextKeyWaitsForTheWholeAnswer(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	answered, early := true, 0
	s := &talker{hello: FrameEnd, answer: func(byte) string { return "letter" }}
	s.later = func(send func(string)) {
		mu.Lock()
		if !answered {
			early++
		}
		answered = false
		mu.Unlock()
		time.Sleep(20 * time.Millisecond) // the time a slow search takes
		mu.Lock()
		answered = true
		mu.Unlock()
		send("rows" + FrameEnd)
	}
	target := s.start(t)
	target.Whole = FrameEnd
	c, err := Gather(guarded(t), target, 1, letters)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	typed := c.Type(guarded(t), Typing{Every: time.Millisecond, For: 100 * time.Millisecond, TimeOut: guardTime, Rest: guardTime, Behind: guardTime})
	mu.Lock()
	defer mu.Unlock()
	if early != 0 || len(typed.Whole) != typed.Answered || typed.Answered < 2 {
		t.Fatalf("%d keys came too early, %d of %d answers were whole", early, len(typed.Whole), typed.Answered)
	}
	if typed.Whole[0] < 20 || typed.Wait[0] > typed.Whole[0] {
		t.Errorf("the first byte came after %v ms, the whole answer after %v", typed.Wait[0], typed.Whole[0])
	}
}

func TestAServerThatNeverDrawsIsAnError(t *testing.T) {
	t.Parallel()
	s := &talker{hello: "no frame", answer: echo}
	target := s.start(t)
	target.Whole = FrameEnd
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := target.Dial(ctx, 0); err == nil {
		t.Error("there was no frame")
	}
}

func TestSessionsComeFromSeveralSourcesAndOneFailureEndsAll(t *testing.T) {
	t.Parallel()
	s := &talker{hello: ".", answer: echo}
	target := s.start(t)
	for _, i := range []int{0, perSource - 1, perSource, 5 * perSource} {
		session, err := target.Dial(guarded(t), i)
		if err != nil {
			t.Fatal(err)
		}
		_ = session.Close()
	}
	if got := strings.Join(s.sources(), " "); got != "127.0.1.1 127.0.1.1 127.0.1.2 127.0.1.6" {
		t.Errorf("they come from %s", got)
	}
	target.HostKey = signer(t).PublicKey()
	if _, err := Gather(guarded(t), target, 2, letters); err == nil {
		t.Error("another host key must be refused")
	}
}

func TestEveryKeyIsTimedAndWhatComesIsCounted(t *testing.T) {
	t.Parallel()
	s := &talker{hello: ".", answer: func(key byte) string { return strings.Repeat(string(rune(key)), 10) }}
	c, err := Gather(guarded(t), s.start(t), 4, letters)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	typed := c.Type(guarded(t), Typing{Every: 20 * time.Millisecond, For: 200 * time.Millisecond, TimeOut: 10 * time.Second, Rest: time.Second, Behind: 10 * time.Second})
	if typed.Answered != typed.Due || typed.Due < 4*9 || typed.Due > 4*10 {
		t.Errorf("%d of %d keys", typed.Answered, typed.Due)
	}
	if typed.Bytes != int64(10*typed.Answered) {
		t.Errorf("%d bytes for %d keys", typed.Bytes, typed.Answered)
	}
	if len(typed.Late) != typed.Answered || len(typed.Wait) != typed.Answered || len(typed.Whole) != typed.Answered {
		t.Errorf("times of %d, %d and %d keys", len(typed.Late), len(typed.Wait), len(typed.Whole))
	}
	for i := range typed.Wait {
		if typed.Wait[i] <= 0 || typed.Late[i] < typed.Wait[i] {
			t.Fatalf("a key that was due %v ms ago was sent %v ms ago", typed.Late[i], typed.Wait[i])
		}
	}
	if typed.Unanswered() != 0 {
		t.Errorf("%v %% not answered", typed.Unanswered())
	}
}

func TestAKeyWithoutAnAnswerTimesOutAndCounts(t *testing.T) {
	t.Parallel()
	s := &talker{hello: ".", answer: func(byte) string { return "" }}
	c, err := Gather(guarded(t), s.start(t), 1, letters)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	typed := c.Type(guarded(t), Typing{Every: 10 * time.Millisecond, For: 50 * time.Millisecond, TimeOut: 30 * time.Millisecond, Behind: time.Minute})
	if typed.Answered != 0 || typed.TimeOuts == 0 || typed.TimeOuts != typed.Due || typed.Unanswered() != 100 {
		t.Errorf("got %+v", typed)
	}
}

func TestASessionFarBehindLeavesKeysOutAndTheyCount(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := typist{Typing: Typing{Every: time.Second, Behind: 2 * time.Second}, due: now.Add(-5 * time.Second), end: now.Add(time.Minute)}
	w.skip(now)
	if w.typed.Due != 5 || w.due.Before(now) {
		t.Errorf("%d keys were left out, the next is due in %v", w.typed.Due, w.due.Sub(now))
	}
	w = typist{Typing: Typing{Every: time.Second, Behind: 2 * time.Second}, due: now.Add(-time.Second), end: now.Add(time.Minute)}
	w.skip(now)
	if w.typed.Due != 0 || !w.due.Equal(now.Add(-time.Second)) {
		t.Error("a little late is late, and nothing is left out")
	}
}

func TestNothingDueMeansNothingAnswered(t *testing.T) {
	t.Parallel()
	if got := (Typed{}).Unanswered(); got != 100 {
		t.Errorf("got %v", got)
	}
}

func TestACrowdThatIsQuietSettlesAndOneThatChattersDoesNot(t *testing.T) {
	t.Parallel()
	s := &talker{hello: ".", answer: echo}
	c, err := Gather(guarded(t), s.start(t), 2, letters)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Settle(guarded(t), 10*time.Millisecond, time.Minute); err != nil {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	typing := make(chan struct{})
	go func() { // ends with ctx
		defer close(typing)
		c.Type(ctx, Typing{Every: time.Millisecond, For: time.Minute, TimeOut: time.Minute, Behind: time.Minute})
	}()
	if err := c.Settle(guarded(t), 50*time.Millisecond, 300*time.Millisecond); err == nil {
		t.Error("somebody types all the time")
	}
	stop()
	<-typing
}

func TestTypingEndsWithItsContextAndWithItsSession(t *testing.T) {
	t.Parallel()
	s := &talker{hello: ".", answer: echo}
	c, err := Gather(guarded(t), s.start(t), 2, letters)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s.cut()
	typed := c.Type(guarded(t), Typing{Every: time.Millisecond, For: 30 * time.Millisecond, TimeOut: guardTime, Rest: guardTime, Behind: guardTime})
	if typed.TimeOuts != 0 {
		t.Errorf("a session that is over waits for nothing: %+v", typed)
	}
}

func TestEveryEndingEndsAndSaysWhatIsStillHeld(t *testing.T) {
	t.Parallel()
	for _, how := range []Ending{Disconnects, ClosesChannel, Resets} {
		s := &talker{hello: ".", answer: echo}
		leave, err := s.start(t).End(guarded(t), how, 3, letters)
		if err != nil {
			t.Errorf("%s: %v", how, err)
		}
		leave()
		leave() // twice is once
	}
	s := &talker{hello: ".", answer: echo}
	if _, err := s.start(t).End(guarded(t), "explodes", 1, letters); err == nil {
		t.Error("an ending nobody knows")
	}
	if n := len(Endings()); n != 4 {
		t.Errorf("%d endings", n)
	}
}

func TestAClientThatNeverReadsLetsTheServerFillUp(t *testing.T) {
	t.Parallel()
	blocked := make(chan struct{})
	var once sync.Once
	big := strings.Repeat("x", 64<<10)
	s := &talker{hello: "."}
	s.answer = func(byte) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		once.Do(func() { close(blocked) })
		return big
	}
	target := s.start(t)
	c, err := Gather(guarded(t), target, 1, letters)
	if err != nil {
		t.Fatal(err)
	}
	c.First().gate.close()
	c.First().gate.close() // twice is once
	for range 40 {
		if _, err := c.First().channel.Write([]byte{'a'}); err != nil {
			t.Fatal(err)
		}
	}
	<-blocked
	if n := c.First().Bytes(); n > 3<<20 {
		t.Errorf("%d bytes were read by a client that does not read", n)
	}
	c.Close()
}

func TestAGateThatIsOpenedReadsOn(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	g := newGate(here)
	g.close()
	read := make(chan error, 1)
	go func() { // ends with its read
		_, err := g.Read(make([]byte, 1))
		read <- err
	}()
	g.open()
	g.open() // twice is once
	if _, err := there.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil {
		t.Error(err)
	}
	_ = here.Close()
}
