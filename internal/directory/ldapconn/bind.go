package ldapconn

import (
	"context"

	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// bindService authenticates a connection of the pool.
func (p *Pool) bindService(ctx context.Context, s *session) error {
	policy, err := p.bind(ctx, s, p.config.BindDN, p.config.Password)
	if err != nil {
		return setupError(StepSignIn, err)
	}
	p.mu.Lock()
	p.policy = policy
	p.mu.Unlock()
	if policy.Error == PolicyMustChange {
		return ErrIdentityMustChange
	}
	return nil
}

// CheckPassword binds as dn on a connection of its own, which is closed afterwards. A nil error means that the
// directory accepts the password; what it adds (it must be changed, it expires soon) is in the policy. It counts as a
// sign-in of the person, a wrong password as a failed one.
//
// It returns ErrEmptyPassword and ErrEmptyDN without asking anybody, *ResultError with CodeInvalidCredentials and the
// policy's reason when the directory refuses, *UnavailableError when there is no answer.
func (p *Pool) CheckPassword(ctx context.Context, dn string, password *secret.Text) (PasswordPolicy, error) {
	if err := bindable(dn, password); err != nil {
		return PasswordPolicy{}, err
	}
	if err := p.takeSlot(ctx); err != nil {
		return PasswordPolicy{}, err
	}
	s, err := p.connect(ctx, nil)
	if err != nil {
		return PasswordPolicy{}, err
	}
	defer p.drop(s)
	return p.bind(ctx, s, dn, password)
}

func bindable(dn string, password *secret.Text) error {
	if dn == "" {
		return ErrEmptyDN
	}
	if password.Len() == 0 {
		return ErrEmptyPassword
	}
	return nil
}

// bind sends one simple bind (RFC 4513 section 5.1.3).
func (p *Pool) bind(ctx context.Context, s *session, dn string, password *secret.Text) (PasswordPolicy, error) {
	if err := bindable(dn, password); err != nil {
		return PasswordPolicy{}, err
	}
	_, cause := settle(ctx, p, s, func(c *ldap.Conn) (*ldap.SimpleBindResult, error) {
		return c.SimpleBind(&ldap.SimpleBindRequest{Username: dn, Password: password.Reveal(), Controls: wireControls(nil)})
	})
	a, answered := s.guard.outcome()
	if !answered {
		return PasswordPolicy{}, &UnavailableError{URL: s.endpoint.url, Err: s.cause(cause)}
	}
	if a.code != CodeSuccess {
		return a.policy, a.refusal()
	}
	return a.policy, nil
}
