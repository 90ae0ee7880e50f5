package sshd

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// maxAnswer is the longest password or code in bytes; longer ones are not looked at.
const maxAnswer = 1024

var (
	// errFault marks tries that could not be decided: they are refused like the others and logged as our fault.
	errFault = errors.New("sshd: sign-in could not be decided")
	// errAbandoned marks a question that was not answered: no try.
	errAbandoned = errors.New("sshd: question not answered")
)

// signIn is the authentication of one connection. Its callbacks run one after the other on the goroutine of the
// handshake. It holds nothing that one try could leave to the next: what a proven factor established travels in the
// callback of the second factor, and what the last factor established in the Permissions.
type signIn struct {
	server     *Server
	connection string
	source     netip.Addr
	trust      func() // called when the last factor is proven
	tried      bool   // a credential was refused
}

// config wires the callbacks. The methods offered depend on the source alone, never on the login.
func (a *signIn) config(ctx context.Context) *gossh.ServerConfig {
	conf := newServerConfig(a.server.cfg)
	conf.AuthLogCallback = a.note
	conf.PublicKeyCallback = func(meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
		return a.offered(ctx, meta, key)
	}
	conf.VerifiedPublicKeyCallback = func(_ gossh.ConnMetadata, _ gossh.PublicKey, p *gossh.Permissions, _ string) (*gossh.Permissions, error) {
		return a.proven(ctx, p)
	}
	if a.takesPasswords() {
		conf.KeyboardInteractiveCallback = func(meta gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
			return a.password(ctx, meta, ask)
		}
	}
	return conf
}

func (a *signIn) takesPasswords() bool {
	switch a.server.cfg.Passwords {
	case PasswordAnywhere:
		return true
	case PasswordLoopback:
		return a.source.IsLoopback()
	case PasswordNowhere:
		return false
	}
	return false
}

// offered answers whether a key would be good. Nobody has proven anything yet, so the answer is an offer, not a grant.
func (a *signIn) offered(ctx context.Context, meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
	begin := a.server.cfg.Now()
	id, err := a.lookUpKey(ctx, meta, key)
	if err != nil {
		a.pace(ctx, begin, a.server.cfg.Timeouts.KeyPace)
		return nil, err
	}
	return offer(id), nil
}

func (a *signIn) lookUpKey(ctx context.Context, meta gossh.ConnMetadata, key gossh.PublicKey) (Identity, error) {
	login := meta.User()
	if err := checkLogin(login); err != nil {
		return Identity{}, err
	}
	if cert, ok := key.(*gossh.Certificate); ok {
		return a.lookUpCertificate(ctx, meta, cert)
	}
	if err := checkKey(key); err != nil {
		return Identity{}, err
	}
	revoked, err := a.server.cfg.Revocations.key(gossh.FingerprintSHA256(key))
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", errFault, err)
	}
	if revoked {
		return Identity{}, fmt.Errorf("%w: key revoked", ErrRefused)
	}
	operator, err := a.server.cfg.Authenticator.PublicKey(ctx, login, key)
	fingerprint := gossh.FingerprintSHA256(key)
	return a.identity(meta, err, Identity{
		OperatorID: operator, Credential: "key:" + fingerprint, Factors: []Factor{FactorKey}, Fingerprint: fingerprint,
	})
}

func (a *signIn) lookUpCertificate(ctx context.Context, meta gossh.ConnMetadata, cert *gossh.Certificate) (Identity, error) {
	checked, err := a.server.rules.check(cert, meta.User(), a.source)
	if err != nil {
		return Identity{}, asFault(err)
	}
	operator, err := a.server.cfg.Authenticator.Certificate(ctx, meta.User(), checked)
	return a.identity(meta, err, Identity{
		OperatorID: operator, Credential: checked.credential(), Factors: []Factor{FactorCertificate},
		Fingerprint: checked.Fingerprint, Certificate: checked,
	})
}

// proven is called when the client has signed with the key that was offered.
func (a *signIn) proven(ctx context.Context, p *gossh.Permissions) (*gossh.Permissions, error) {
	id, err := offerOf(p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFault, err)
	}
	return a.afterFirstFactor(ctx, id)
}

// password asks for it whoever it is, and takes as long for nobody as for somebody.
func (a *signIn) password(ctx context.Context, meta gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
	password, err := a.ask(ask, a.server.cfg.Prompts.Password)
	if err != nil {
		return nil, err
	}
	defer password.Destroy()
	begin := a.server.cfg.Now()
	id, err := a.checkPassword(ctx, meta, password)
	if err != nil {
		a.pace(ctx, begin, a.server.cfg.Timeouts.PasswordPace)
		return nil, err
	}
	return a.afterFirstFactor(ctx, id)
}

