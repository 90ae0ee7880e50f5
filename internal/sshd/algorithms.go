package sshd

import gossh "golang.org/x/crypto/ssh"

// ciphers are the only ones offered: chacha20-poly1305 and CBC are open to Terrapin (CVE-2023-48795) or worse when a
// client does not speak strict key exchange. All of them send the length of a packet in clear, which type lockstep uses.
func ciphers() []string {
	return []string{
		gossh.CipherAES256GCM, gossh.CipherAES128GCM,
		gossh.CipherAES256CTR, gossh.CipherAES192CTR, gossh.CipherAES128CTR,
	}
}

// macs are encrypt-then-MAC only.
func macs() []string { return []string{gossh.HMACSHA256ETM, gossh.HMACSHA512ETM} }

// keyExchanges prefer the one that a recorded session cannot be broken out of by a quantum computer.
func keyExchanges() []string {
	return []string{gossh.KeyExchangeMLKEM768X25519, gossh.KeyExchangeCurve25519}
}

// newServerConfig returns a configuration of its own for one connection, without any way to authenticate yet.
func newServerConfig(c Config) *gossh.ServerConfig {
	conf := &gossh.ServerConfig{
		Config:                  gossh.Config{KeyExchanges: keyExchanges(), Ciphers: ciphers(), MACs: macs()},
		PublicKeyAuthAlgorithms: signatureAlgorithms(),
		MaxAuthTries:            c.Limits.AuthTries,
		ServerVersion:           "SSH-2.0-" + c.ServerVersion,
	}
	if c.Banner != "" {
		conf.BannerCallback = func(gossh.ConnMetadata) string { return c.Banner }
	}
	conf.AddHostKey(c.HostKey.signer)
	return conf
}