// checkPassword refuses an empty password by itself: some directories take it for an anonymous bind, which succeeds.
func (a *signIn) checkPassword(ctx context.Context, meta gossh.ConnMetadata, password *secret.Text) (Identity, error) {
	login := meta.User()
	if err := checkLogin(login); err != nil {
		return Identity{}, err
	}
	if n := password.Len(); n == 0 || n > maxAnswer {
		return Identity{}, fmt.Errorf("%w: malformed password", ErrRefused)
	}
	operator, err := a.server.cfg.Authenticator.Password(ctx, login, password)
	return a.identity(meta, err, Identity{
		OperatorID: operator, Credential: "password:" + login, Factors: []Factor{FactorPassword},
	})
}

// afterFirstFactor lets the operator in or asks for the second factor. x/crypto allows no change of the login from
// there on, and no Permissions beside the partial success.
func (a *signIn) afterFirstFactor(ctx context.Context, id Identity) (*gossh.Permissions, error) {
	needed, err := a.server.cfg.Authenticator.NeedsTOTP(ctx, id.OperatorID)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFault, err)
	}
	if !needed {
		a.trust()
		return grant(id), nil
	}
	second := func(_ gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
		return a.totp(ctx, id, ask)
	}
	return nil, &gossh.PartialSuccessError{Next: gossh.ServerAuthCallbacks{KeyboardInteractiveCallback: second}}
}

func (a *signIn) totp(ctx context.Context, id Identity, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
	code, err := a.ask(ask, a.server.cfg.Prompts.TOTP)
	if err != nil {
		return nil, err
	}
	defer code.Destroy()
	begin := a.server.cfg.Now()
	if err := a.checkTOTP(ctx, id, code); err != nil {
		a.pace(ctx, begin, a.server.cfg.Timeouts.PasswordPace)
		return nil, err
	}
	a.trust()
	return grant(id.with(FactorTOTP)), nil
}

func (a *signIn) checkTOTP(ctx context.Context, id Identity, code *secret.Text) error {
	if n := code.Len(); n == 0 || n > maxAnswer {
		return fmt.Errorf("%w: malformed code", ErrRefused)
	}
	return asFault(a.server.cfg.Authenticator.TOTP(ctx, id.OperatorID, code))
}

func (a *signIn) ask(ask gossh.KeyboardInteractiveChallenge, prompt string) (*secret.Text, error) {
	answers, err := ask("", "", []string{prompt}, []bool{false})
	if err != nil || len(answers) != 1 {
		return nil, errAbandoned
	}
	return secret.FromString(answers[0]), nil
}

// identity completes what a factor has established, or passes on why it has established nothing.
func (a *signIn) identity(meta gossh.ConnMetadata, err error, id Identity) (Identity, error) {
	if err != nil {
		return Identity{}, asFault(err)
	}
	if id.OperatorID == "" {
		return Identity{}, fmt.Errorf("%w: no operator", ErrRefused)
	}
	id.Login = meta.User()
	id.Source = a.source
	id.ClientVersion = untrusted.New(string(meta.ClientVersion()))
	return id, nil
}

// asFault marks every error but a refusal.
func asFault(err error) error {
	if err == nil || errors.Is(err, ErrRefused) {
		return err
	}
	return fmt.Errorf("%w: %w", errFault, err)
}

// pace waits until the time since begin is a multiple of step. How long looking a credential up took is then not to be
// seen in the answer.
func (a *signIn) pace(ctx context.Context, begin time.Time, step time.Duration) {
	spent := a.server.cfg.Now().Sub(begin)
	wait := time.NewTimer(step - spent%step)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}

// note counts and reports every try that failed. The first "none", by which clients ask for the methods, is no try.
func (a *signIn) note(meta gossh.ConnMetadata, method string, err error) {
	var partial *gossh.PartialSuccessError
	if err == nil || method == "none" || errors.Is(err, errAbandoned) || errors.As(err, &partial) {
		return
	}
	a.tried = true
	a.server.count.signInFailures.Add(1)
	tag := a.server.loginTag(meta.User())
	if errors.Is(err, errFault) {
		a.server.count.signInFaults.Add(1)
		a.server.log.Error("sign-in could not be decided", "connection", a.connection, "error", untrusted.Sanitize(err.Error()))
	} else {
		a.server.log.Info("sign-in refused", "connection", a.connection, "source", a.source.String(), "login_tag", tag,
			"method", untrusted.New(method), "reason", untrusted.Sanitize(err.Error()))
	}
	a.server.observe(Event{
		Kind: EventSignInFailed, Connection: a.connection, Source: a.source, LoginTag: tag, Detail: untrusted.New(method),
	})
}
